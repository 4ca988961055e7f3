//! doppler: settings and secrets of a project, given to programs.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["doppler"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "doppler",
    host: "api.doppler.com",
    valued: "p project c config t token scope format mount command name-transformer config-dir",
    options: &[("mount|fallback", Value::Write), ("command", Value::Shell)],
    verbs: &[
        ("run", &[Act::Secret("doppler secrets"), Act::Run(0)]),
        ("setup, login, logout, configure set|unset|reset", &[Act::Configure("secret store")]),
        (
            "projects, environments, configs, me, configure, configure get|debug|options, activity, changelog, secrets notes get, settings, completion",
            &[Act::Ask],
        ),
        ("secrets delete, projects delete, configs delete, environments delete, configs tokens revoke", &[Act::Destroy]),
        ("secrets set|upload, projects create, configs create|update|clone|lock", &[Act::Change]),
        ("secrets download", &[Act::Secret("doppler secrets"), Act::WriteOne(0)]),
        ("secrets, configs tokens create", &[Act::Secret("doppler secrets")]),
        ("update", &[Act::Package("doppler")]),
    ],
    ..Described::NEW
};
