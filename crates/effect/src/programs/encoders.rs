//! uuencode, qrencode's kin, base64's relatives: bytes in another spelling.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &[
        "uuencode", "base58", "base85", "basez", "ascii85", "rot13", "hexyl", "xxh64sum", "rhash", "hashdeep", "cfv", "par2",
        "steghide", "outguess",
    ],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    valued: "o s p cf ef sf f",
    one_dash: true,
    options: &[("o|cf|sf|xf", Value::Write), ("ef", Value::Read)],
    flags: &[("r", &[Act::WriteTreeAt(".")])],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};
