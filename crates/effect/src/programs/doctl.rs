//! doctl: DigitalOcean's machines, clusters, databases.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["doctl"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "digitalocean",
    host: "api.digitalocean.com",
    valued: "access-token t context c output o format region size image ssh-keys tag-name user-data http-retry-max",
    options: &[("config|spec|user-data-file", Value::Read)],
    verbs: &[
        ("auth init|switch|remove", &[Act::Configure("hosting client")]),
        ("auth token", &[Act::Secret("digitalocean token")]),
        ("databases connection|user", &[Act::Secret("database password")]),
        ("registry login|docker-config", &[Act::Secret("registry credentials")]),
        ("kubernetes cluster kubeconfig", &[Act::Secret("kubeconfig")]),
        ("compute ssh", &[Act::RemoteShell]),
        ("sandbox, serverless deploy|connect", &[Act::Upload, Act::Change]),
    ],
    ..Described::NEW
};
