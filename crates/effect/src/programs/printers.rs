//! lp, lpr and fax: paper.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "lp",
            "lpr",
            "lprm",
            "cancel",
            "lpadmin",
            "lpoptions",
            "cupsenable",
            "cupsdisable",
            "cupsctl",
            "cupsaccept",
            "efax",
            "sendfax",
        ],
        effects: |inv, sink| LP.say(inv, sink),
    },
    Program { names: &["lpstat", "lpq", "lpinfo"], effects: |inv, sink| LPSTAT.say(inv, sink) },
];

const LP: Described = Described {
    valued: "d P n o H q t i U h p v m E x",
    flags: &[("x", &[Act::Configure("printer")]), ("p|v|m", &[Act::Configure("printer")])],
    otherwise: &[Act::Send("printer"), Act::Read(0)],
    ..Described::NEW
};

const LPSTAT: Described = Described { otherwise: &[Act::Nothing], ..Described::NEW };
