//! ninja: what a generated file says is built.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["ninja", "samu"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    valued: "C j k l d w t",
    options: &[("f", Value::Foreign)],
    shows: "n",
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
