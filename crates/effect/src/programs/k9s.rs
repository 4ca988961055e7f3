//! k9s, stern: a cluster looked at on a screen, its logs followed.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["k9s"], effects: |inv, sink| K9S.say(inv, sink) },
    Program { names: &["stern", "kubetail", "kail"], effects: |inv, sink| STERN.say(inv, sink) },
];

const K9S: Described = Described {
    target: "kubernetes",
    valued: "n namespace c command context l logLevel r refresh",
    flags: &[("write", &[Act::Change])],
    otherwise: &[Act::Ask],
    alone: Some(&[Act::Ask]),
    ..Described::NEW
};

const STERN: Described = Described {
    target: "kubernetes",
    valued: "n namespace c container context kubeconfig l selector s since tail o output t template",
    otherwise: &[Act::Ask],
    alone: Some(&[Act::Ask]),
    ..Described::NEW
};
