//! infisical: secrets of a project, given to programs.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["infisical"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "infisical",
    host: "app.infisical.com",
    valued: "e env path projectId token domain format tag type command",
    options: &[("domain", Value::Host), ("command", Value::Shell)],
    verbs: &[
        ("run", &[Act::Secret("infisical secrets"), Act::Run(0)]),
        ("login, logout, init, user, vault, reset", &[Act::Configure("secret store")]),
        ("scan", &[Act::ReadTree(0)]),
        ("secrets delete", &[Act::Destroy]),
        ("secrets set", &[Act::Change]),
        ("secrets, export, token, service-token, dynamic-secrets", &[Act::Secret("infisical secrets")]),
        ("ssh, kmip, gateway", &[Act::RemoteShell]),
    ],
    ..Described::NEW
};
