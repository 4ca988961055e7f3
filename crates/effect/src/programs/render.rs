//! render: services, deploys and databases of a hosting platform.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["render"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "render",
    host: "api.render.com",
    valued: "o output",
    verbs: &[
        ("services, deploys list, logs, projects, environments, workspace current, jobs list, restart --help", &[Act::Ask]),
        ("login, workspace set", &[Act::Configure("hosting client")]),
        ("psql, ssh, pgcli", &[Act::RemoteShell]),
    ],
    ..Described::NEW
};
