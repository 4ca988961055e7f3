//! influx: time series, buckets, tokens.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["influx", "influxd"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "influxdb",
    valued: "o org b bucket t token c configs-path n name r retention p precision",
    options: &[("host", Value::Host), ("f|file", Value::Read)],
    verbs: &[
        (
            "ping, version, bucket list, org list, task list, user list, query, config list, dashboards, telegrafs, setup --help",
            &[Act::Ask],
        ),
        ("auth list|create, setup", &[Act::Secret("influxdb token")]),
        ("backup", &[Act::WriteTreeOne(0)]),
        ("restore", &[Act::Destroy]),
        ("write", &[Act::Upload, Act::Change]),
        ("config", &[Act::Configure("influx client")]),
    ],
    ..Described::NEW
};
