//! cosign, minisign, signify: things signed and checked.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["cosign", "notation"], effects: |inv, sink| COSIGN.say(inv, sink) },
    Program { names: &["minisign", "signify", "signify-openbsd"], effects: |inv, sink| MINISIGN.say(inv, sink) },
];

const COSIGN: Described = Described {
    target: "registry",
    host: "ghcr.io",
    valued: "a annotations k certificate-identity certificate-oidc-issuer slot",
    options: &[
        ("key|cert|certificate|payload|predicate|bundle|sk", Value::Read),
        ("output-file|output-signature|output-certificate|output-key-prefix", Value::Write),
    ],
    verbs: &[
        (
            "verify, verify-blob, verify-attestation, tree, triangulate, version, env, public-key, download, list, inspect, ls",
            &[Act::Fetch],
        ),
        ("sign, attest, attach, upload, copy", &[Act::Secret("signing key"), Act::Upload, Act::Change]),
        ("sign-blob, generate-key-pair, import-key-pair", &[Act::Secret("signing key"), Act::WriteTreeAt(".")]),
        ("clean", &[Act::Destroy]),
        ("login, logout", &[Act::Secret("registry credentials")]),
    ],
    ..Described::NEW
};

const MINISIGN: Described = Described {
    valued: "P c t z",
    options: &[("m|p|e", Value::Read), ("s", Value::Secret), ("x", Value::Write)],
    flags: &[("G", &[Act::WriteTreeAt(".")]), ("S", &[Act::Secret("signing key")]), ("V|v", &[Act::Ask])],
    otherwise: &[Act::Ask],
    alone: Some(&[Act::Ask]),
    ..Described::NEW
};
