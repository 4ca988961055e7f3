//! gnuplot, octave and other programs for figures, whose scripts may start anything.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["gnuplot"], effects: |inv, sink| GNUPLOT.say(inv, sink) },
    Program {
        names: &[
            "octave",
            "octave-cli",
            "matlab",
            "scilab",
            "maxima",
            "sage",
            "M2",
            "magma",
            "maple",
            "wolframscript",
            "wolfram",
        ],
        effects: |inv, sink| OCTAVE.say(inv, sink),
    },
];

const GNUPLOT: Described = Described {
    options: &[("e", Value::Script("gnuplot"))],
    verbs: &[("-", &[Act::Opaque(OpaqueCause::Dynamic, "gnuplot")])],
    otherwise: &[Act::CodeFile("gnuplot", 0)],
    alone: Some(&[Act::Input("gnuplot")]),
    ..Described::NEW
};

const OCTAVE: Described = Described {
    valued: "p path",
    options: &[("eval|r|batch|batch-string|code|c|e|f|file|b", Value::Script("mathematics"))],
    otherwise: &[Act::CodeFile("mathematics", 0)],
    alone: Some(&[Act::Input("mathematics")]),
    ..Described::NEW
};
