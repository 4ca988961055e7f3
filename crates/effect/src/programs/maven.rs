//! mvn: a project's build, by its description and plug-ins.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["mvn", "mvnw", "mvnd"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    host: "repo.maven.apache.org",
    valued: "P activate-profiles D define pl projects rf resume-from T threads l log-file gs toolchains",
    options: &[("s|settings|gs|global-settings|t", Value::Read), ("f|file", Value::Foreign), ("l|log-file", Value::Write)],
    raw: &[("-Dmaven.ext.class.path=", Value::Script("other"))],
    verbs: &[
        (
            "deploy, clean deploy, release:perform, release:prepare, deploy:deploy-file, install deploy, site-deploy",
            &[Act::Project, Act::Publish],
        ),
        ("dependency:tree, help:effective-pom, versions:display-dependency-updates", &[Act::Project]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
