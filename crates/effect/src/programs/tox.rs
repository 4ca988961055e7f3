//! tox, nox, hatch's kin: a project's tests in several environments.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["tox", "nox"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    valued: "e c conf s session k f noxfile workdir root p",
    options: &[("workdir|envdir", Value::WriteTree), ("c|conf|f|noxfile", Value::Foreign), ("x|override", Value::Foreign)],
    verbs: &[("devenv", &[Act::Project, Act::WriteTreeOne(0)])],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
