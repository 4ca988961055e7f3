//! netlify: web sites deployed from here.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["netlify", "ntl"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "netlify",
    host: "api.netlify.com",
    valued: "auth s site d dir f functions m message filter context o offline p port",
    options: &[("env-file", Value::Read)],
    verbs: &[
        ("env:get, env:list, env:clone", &[Act::Secret("hosting settings")]),
        ("login, logout, link, unlink, switch, init, lm:install", &[Act::Configure("hosting client")]),
        ("build, functions:build", &[Act::Project]),
        ("dev, serve, functions:serve", &[Act::Project, Act::Listen]),
        ("dev:exec", &[Act::Run(0)]),
        ("functions:invoke, functions:create, recipes", &[Act::Project]),
        (
            "status, sites:list, api:list, functions:list, logs, logs:deploy, logs:function, open, watch, blobs:list, blobs:get",
            &[Act::Ask],
        ),
        ("sites:delete, env:unset, blobs:delete", &[Act::Destroy]),
        ("api", &[Act::Change]),
    ],
    ..Described::NEW
};
