//! Makes programs inside trust the authority that opens their TLS. In: its certificate, the environment, the machine's own
//! bundles. Out: each bundle with the certificate behind it, in its own place and only inside; variables that name one for
//! programs that bring their own. No bundle changes on the disk.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use bailiwick_sandbox::plan::Shown;

/// Where systems keep whom they trust, in one file.
const BUNDLES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/ssl/certs/ca-bundle.crt",
];

/// By which variables programs are told another bundle.
const VARIABLES: &[&str] = &[
    "SSL_CERT_FILE",
    "GIT_SSL_CAINFO",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "CARGO_HTTP_CAINFO",
    "PIP_CERT",
    "AWS_CA_BUNDLE",
    "NIX_SSL_CERT_FILE",
    "DENO_CERT",
    "HTTPLIB2_CA_CERTS",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
    "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE",
];

/// Variables that some programs read and that replace all they trust: only changed where they are set.
const WHERE_SET: &[&str] =
    &["npm_config_cafile", "NPM_CONFIG_CAFILE", "YARN_HTTPS_CA_FILE_PATH", "BUNDLE_SSL_CA_CERT", "UV_SSL_CERT_FILE"];

/// Whether a variable says whom programs trust. From inside, none is taken out: outside, the way out itself reads one.
pub fn is_told_by(name: &str) -> bool {
    name == "SSL_CERT_DIR" || VARIABLES.contains(&name) || WHERE_SET.contains(&name)
}

/// The bundles as they are inside; variables are added to `env`.
pub fn bundles(certificate: &str, env: &mut Vec<(OsString, OsString)>) -> Result<Vec<Shown>, String> {
    let mut shown: Vec<Shown> = Vec::new();
    let all: Vec<PathBuf> = BUNDLES.iter().filter_map(|path| with(certificate, Path::new(path), &mut shown)).collect();
    // Whom the user trusts in the system's stead, most programs that are told nothing else do too.
    let chosen = std::env::var_os("SSL_CERT_FILE").and_then(|path| with(certificate, Path::new(&path), &mut shown));
    let own = chosen.as_ref().or(all.first());
    let own = own.ok_or("no file on this machine says whom it trusts: a package of CA certificates is missing")?;
    for name in VARIABLES.iter().chain(WHERE_SET) {
        let set = std::env::var_os(name).map(PathBuf::from);
        let usable = set.as_deref().and_then(|path| with(certificate, path, &mut shown));
        let value = match (set, usable) {
            (Some(path), Some(_)) => path,
            (None, _) if WHERE_SET.contains(name) => continue,
            (Some(_) | None, _) => own.clone(),
        };
        env.retain(|(other, _)| other != name);
        env.push((OsString::from(name), value.into_os_string()));
    }
    Ok(shown)
}

/// Adds a bundle to what is shown, where there is one; its real path.
fn with(certificate: &str, path: &Path, shown: &mut Vec<Shown>) -> Option<PathBuf> {
    let real = std::fs::canonicalize(path).ok().filter(|real| real.is_file())?;
    if !shown.iter().any(|one| one.path == real) {
        let mut text = std::fs::read(&real).ok()?;
        if !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        text.extend(certificate.as_bytes());
        shown.push(Shown { path: real.clone(), text });
    }
    Some(real)
}
