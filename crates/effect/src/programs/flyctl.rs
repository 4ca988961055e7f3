//! flyctl: applications on machines near their users.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["flyctl", "fly"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "fly",
    host: "api.fly.io",
    valued: "a app c config r region i image t access-token org o e env build-arg vm-size n name command C",
    options: &[("dockerfile|env-file", Value::Read)],
    verbs: &[
        ("auth token, tokens create", &[Act::Secret("fly token")]),
        ("auth", &[Act::Configure("hosting client")]),
        ("ssh, console, machine exec, machine run, m run", &[Act::RemoteShell]),
        ("proxy, wireguard", &[Act::Listen]),
        ("secrets list", &[Act::Ask]),
        ("postgres connect, pg connect, mysql, redis connect", &[Act::RemoteShell]),
        ("launch", &[Act::Upload, Act::Change]),
        ("deploy", &[Act::Upload, Act::Project, Act::Change]),
        (
            "platform, status, logs, releases, version, regions, checks, incidents, dig, jobs, config show|display|validate|env, settings",
            &[Act::Ask],
        ),
        ("config save", &[Act::WriteAt("fly.toml")]),
    ],
    ..Described::NEW
};
