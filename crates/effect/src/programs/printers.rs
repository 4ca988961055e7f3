//! lp, lpr and fax: paper.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["lprm", "lpadmin", "lpoptions", "cupsenable", "cupsdisable", "cupsctl", "cupsaccept"],
        effects: |inv, sink| LPRM.say(inv, sink),
    },
    Program { names: &["lp", "lpr", "efax", "sendfax"], effects: |inv, sink| LP.say(inv, sink) },
    Program { names: &["lpstat", "lpq", "lpinfo"], effects: |inv, sink| LPSTAT.say(inv, sink) },
];

const LPRM: Described =
    Described { valued: "d P p v m E x o h", shows: "l", otherwise: &[Act::Configure("printer")], ..Described::NEW };

const LP: Described =
    Described { valued: "d P n o H q t i U h p v m E x", otherwise: &[Act::Send("printer"), Act::Read(0)], ..Described::NEW };

const LPSTAT: Described = Described { otherwise: &[Act::Nothing], ..Described::NEW };
