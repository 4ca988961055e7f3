//! just: recipes of a project's file, run by name.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["just"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    valued: "d working-directory set tempdir",
    options: &[("f|justfile", Value::Foreign), ("shell", Value::Program), ("command|c", Value::Shell)],
    flags: &[("fmt|init", &[Act::WriteAt("justfile")]), ("edit|e|choose", &[Act::Project])],
    shows: "list l summary show s dump evaluate variables groups usage man completions",
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
