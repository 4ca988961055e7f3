//! ab, wrk, hey, k6, locust: many requests to one place.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "ab",
            "wrk",
            "wrk2",
            "hey",
            "vegeta",
            "siege",
            "oha",
            "bombardier",
            "autocannon",
            "h2load",
            "plow",
            "drill-load",
        ],
        effects: |inv, sink| AB.say(inv, sink),
    },
    Program { names: &["k6", "locust", "artillery", "jmeter", "gatling"], effects: |inv, sink| K6.say(inv, sink) },
];

const AB: Described = Described {
    host: "*",
    valued: "c n t d z q m H T p u A X a r rate duration connections threads targets body method header latency",
    options: &[("p|u|D|bodyfile|T|targets|body-file|s|script", Value::Read), ("e|g|o|output|report", Value::Write)],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};

const K6: Described = Described {
    valued: "u d o e H vus users duration host t q n l r p J",
    options: &[("o|out|summary-export|csv|html|l|log|report", Value::Write), ("f|locustfile|t", Value::Script("project"))],
    verbs: &[("version, archive, inspect, report", &[Act::Ask]), ("cloud, login", &[Act::Upload])],
    otherwise: &[Act::Project],
    ..Described::NEW
};
