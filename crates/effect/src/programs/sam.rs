//! sam: serverless applications at AWS, built, run here, deployed.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["sam"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "aws",
    host: "amazonaws.com",
    valued: "s3-bucket stack-name region profile capabilities parameter-overrides s n name runtime config-env",
    options: &[
        ("t|template|template-file|e|event|env-vars|config-file", Value::Read),
        ("b|build-dir|output-template-file", Value::WriteTree),
    ],
    verbs: &[
        ("build, validate, local, test, package --help, list", &[Act::Project]),
        ("init", &[Act::Fetch, Act::WriteTreeAt(".")]),
        ("logs, traces", &[Act::Ask]),
        ("delete", &[Act::Destroy]),
        ("remote invoke", &[Act::Change, Act::Upload]),
        ("package", &[Act::Upload]),
        ("deploy, sync, publish, pipeline", &[Act::Project, Act::Upload, Act::Change]),
    ],
    ..Described::NEW
};
