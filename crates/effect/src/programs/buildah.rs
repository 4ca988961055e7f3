//! buildah: container images built step by step, on this machine.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["buildah", "kaniko", "img"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "containers",
    host: "registry-1.docker.io",
    valued: "f file t tag name from v volume add-host build-arg secret ssh platform authfile creds format isolation o",
    options: &[("iidfile", Value::Write)],
    verbs: &[
        ("images, ps, containers, inspect, info, version, source pull, manifest inspect", &[Act::Ask]),
        ("run", &[Act::RemoteShell, Act::Run(1)]),
        ("unshare", &[Act::Run(0)]),
        ("push", &[Act::Upload, Act::Publish]),
        ("rm|rmi|prune|delete", &[Act::Destroy]),
        ("bud|build|build-using-dockerfile", &[Act::Project, Act::Fetch]),
        ("from|pull", &[Act::Fetch]),
        ("login|logout", &[Act::Secret("registry credentials")]),
        ("mount|umount|unmount|config|commit|copy|add|tag|rename|manifest", &[Act::ReadTree(1)]),
    ],
    ..Described::NEW
};
