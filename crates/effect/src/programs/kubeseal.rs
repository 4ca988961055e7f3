//! kubeseal: secrets sealed so that only a cluster opens them, or opened with its key.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["kubeseal"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    valued: "n namespace o format scope name controller-name controller-namespace w",
    options: &[
        ("cert|f|secret-file|from-file|merge-into", Value::Read),
        ("sealed-secret-file|w", Value::Write),
        ("recovery-private-key", Value::Read),
    ],
    flags: &[("recovery-unseal", &[Act::Secret("sealed secret")])],
    otherwise: &[Act::Ask],
    alone: Some(&[Act::Ask]),
    ..Described::NEW
};
