//! The plain text inside TLS, on wish. In: hosts to leave alone, who is trusted to certify servers. Out: a certificate
//! authority that lives in memory for one session, and both ends of a TLS connection: towards the client with a leaf of our
//! own, towards the server with its certificate verified as any client would. HTTP/1.1 alone is offered.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, Connection, RootCertStore, ServerConfig, ServerConnection};

use crate::gate::{Destination, Why};
use crate::host::{Host, HostPattern};
use crate::wire::{Reader, Wire};

/// Who is trusted to certify servers.
#[derive(Debug, Clone)]
pub enum Trust {
    /// Whom the system trusts, `SSL_CERT_FILE` and `SSL_CERT_DIR` included.
    System,
    /// These certificates alone (DER).
    Only(Vec<Vec<u8>>),
}

/// Why interception cannot be had.
#[derive(Debug)]
pub enum NoInterception {
    /// Nobody is trusted: the system has no certificates, or none could be read.
    NoRoots,
    /// Keys or certificates could not be made.
    Making(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for NoInterception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoots => f.write_str("no certificate authority is trusted on this system"),
            Self::Making(_) => f.write_str("the session's certificate authority could not be made"),
        }
    }
}

impl std::error::Error for NoInterception {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NoRoots => None,
            Self::Making(cause) => Some(cause.as_ref()),
        }
    }
}

fn making(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> NoInterception {
    NoInterception::Making(cause.into())
}

/// Certificates live longer than any session, and not much.
const DAYS: u64 = 30;
/// Hosts whose leaf is kept; when it is full, all are made anew (42 µs each).
const MOST_LEAVES: usize = 512;

/// Whose TLS is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Always, whatever else is said here.
    pub always: Vec<HostPattern>,
    /// Never.
    pub spared: Vec<HostPattern>,
    /// And the rest.
    pub others: Others,
}

/// Which hosts are opened that nobody named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Others {
    /// None.
    #[default]
    None,
    /// On port 443, for a client that does not insist on a protocol that we do not speak (gRPC does), to a server that we would
    /// trust (one of a private authority is known to its clients alone).
    Web,
    /// All, on every port.
    All,
}

/// A session's interception.
pub struct Interception {
    scope: Scope,
    pem: String,
    der: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
    /// One key for all leaves: they die together.
    leaf_key: KeyPair,
    leaves: Mutex<HashMap<Host, Arc<ServerConfig>>>,
    trust: Trust,
    /// Made when the first server is spoken to: reading the system's certificates takes longer than all the rest.
    outward: OnceLock<Result<Arc<ClientConfig>, NoInterception>>,
}

impl fmt::Debug for Interception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interception").field("scope", &self.scope).finish_non_exhaustive()
    }
}

impl Interception {
    /// Makes the authority; every host is opened but the spared.
    ///
    /// # Errors
    /// No random bytes for keys.
    pub fn new(trust: &Trust, spared: Vec<HostPattern>) -> Result<Self, NoInterception> {
        Self::of(trust, Scope { always: Vec::new(), spared, others: Others::All })
    }

    /// Makes the authority. Whom to trust is read when it is first needed; where that is nobody, no server is spoken to.
    ///
    /// # Errors
    /// No random bytes for keys.
    pub fn of(trust: &Trust, scope: Scope) -> Result<Self, NoInterception> {
        let key = KeyPair::generate().map_err(making)?;
        let params = authority();
        let certificate = params.self_signed(&key).map_err(making)?;
        let der = certificate.der().clone();
        Ok(Self {
            scope,
            pem: pem(&der),
            der,
            issuer: Issuer::new(params, key),
            leaf_key: KeyPair::generate().map_err(making)?,
            leaves: Mutex::default(),
            trust: trust.clone(),
            outward: OnceLock::new(),
        })
    }

