//! firebase: sites, functions and databases of a Firebase project.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["firebase"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "firebase",
    host: "googleapis.com",
    valued: "P project only except token m message config p port account",
    options: &[("import|export-on-exit", Value::ReadTree)],
    verbs: &[
        ("login:ci, functions:config:get, functions:secrets:access", &[Act::Secret("hosting settings")]),
        ("login, logout, use, target, login:add, experiments:enable", &[Act::Configure("hosting client")]),
        ("init", &[Act::WriteTreeAt(".")]),
        ("emulators:start, emulators:exec, serve", &[Act::Project, Act::Listen]),
        ("functions:shell", &[Act::Project]),
        (
            "projects:list, apps:list, hosting:sites:list, functions:list, functions:log, database:get, use:list, apps:sdkconfig, hosting:channel:list, ext, database:instances:list",
            &[Act::Ask],
        ),
        ("auth:export", &[Act::Secret("user accounts"), Act::WriteOne(0)]),
        (
            "firestore:delete, database:remove, functions:delete, hosting:disable, hosting:channel:delete, hosting:sites:delete",
            &[Act::Destroy],
        ),
        ("database:set, database:update, database:push, auth:import", &[Act::Upload, Act::Change]),
        ("deploy", &[Act::Project, Act::Upload, Act::Change]),
    ],
    ..Described::NEW
};
