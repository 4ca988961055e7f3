//! man and info: pages shown by a pager that an option may name.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["man"], effects: |inv, sink| MAN.say(inv, sink) },
    Program { names: &["info", "pinfo"], effects: |inv, sink| INFO.say(inv, sink) },
];

const MAN: Described = Described {
    valued: "S s M manpath m systems L locale e extension R encoding p preprocessor r prompt E",
    options: &[
        ("P|pager", Value::Shell),
        ("H|html", Value::Program),
        ("C|config-file", Value::Script("man settings")),
        ("l", Value::Read),
    ],
    flags: &[("l|local-file", &[Act::Read(0)])],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const INFO: Described = Described {
    valued: "d directory f file n node k apropos index-search",
    options: &[("o|output|dribble", Value::Write), ("restore|init-file", Value::Script("info keys"))],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};