    /// The authority's certificate, for the sandbox's bundle.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.pem
    }

    /// Whether a connection to a destination is opened. `fits`: the client also takes what we speak; `spares`: the gate's
    /// word on a host that nobody named.
    pub(crate) fn opens(&self, destination: &Destination, fits: bool, spares: impl FnOnce() -> bool) -> bool {
        let named =
            |patterns: &[HostPattern]| patterns.iter().any(|pattern| pattern.matches(&destination.host, destination.port));
        let others = match self.scope.others {
            Others::None => false,
            Others::Web => destination.port == 443 && fits && !destination.host.is_this_machine(),
            Others::All => true,
        };
        named(&self.scope.always) || (others && !named(&self.scope.spared) && !spares())
    }

    /// Whether a connection that is opened is never passed through instead.
    pub(crate) fn insists(&self, destination: &Destination) -> bool {
        self.scope.others != Others::Web
            || self.scope.always.iter().any(|pattern| pattern.matches(&destination.host, destination.port))
    }

    /// Whether every host of a pattern is opened.
    pub(crate) fn opens_all(&self, pattern: &HostPattern) -> bool {
        let spared = self.scope.spared.iter().any(|spared| spared.meets(pattern));
        self.scope.always.contains(pattern) || (self.scope.others == Others::All && !spared)
    }

    /// The client's end: finishes the handshake as the host.
    pub(crate) fn accept(&self, client: Reader, host: &Host, within: Duration) -> Result<Reader, String> {
        let leaf = self.leaf(host).map_err(|error| error.to_string())?;
        let state = ServerConnection::new(leaf).map_err(|error| error.to_string())?;
        let (tcp, held) = client.into_parts();
        shaken(tcp, Connection::Server(state), held, within).map_err(|error| format!("with the client: {error}"))
    }

    /// The server's end: a handshake that verifies the host.
    pub(crate) fn connect(&self, tcp: Arc<TcpStream>, host: &Host, within: Duration) -> Result<Reader, Why> {
        let name = match host {
            Host::Name(name) => ServerName::try_from(name.clone()).map_err(|_| Why::OddHost)?,
            Host::Address(address) => ServerName::from(*address),
        };
        let outward = self.outward.get_or_init(|| outward(&self.trust)).as_ref().map_err(|error| Why::Tls(error.to_string()))?;
        let state = ClientConnection::new(outward.clone(), name).map_err(|error| Why::Tls(error.to_string()))?;
        shaken(tcp, Connection::Client(state), Vec::new(), within).map_err(|error| Why::Tls(error.to_string()))
    }

    fn leaf(&self, host: &Host) -> Result<Arc<ServerConfig>, Box<dyn std::error::Error>> {
        let mut leaves = self.leaves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(leaf) = leaves.get(host) {
            return Ok(leaf.clone());
        }
        let made = Arc::new(self.made(host)?);
        if leaves.len() >= MOST_LEAVES {
            leaves.clear();
        }
        leaves.insert(host.clone(), made.clone());
        Ok(made)
    }

    fn made(&self, host: &Host) -> Result<ServerConfig, Box<dyn std::error::Error>> {
        let certificate = leaf(host)?.signed_by(&self.leaf_key, &self.issuer)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.leaf_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let chain = vec![certificate.der().clone(), self.der.clone()];
        let mut config = builder.with_no_client_auth().with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn authority() -> CertificateParams {
    let mut params = dated();
    params.distinguished_name.push(DnType::CommonName, "Bailiwick session authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn leaf(host: &Host) -> Result<CertificateParams, rcgen::Error> {
    let mut params = dated();
    // A common name holds 64 letters; clients read the alternative name.
    params.distinguished_name.push(DnType::CommonName, "Bailiwick session leaf");
    params.subject_alt_names = vec![match host {
        Host::Name(name) => SanType::DnsName(name.clone().try_into()?),
        Host::Address(address) => SanType::IpAddress(*address),
    }];
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

fn dated() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    let today = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
    let date = |days: u64| {
        let (year, month, day) = civil(days);
        rcgen::date_time_ymd(year, month, day)
    };
    params.not_before = date(today.saturating_sub(1));
    params.not_after = date(today + DAYS);
    params
}

/// Year, month and day of a day since 1970-01-01.
fn civil(days: u64) -> (i32, u8, u8) {
    let is_leap = |year: u64| (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let (mut year, mut left) = (1970, days);
    while left >= 365 + u64::from(is_leap(year)) {
        left -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 1;
    for length in lengths {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    (i32::try_from(year).unwrap_or(9999), month, u8::try_from(left + 1).unwrap_or(1))
}

fn outward(trust: &Trust) -> Result<Arc<ClientConfig>, NoInterception> {
    let certificates = match trust {
        // Single certificates that cannot be read are left out, as every client does.
        Trust::System => rustls_native_certs::load_native_certs().certs,
        Trust::Only(certificates) => certificates.iter().map(|der| CertificateDer::from(der.clone())).collect(),
    };
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 {
        return Err(NoInterception::NoRoots);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(making)?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// RFC 7468.
fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

/// Finishes a handshake; `held` are bytes that were read already.
fn shaken(tcp: Arc<TcpStream>, mut state: Connection, mut held: Vec<u8>, within: Duration) -> io::Result<Reader> {
    let deadline = Instant::now() + within;
    loop {
        while state.wants_write() {
            state.write_tls(&mut &*tcp)?;
        }
        if !state.is_handshaking() {
            return Ok(Reader::new(Wire::encrypted(tcp, state, held)));
        }
        if held.is_empty() {
            held = some(&tcp, deadline)?;
        }
        let taken = state.read_tls(&mut held.as_slice())?;
        held.drain(..taken.min(held.len()));
        if let Err(error) = state.process_new_packets() {
            // The alert says why; that it may not arrive changes nothing.
            let _ = state.write_tls(&mut &*tcp);
            return Err(io::Error::new(ErrorKind::InvalidData, error));
        }
    }
}

fn some(tcp: &TcpStream, deadline: Instant) -> io::Result<Vec<u8>> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(ErrorKind::TimedOut.into());
    }
    tcp.set_read_timeout(Some(left))?;
    let mut bytes = vec![0; 16 * 1024];
    let length = (&*tcp).read(&mut bytes)?;
    bytes.truncate(length);
    if bytes.is_empty() { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_opened_and_of_the_rest_what_can_be() {
        use crate::address::Class;
        use crate::gate::Via;
        let patterns = |names: &[&str]| names.iter().filter_map(|name| HostPattern::parse(name).ok()).collect::<Vec<_>>();
        let opens = |others: Others, host: &str, port: u16, fits: bool| {
            let scope = Scope { always: patterns(&["api.example"]), spared: patterns(&["*.example"]), others };
            let interception = Interception::of(&Trust::System, scope).ok();
            let host = Host::Name(host.to_owned());
            let destination = Destination {
                host,
                port,
                via: Via::Connect,
                client: std::net::Ipv4Addr::LOCALHOST.into(),
                addresses: Vec::new(),
                class: Class::Public,
            };
            interception.is_some_and(|interception| interception.opens(&destination, fits, || false))
        };
        for others in [Others::None, Others::Web, Others::All] {
            assert!(opens(others, "api.example", 8443, false), "{others:?}");
            assert!(!opens(others, "www.example", 443, true), "{others:?}");
        }
        let of = |others| [(443, true), (443, false), (993, true)].map(|(port, fits)| opens(others, "other.test", port, fits));
        assert_eq!(of(Others::None), [false; 3]);
        assert_eq!(of(Others::Web), [true, false, false]);
        assert_eq!(of(Others::All), [true; 3]);
    }

    #[test]
    fn days_are_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(59), (1970, 3, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_780), (2026, 11, 23));
        assert_eq!(civil(20_818), (2026, 12, 31));
    }
}
