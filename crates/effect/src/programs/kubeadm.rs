//! kubeadm: a machine made part of a cluster, or taken out of it.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["kubeadm", "kubelet"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "kubernetes",
    valued: "config apiserver-advertise-address pod-network-cidr token discovery-token-ca-cert-hash kubeconfig cri-socket",
    dry: "dry-run",
    verbs: &[
        ("config print|images|validate", &[Act::Ask]),
        ("version, certs check-expiration, upgrade plan, token list", &[Act::Ask]),
        ("token create", &[Act::Secret("cluster token")]),
        ("certs certificate-key", &[Act::Secret("cluster key")]),
        ("reset", &[Act::Destroy, Act::DeleteTreeAt("/etc/kubernetes"), Act::Configure("service")]),
        ("init|join|upgrade|certs|kubeconfig|token|alpha", &[Act::Change, Act::Configure("service")]),
    ],
    ..Described::NEW
};
