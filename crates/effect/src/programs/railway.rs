//! railway: services deployed from here.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["railway"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "railway",
    host: "backboard.railway.com",
    valued: "s service e environment p project",
    verbs: &[
        ("variables, vars", &[Act::Secret("hosting settings")]),
        ("run, local, shell", &[Act::Secret("hosting settings"), Act::Run(0)]),
        ("ssh, connect", &[Act::RemoteShell]),
        ("login, logout, link, unlink, init", &[Act::Configure("hosting client")]),
        ("up", &[Act::Upload, Act::Change]),
        ("status, logs, list, whoami, docs, open, deployment list", &[Act::Ask]),
        ("down, delete, volume delete, environment delete", &[Act::Destroy]),
    ],
    ..Described::NEW
};
