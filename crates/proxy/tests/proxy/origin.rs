//! A small HTTP server, plain or TLS, that keeps every request as it arrived and answers as a test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{CertificateParams, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A request as it arrived.
#[derive(Debug, Clone, Default)]
pub struct Got {
    pub line: String,
    pub fields: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Got {
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What to answer, as bytes; the connection stays open unless they say `Connection: close`.
pub type Answerer = Arc<dyn Fn(&Got) -> Vec<u8> + Send + Sync>;

pub struct Origin {
    pub at: SocketAddr,
    pub got: Arc<Mutex<Vec<Got>>>,
    /// The certificate of who certified it (DER).
    pub root: Vec<u8>,
}

/// An answer with a body of known length.
pub fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend(body);
    bytes
}

impl Origin {
    pub fn plain(answer: impl Fn(&Got) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::start(Arc::new(answer), None, Vec::new())
    }

    /// With a certificate for these names.
    pub fn tls(names: &[&str], answer: impl Fn(&Got) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let (config, root) = certified(names);
        Self::start(Arc::new(answer), Some(config), root)
    }

    /// TLS with a handler for the whole connection.
    pub fn tls_raw(names: &[&str], handle: impl Fn(Tls) + Send + Sync + 'static) -> Self {
        let (config, root) = certified(names);
        Self::listen(root, move |tcp, _| handle(opened(tcp, &config)))
    }

    fn start(answer: Answerer, tls: Option<Arc<rustls::ServerConfig>>, root: Vec<u8>) -> Self {
        Self::listen(root, move |tcp, kept| match &tls {
            None => serve(tcp, &answer, kept),
            Some(config) => serve(opened(tcp, config), &answer, kept),
        })
    }

    fn listen(root: Vec<u8>, handle: impl Fn(TcpStream, &Mutex<Vec<Got>>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let got = Arc::new(Mutex::new(Vec::new()));
        let (kept, handle) = (got.clone(), Arc::new(handle));
        thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                let (kept, handle) = (kept.clone(), handle.clone());
                thread::spawn(move || handle(tcp, &kept));
            }
        });
        Self { at, got, root }
    }

    pub fn port(&self) -> u16 {
        self.at.port()
    }

    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }
}

/// A connection whose TLS is ours.
pub type Tls = rustls::StreamOwned<rustls::ServerConnection, TcpStream>;

fn opened(tcp: TcpStream, config: &Arc<rustls::ServerConfig>) -> Tls {
    rustls::StreamOwned::new(rustls::ServerConnection::new(config.clone()).unwrap(), tcp)
}

fn serve(stream: impl Read + Write, answer: &Answerer, kept: &Mutex<Vec<Got>>) {
    let mut reader = BufReader::new(stream);
    while let Some(got) = read(&mut reader) {
        kept.lock().unwrap().push(got.clone());
        let bytes = answer(&got);
        let ends = String::from_utf8_lossy(&bytes).contains("Connection: close");
        if reader.get_mut().write_all(&bytes).and_then(|()| reader.get_mut().flush()).is_err() || ends {
            return;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<Got> {
    let mut got = Got { line: line(reader)?, ..Got::default() };
    loop {
        let line = line(reader)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        got.fields.push((name.to_owned(), value.trim().to_owned()));
    }
    if got.field("transfer-encoding").is_some() {
        loop {
            let length = usize::from_str_radix(&line(reader)?, 16).ok()?;
            let mut chunk = vec![0; length];
            reader.read_exact(&mut chunk).ok()?;
            line(reader)?;
            if length == 0 {
                break;
            }
            got.body.extend(chunk);
        }
    } else if let Some(length) = got.field("content-length") {
        got.body = vec![0; length.parse().ok()?];
        reader.read_exact(&mut got.body).ok()?;
    }
    Some(got)
}

fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    Some(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn certified(names: &[&str]) -> (Arc<rustls::ServerConfig>, Vec<u8>) {
    let key = KeyPair::generate().unwrap();
    let mut root = CertificateParams::default();
    // By default root and leaf have one name, and OpenSSL takes the leaf for self-signed.
    root.distinguished_name.push(rcgen::DnType::CommonName, "root of a test");
    root.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let certificate = root.self_signed(&key).unwrap().der().to_vec();
    let issuer = Issuer::new(root, key);
    let own = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let leaf = CertificateParams::new(names).unwrap().signed_by(&own, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.serialize_der()));
    let config = builder.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap();
    (Arc::new(config), certificate)
}
