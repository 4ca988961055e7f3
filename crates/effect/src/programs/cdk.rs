//! cdk: AWS infrastructure as a program of the project.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["cdk", "cdktf", "cdk8s"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "aws",
    host: "amazonaws.com",
    valued: "a app c context p plugin profile toolkit-stack-name r role-arn R require-approval parameters notification-arns",
    options: &[("o|output|outputs-file|O", Value::WriteTree)],
    verbs: &[
        (
            "ls, list, synth, synthesize, diff, doctor, docs, doc, metadata, notices, acknowledge, ack, context, drift",
            &[Act::Project],
        ),
        ("destroy, gc, rollback", &[Act::Project, Act::Destroy]),
        ("deploy, watch, bootstrap, import, migrate, refactor", &[Act::Project, Act::Change]),
        ("init, get", &[Act::Fetch, Act::WriteTreeAt(".")]),
    ],
    ..Described::NEW
};
