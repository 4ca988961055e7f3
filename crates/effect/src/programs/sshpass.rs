//! sshpass: another program given a password that stands in the command.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["sshpass"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described =
    Described { valued: "p P d", wrapper: true, options: &[("f", Value::Read)], otherwise: &[Act::Run(0)], ..Described::NEW };
