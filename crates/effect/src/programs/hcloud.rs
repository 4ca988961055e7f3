//! hcloud, linode-cli, scw: machines at Hetzner, Linode and Scaleway.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["hcloud"], effects: |inv, sink| HCLOUD.say(inv, sink) },
    Program {
        names: &["linode-cli", "linode", "scw", "vultr-cli", "civo", "upctl", "ionosctl", "exo"],
        effects: |inv, sink| LINODE_CLI.say(inv, sink),
    },
];

const HCLOUD: Described = Described {
    target: "hetzner",
    host: "api.hetzner.cloud",
    valued: "o output context type image location name ssh-key label selector network",
    options: &[("config|user-data-from-file|public-key-from-file", Value::Read)],
    verbs: &[
        ("context list|active", &[Act::Ask]),
        ("context, config", &[Act::Configure("hosting client")]),
        ("server ssh", &[Act::RemoteShell]),
        ("server reset-password, server request-console, server enable-rescue", &[Act::Secret("machine password")]),
    ],
    ..Described::NEW
};

const LINODE_CLI: Described = Described {
    target: "machines",
    host: "*",
    valued: "region type image label root_pass page format o output profile c config name",
    verbs: &[
        ("configure, init, login, config", &[Act::Configure("hosting client")]),
        ("linodes|instance|instances ssh", &[Act::RemoteShell]),
        ("iam api-key create", &[Act::Secret("cloud key")]),
        ("kubeconfig|lke|kubernetes|k8s kubeconfig-view|get|download|config", &[Act::Secret("kubeconfig")]),
    ],
    ..Described::NEW
};
