//! argocd: applications of a cluster as a repository describes them, synchronised, rolled back, deleted.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["argocd"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "kubernetes",
    valued: "auth-token app-namespace project o output grpc-web-root-path revision dest-namespace path repo name values-literal-file",
    options: &[("server", Value::Host), ("config", Value::Read), ("file|f|values|local", Value::ReadTree)],
    verbs: &[
        ("app get|list|diff|history|logs|manifests|resources|wait", &[Act::Ask]),
        ("app delete|delete-resource|terminate-op", &[Act::Destroy]),
        ("app sync|rollback", &[Act::Change]),
        ("account get-user-info|list|can-i|bcrypt", &[Act::Ask]),
        ("account generate-token", &[Act::Secret("argocd token")]),
        ("admin initial-password", &[Act::Secret("argocd password")]),
        ("login|logout|relogin|context|configure", &[Act::Configure("argocd client")]),
    ],
    ..Described::NEW
};
