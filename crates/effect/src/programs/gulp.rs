//! gulp, grunt, brunch and other runners of JavaScript projects.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["gulp", "grunt", "brunch", "fly-task", "jake", "cake", "wireit-task", "npm-run-all", "run-s", "run-p"],
        effects: |inv, sink| GULP.say(inv, sink),
    },
    Program { names: &["concurrently", "multirun"], effects: |inv, sink| CONCURRENTLY.say(inv, sink) },
    Program { names: &["wait-on", "start-server-and-test"], effects: |inv, sink| WAIT_ON.say(inv, sink) },
    Program { names: &["cross-env", "dotenv", "dotenvx", "env-cmd"], effects: |inv, sink| CROSS_ENV.say(inv, sink) },
];

const GULP: Described = Described {
    valued: "f gulpfile cwd gruntfile base tasks n names c prefix",
    flags: &[("tasks|T|tasks-simple|tasks-json", &[Act::Project])],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const CONCURRENTLY: Described =
    Described { valued: "n names c prefix-colors k p prefix", otherwise: &[Act::Texts(0)], ..Described::NEW };

const WAIT_ON: Described = Described { valued: "t timeout c config", otherwise: &[Act::Project], ..Described::NEW };

const CROSS_ENV: Described = Described {
    valued: "e f c p",
    options: &[("f|e|c", Value::Read)],
    verbs: &[("run, get, set, encrypt, decrypt", &[Act::Project])],
    otherwise: &[Act::Project],
    ..Described::NEW
};
