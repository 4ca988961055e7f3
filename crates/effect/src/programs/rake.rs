//! rake, rails and other programs of Ruby projects.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["rake", "thor"], effects: |inv, sink| RAKE.say(inv, sink) },
    Program { names: &["rails", "hanami"], effects: |inv, sink| RAILS.say(inv, sink) },
];

const RAKE: Described = Described {
    valued: "I libdir R C directory",
    options: &[
        ("e|execute|p|execute-print|E|execute-continue", Value::Code("ruby")),
        ("f|rakefile", Value::Foreign),
        ("r|require", Value::Script("project")),
    ],
    verbs: &[
        (
            "db:drop, db:reset, db:rollback, db:schema:load, db:truncate_all, db:purge, db:migrate:reset, db:setup, db:migrate:down",
            &[Act::Project, Act::Destroy],
        ),
        ("release", &[Act::Project, Act::Publish]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const RAILS: Described = Described {
    valued: "e environment p port b binding",
    verbs: &[
        ("runner, r", &[Act::Code("ruby", 0), Act::Project]),
        ("console, c, dbconsole, db", &[Act::Project]),
        (
            "db:drop, db:reset, db:rollback, db:schema:load, db:truncate_all, db:purge, db:migrate:reset",
            &[Act::Project, Act::Destroy],
        ),
        ("credentials:show, credentials:edit, secrets:show, encrypted:show", &[Act::Secret("rails credentials")]),
        ("server, s", &[Act::Project, Act::Listen]),
        ("destroy, d", &[Act::Project]),
        ("new, plugin", &[Act::Fetch, Act::WriteTreeAt(".")]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Ask]),
    ..Described::NEW
};
