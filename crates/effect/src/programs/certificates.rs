//! certbot, acme.sh, step, mkcert: certificates and keys made, trusted, revoked.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["certbot", "acme.sh", "lego"], effects: |inv, sink| CERTBOT.say(inv, sink) },
    Program { names: &["mkcert"], effects: |inv, sink| MKCERT.say(inv, sink) },
    Program { names: &["step", "cfssl", "easyrsa", "certtool"], effects: |inv, sink| STEP.say(inv, sink) },
];

const CERTBOT: Described = Described {
    target: "certificate",
    host: "letsencrypt.org",
    valued: "d m w domain domains email webroot-path k dns server cert-name keylength",
    options: &[
        ("pre-hook|post-hook|deploy-hook|renew-hook|reloadcmd|manual-auth-hook|manual-cleanup-hook|run-hook", Value::Shell),
        ("w|webroot-path|webroot|config-dir|work-dir|logs-dir", Value::WriteTree),
    ],
    flags: &[("install-cronjob", &[Act::Persist("cron")])],
    dry: "dry-run",
    verbs: &[("certificates, plugins, show_account, list", &[Act::Ask]), ("revoke, delete, unregister", &[Act::Destroy])],
    otherwise: &[Act::Fetch, Act::WriteTreeAt("/etc/letsencrypt")],
    alone: Some(&[Act::Fetch, Act::WriteTreeAt("/etc/letsencrypt")]),
    ..Described::NEW
};

const MKCERT: Described = Described {
    one_dash: true,
    options: &[("cert-file|key-file|p12-file", Value::Write)],
    flags: &[("install|uninstall", &[Act::Configure("trusted certificates"), Act::Escalate("sudo")]), ("CAROOT", &[Act::Ask])],
    otherwise: &[Act::WriteTreeAt(".")],
    ..Described::NEW
};

const STEP: Described = Described {
    valued: "provisioner issuer ca-url kty curve size not-after san profile",
    options: &[
        ("ca-url", Value::Host),
        ("root|key|password-file|ca-config|config|load-privkey", Value::Read),
        ("out-file|outfile", Value::Write),
    ],
    verbs: &[
        (
            "certificate inspect|verify|lint|fingerprint|format, version, crypto hash|jwt, ca health|roots, oauth --help, certinfo, info, show-ca",
            &[Act::ReadTree(0)],
        ),
        ("certificate install|uninstall", &[Act::Configure("trusted certificates")]),
        ("ca token, oauth, ssh certificate", &[Act::Secret("certificate token")]),
        ("ca revoke, revoke", &[Act::Destroy]),
        (
            "ca certificate|renew|init, certificate create|sign, crypto keypair|key|jwk, gencert, sign, init-ca, build-ca, gen-req, init-pki",
            &[Act::WriteTreeAt(".")],
        ),
    ],
    ..Described::NEW
};
