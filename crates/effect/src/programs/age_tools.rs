//! rage: files encrypted and decrypted. (sops and age stand in secrets.)

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &["rage", "rage-keygen", "age-keygen", "age-plugin-yubikey"],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    valued: "r recipient",
    options: &[("o|output", Value::Write), ("i|identity|R|recipients-file", Value::Read)],
    flags: &[("d|decrypt|i|identity", &[Act::Secret("age key")]), ("y", &[Act::Secret("age key")])],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};
