//! pulumi: infrastructure as a program of the project.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["pulumi"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "infrastructure",
    host: "api.pulumi.com",
    valued: "s stack C cwd color m message p parallel target t replace config c",
    options: &[("config-file|plan|policy-pack", Value::ReadTree), ("save-plan|file", Value::Write)],
    verbs: &[
        (
            "version, about, whoami, logs, stack, stack ls|output|history|graph|tag, plugin ls, schema, gen-completion, org, console",
            &[Act::Ask],
        ),
        (
            "config get, config env, config, env open, env get, stack export, config --show-secrets",
            &[Act::Secret("pulumi configuration")],
        ),
        ("config set|rm|refresh|cp", &[Act::WriteAt("Pulumi.yaml")]),
        ("stack rm, destroy, state delete, down, cancel, stack import", &[Act::Project, Act::Destroy]),
        ("preview, pre, refresh --preview-only, watch --help", &[Act::Project]),
        ("login, logout, stack select|init|rename, org set-default", &[Act::Configure("deployment settings")]),
        ("new", &[Act::Fetch, Act::WriteTreeAt(".")]),
        ("plugin install, package", &[Act::Package("pulumi-plugin")]),
        ("up, update, refresh, watch, import", &[Act::Project, Act::Change]),
    ],
    ..Described::NEW
};
