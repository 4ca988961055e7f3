//! Servers that a test knows everything of: plain and TLS on their usual ports, for any name; a name service that knows every
//! name below `.test`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
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
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value.as_str())
    }

    pub fn host(&self) -> &str {
        self.field("host").split(':').next().unwrap()
    }
}

/// What to answer, as bytes.
pub type Answer = dyn Fn(&Got) -> Vec<u8> + Send + Sync;

/// An answer that is whole.
pub fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.as_ref().len()).into_bytes();
    bytes.extend(body.as_ref());
    bytes
}

/// Everything that listens.
pub struct Servers {
    got: Arc<Mutex<Vec<Got>>>,
    /// The certificate of who certified the TLS server, as PEM.
    pub root: String,
}

impl Servers {
    /// On 80, 443 and 53 of this network namespace.
    pub fn start(names: &[&str], answer: impl Fn(&Got) -> Vec<u8> + Send + Sync + 'static) -> Servers {
        let (config, root) = certified(names);
        let (got, answer): (Arc<Mutex<Vec<Got>>>, Arc<Answer>) = (Arc::default(), Arc::new(answer));
        for (port, tls) in [(80, None), (443, Some(config))] {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
            let (got, answer) = (got.clone(), answer.clone());
            thread::spawn(move || {
                for tcp in listener.incoming().flatten() {
                    let (got, answer, tls) = (got.clone(), answer.clone(), tls.clone());
                    thread::spawn(move || match tls {
                        None => serve(tcp, &*answer, &got),
                        Some(tls) => {
                            let state = rustls::ServerConnection::new(tls).unwrap();
                            serve(rustls::StreamOwned::new(state, tcp), &*answer, &got);
                        }
                    });
                }
            });
        }
        names_service();
        Servers { got, root }
    }

    /// What arrived, of all hosts.
    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// What arrived for one host since it was asked last; what arrived for others is forgotten.
    pub fn taken(&self, host: &str) -> Vec<Got> {
        std::mem::take(&mut *self.got.lock().unwrap()).into_iter().filter(|got| got.host() == host).collect()
    }
}

fn serve(stream: impl Read + Write, answer: &Answer, kept: &Mutex<Vec<Got>>) {
    let mut reader = BufReader::new(stream);
    while let Some(got) = read(&mut reader) {
        kept.lock().unwrap().push(got.clone());
        let bytes = answer(&got);
        if reader.get_mut().write_all(&bytes).and_then(|()| reader.get_mut().flush()).is_err() {
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
    if got.field("transfer-encoding").is_empty() {
        got.body = vec![0; got.field("content-length").parse().unwrap_or(0)];
        reader.read_exact(&mut got.body).ok()?;
        return Some(got);
    }
    loop {
        let mut chunk = vec![0; usize::from_str_radix(&line(reader)?, 16).ok()?];
        reader.read_exact(&mut chunk).ok()?;
        line(reader)?;
        if chunk.is_empty() {
            return Some(got);
        }
        got.body.extend(chunk);
    }
}

fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    (reader.read_line(&mut line).ok()? > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Every name below `.test` is this machine.
fn names_service() {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 53)).unwrap();
    thread::spawn(move || {
        let mut bytes = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut bytes) {
            let question = &bytes[..length];
            let end = 12 + question[12..].iter().position(|byte| *byte == 0).unwrap() + 5;
            let known = question[12..end].windows(6).any(|window| window == b"\x04test\0");
            let address = question[end - 4..end - 2] == [0, 1] && known;
            let mut reply = question[..end].to_vec();
            reply[2..12].copy_from_slice(&[0x81, if known { 0x80 } else { 0x83 }, 0, 1, 0, u8::from(address), 0, 0, 0, 0]);
            if address {
                reply.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
            }
            let _ = socket.send_to(&reply, from);
        }
    });
}

fn certified(names: &[&str]) -> (Arc<rustls::ServerConfig>, String) {
    let key = KeyPair::generate().unwrap();
    let mut root = CertificateParams::default();
    root.distinguished_name.push(rcgen::DnType::CommonName, "root of a test");
    root.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let der = root.self_signed(&key).unwrap().der().to_vec();
    let issuer = Issuer::new(root, key);
    let own = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let leaf = CertificateParams::new(names).unwrap().signed_by(&own, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.serialize_der()));
    let config = builder.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap();
    (Arc::new(config), pem(&der))
}

fn pem(der: &[u8]) -> String {
    let mut child = std::process::Command::new("openssl")
        .args(["x509", "-inform", "DER"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .map_err(|error| format!("these tests need openssl: {error}"))
        .unwrap();
    child.stdin.take().unwrap().write_all(der).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}
