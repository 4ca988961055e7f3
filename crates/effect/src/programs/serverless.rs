//! serverless: functions of a project at a cloud.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["serverless", "sls", "sst"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "serverless",
    host: "amazonaws.com",
    valued: "s stage r region c config f function d data p path param aws-profile n name",
    verbs: &[
        ("info, print, logs, metrics, deploy list, package, test, diff, doctor, plugin list", &[Act::Project]),
        ("invoke local, offline, dev", &[Act::Project]),
        ("remove, rollback", &[Act::Project, Act::Destroy]),
        ("login, logout, config, dashboard", &[Act::Configure("hosting client")]),
        ("create, plugin install", &[Act::Fetch, Act::WriteTreeAt(".")]),
        ("secret, secrets", &[Act::Secret("deployment settings")]),
        ("shell", &[Act::Run(0), Act::Secret("deployment settings")]),
    ],
    otherwise: &[Act::Project, Act::Change],
    alone: Some(&[Act::Ask]),
    ..Described::NEW
};
