//! mosh: a shell on another machine that outlives bad lines.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["mosh", "eternalterminal", "tmate", "upterm", "sshx", "gotty", "ttyd", "wetty"],
        effects: |inv, sink| MOSH.say(inv, sink),
    },
    Program { names: &["mosh-server"], effects: |inv, sink| MOSH_SERVER.say(inv, sink) },
];

const MOSH: Described = Described {
    host: "*",
    valued: "p port predict family server bind-server P",
    options: &[("ssh|client", Value::Shell)],
    otherwise: &[Act::Reach(0), Act::Opaque(OpaqueCause::Dynamic, "remote-shell")],
    ..Described::NEW
};

const MOSH_SERVER: Described = Described { otherwise: &[Act::Listen], ..Described::NEW };
