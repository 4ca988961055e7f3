//! minikube: a cluster on this machine.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["minikube"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "local cluster",
    valued: "p profile driver memory cpus n o output kubernetes-version container-runtime",
    flags: &[("mount", &[Act::ReadAt("/")])],
    verbs: &[
        (
            "status, ip, logs, version, service, docker-env, podman-env, profile, addons list, image ls, node list, config view, config get, options, update-check",
            &[Act::Ask],
        ),
        ("kubectl", &[Act::Ask, Act::RemoteShell]),
        ("ssh|cp", &[Act::RemoteShell]),
        ("ssh-key", &[Act::Secret("minikube key")]),
        ("mount", &[Act::Listen, Act::ReadTree(0)]),
        ("tunnel", &[Act::Listen, Act::Escalate("sudo")]),
        ("dashboard", &[Act::Listen]),
        ("delete", &[Act::Destroy]),
        ("config|update-context|addons", &[Act::Configure("minikube")]),
        ("start|stop|pause|unpause|image|node|cache", &[Act::Change]),
    ],
    ..Described::NEW
};
