//! supabase: a database with its services, here in containers or hosted.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["supabase"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "supabase",
    host: "api.supabase.com",
    valued: "project-ref p password workdir schema s db-url env o output network-id",
    options: &[("env-file|file|f", Value::Read)],
    verbs: &[
        ("db reset", &[Act::Destroy]),
        ("db push, db remote, migration up, migration repair, migration squash", &[Act::Change]),
        (
            "db dump, db pull, db diff, db lint, gen, migration list, inspect, status, projects list, orgs list, functions list, branches list, services, test db, domains get, snippets list, sso list",
            &[Act::Ask],
        ),
        ("migration new", &[Act::WriteTreeAt("supabase/migrations")]),
        ("secrets list", &[Act::Ask]),
        ("projects api-keys", &[Act::Secret("hosting settings")]),
        ("login, logout, link, unlink", &[Act::Configure("hosting client")]),
        ("init", &[Act::WriteTreeAt("supabase")]),
        ("start, functions serve", &[Act::Project]),
        ("stop", &[Act::Change]),
        ("functions deploy, secrets set, storage cp", &[Act::Upload, Act::Change]),
        ("projects delete, functions delete, branches delete, secrets unset, storage rm", &[Act::Destroy]),
    ],
    ..Described::NEW
};
