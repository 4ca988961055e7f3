//! skopeo: container images copied between registries and directories, looked at, deleted.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["skopeo", "crane", "regctl", "oras"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "registry",
    host: "registry-1.docker.io",
    valued: "src-creds dest-creds creds override-os override-arch format f multi-arch retry-times platform u username p password",
    options: &[
        ("authfile|src-authfile|dest-authfile|src-cert-dir|dest-cert-dir|policy", Value::ReadTree),
        ("digestfile|o|output", Value::Write),
    ],
    verbs: &[
        (
            "inspect, list-tags, manifest-digest, ls, manifest, config, digest, catalog, validate, blob get, tag ls, repo ls, image inspect, discover",
            &[Act::Fetch],
        ),
        ("login|logout|auth", &[Act::Secret("registry credentials")]),
        ("delete", &[Act::Destroy]),
        ("copy, cp, sync, push, image copy, append, mutate, tag, attach", &[Act::Upload, Act::Change, Act::Fetch]),
        ("pull, export, image export", &[Act::Fetch, Act::WriteTreeAt(".")]),
        ("standalone-sign", &[Act::Secret("signing key")]),
    ],
    ..Described::NEW
};
