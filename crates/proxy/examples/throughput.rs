//! What passing through the proxy costs: bytes a second and time a request, against the plain connection, in one run.
//!
//! `cargo run --release -p bailiwick-proxy --example throughput`. Client, proxy and server are in this process, on loopback.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{io, thread};

use bailiwick_proxy::gate::{Answer, Connection, Destination, Gate, Leak, Protocol, Refusal, Request, Wanted};
use bailiwick_proxy::host::HostPattern;
use bailiwick_proxy::intercept::{Interception, Trust};
use bailiwick_proxy::limits::Limits;
use bailiwick_proxy::resolve::Resolver;
use bailiwick_proxy::secrets::{Secret, Secrets, Value, placeholder};
use bailiwick_proxy::server::{Listeners, Proxy, Settings};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// One body.
const BODY: usize = 256 << 20;
/// Small requests, one after the other on one connection.
const REQUESTS: u32 = 2000;
/// New connections, one after the other.
const CONNECTIONS: u32 = 300;

struct Open;

impl Gate for Open {
    fn known(&self, _: &str) -> bool {
        true
    }
    fn wanted(&self, _: &Wanted) -> Answer {
        Answer::AllowLocal
    }
    fn connect(&self, _: &Destination) -> Answer {
        Answer::AllowLocal
    }
    fn spares(&self, _: &Destination) -> bool {
        false
    }

    fn protocol(&self, _: &Destination, _: Protocol) -> Answer {
        Answer::Allow
    }
    fn request(&self, _: &Request<'_>) -> Answer {
        Answer::Allow
    }
    fn grown(&self, _: &Destination, _: u64) -> Answer {
        Answer::Allow
    }
    fn leaked(&self, _: &Leak) {}
    fn refused(&self, refusal: &Refusal) {
        println!("refused: {refusal:?}");
    }
    fn closed(&self, _: &Connection) {}
}

struct Loopback;

impl Resolver for Loopback {
    fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        Ok(vec![IpAddr::from([127, 0, 0, 1])])
    }
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// A server: `/` is 2 bytes, `/body` is the long one.
fn serve(mut stream: impl Stream, body: &[u8]) {
    let mut held = Vec::new();
    let mut piece = [0; 4096];
    loop {
        while let Some(end) = held.windows(4).position(|window| window == b"\r\n\r\n") {
            let body = if held.starts_with(b"GET /body ") { body } else { b"ok" };
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).is_err() {
                return;
            }
            held.drain(..end + 4);
        }
        match stream.read(&mut piece) {
            Ok(length) if length > 0 => held.extend(&piece[..length]),
            _ => return,
        }
    }
}

fn listen(handle: impl Fn(TcpStream) + Send + Sync + Clone + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    thread::spawn(move || {
        for tcp in listener.incoming().flatten() {
            tcp.set_nodelay(true).unwrap();
            let handle = handle.clone();
            thread::spawn(move || handle(tcp));
        }
    });
    at
}

fn certified() -> (Arc<ServerConfig>, Vec<u8>) {
    let key = KeyPair::generate().unwrap();
    let mut root = CertificateParams::default();
    root.distinguished_name.push(DnType::CommonName, "root of a measurement");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let der = root.self_signed(&key).unwrap().der().to_vec();
    let own = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["web.test".to_owned()]).unwrap();
    let leaf = leaf.signed_by(&own, &Issuer::new(root, key)).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    (Arc::new(builder.with_no_client_auth().with_single_cert(vec![leaf.der().clone()], key).unwrap()), der)
}

fn trusting(pems: &[Vec<u8>]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(pems.iter().map(|der| der.clone().into()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    // Each connection pays for its own handshake.
    config.resumption = rustls::client::Resumption::disabled();
    Arc::new(config)
}

/// The certificate in a PEM text.
fn der(pem: &str) -> Vec<u8> {
    use base64::Engine;
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

fn start(secrets: Secrets, interception: Option<Interception>) -> (Proxy, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let listeners = Listeners { http: vec![listener], ..Listeners::default() };
    let limits = Limits::default();
    let settings = Settings { gate: Arc::new(Open), resolver: Arc::new(Loopback), limits, secrets, interception };
    (Proxy::start(listeners, settings).unwrap(), at)
}

/// Reads one answer; how long its body was.
fn answer(stream: &mut dyn Stream, buffer: &mut [u8]) -> usize {
    let mut head = Vec::new();
    let mut got = loop {
        let length = stream.read(buffer).unwrap();
        assert!(length > 0, "{}", String::from_utf8_lossy(&head));
        head.extend(&buffer[..length]);
        if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
            break head.len() - end - 4;
        }
    };
    let text = String::from_utf8_lossy(&head).into_owned();
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    let length = text.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
    let length: usize = length.trim().parse().unwrap();
    while got < length {
        got += stream.read(buffer).unwrap();
    }
    length
}

/// How a client reaches the server.
struct Way {
    name: &'static str,
    connect: Box<dyn Fn() -> Box<dyn Stream>>,
    /// What stands before a path in a request.
    before: String,
    host: String,
    more: String,
}

fn measure(way: &Way) -> (f64, Duration, Duration) {
    let mut buffer = vec![0; 256 * 1024];
    let request = |path: &str| format!("GET {}{path} HTTP/1.1\r\nHost: {}\r\n{}\r\n", way.before, way.host, way.more);
    let mut stream = (way.connect)();
    stream.write_all(request("/").as_bytes()).unwrap();
    answer(&mut *stream, &mut buffer);
    let begin = Instant::now();
    stream.write_all(request("/body").as_bytes()).unwrap();
    assert_eq!(answer(&mut *stream, &mut buffer), BODY);
    let rate = BODY as f64 / begin.elapsed().as_secs_f64() / 1e6;
    let small = median(REQUESTS, || {
        stream.write_all(request("/").as_bytes()).unwrap();
        answer(&mut *stream, &mut buffer);
    });
    let fresh = median(CONNECTIONS, || {
        let mut stream = (way.connect)();
        stream.write_all(request("/").as_bytes()).unwrap();
        answer(&mut *stream, &mut vec![0; 1024]);
    });
    (rate, small, fresh)
}

fn median(count: u32, mut each: impl FnMut()) -> Duration {
    let time = |()| {
        let begin = Instant::now();
        each();
        begin.elapsed()
    };
    let mut times: Vec<Duration> = std::iter::repeat_n((), count as usize).map(time).collect();
    times.sort();
    times[times.len() / 2]
}

fn tcp(at: SocketAddr) -> TcpStream {
    let tcp = TcpStream::connect(at).unwrap();
    tcp.set_nodelay(true).unwrap();
    tcp
}

fn tunnel(proxy: SocketAddr, port: u16) -> TcpStream {
    let mut tcp = tcp(proxy);
    write!(tcp, "CONNECT web.test:{port} HTTP/1.1\r\n\r\n").unwrap();
    let mut answer = [0; 39];
    tcp.read_exact(&mut answer).unwrap();
    tcp
}

fn tls(tcp: TcpStream, config: &Arc<ClientConfig>) -> Box<dyn Stream> {
    let name = ServerName::try_from("web.test").unwrap();
    Box::new(StreamOwned::new(ClientConnection::new(config.clone(), name).unwrap(), tcp))
}

fn main() {
    let body: Arc<Vec<u8>> = Arc::new((0..BODY).map(|n| b'a' + u8::try_from(n * 31 % 23).unwrap()).collect());
    let (config, root) = certified();
    let (plain_body, tls_body) = (body.clone(), body);
    let plain = listen(move |tcp| serve(tcp, &plain_body));
    let secure = listen(move |tcp| serve(StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), tcp), &tls_body));

    let trust = Trust::Only(vec![root.clone()]);
    let closed = start(Secrets::default(), None);
    let opening = Interception::new(&trust, Vec::new()).unwrap();
    let authority = der(opening.certificate_pem());
    let opened = start(Secrets::default(), Some(opening));
    let opening = Interception::new(&trust, Vec::new()).unwrap();
    let swapping_authority = der(opening.certificate_pem());
    let real = "sk-live-0aB1cD2eF3gH4iJ5kL6mN7oP8qR9";
    let held = placeholder(real).unwrap();
    let secret = Secret {
        name: "key".to_owned(),
        placeholder: held.clone(),
        value: Value::new(real),
        hosts: vec![HostPattern::parse("web.test").unwrap()],
        slots: vec![bailiwick_proxy::secrets::Slot::Any],
        cleartext: false,
        aws: None,
    };
    let swapping = start(Secrets::new(vec![secret]).unwrap(), Some(opening));
    let client = trusting(&[root, authority, swapping_authority]);

    let plain_host = format!("web.test:{}", plain.port());
    let secure_host = format!("web.test:{}", secure.port());
    let way = |name, connect: Box<dyn Fn() -> Box<dyn Stream>>, before: &str, host: &str, more: &str| Way {
        name,
        connect,
        before: before.to_owned(),
        host: host.to_owned(),
        more: more.to_owned(),
    };
    let (closed_at, opened_at, swapping_at) = (closed.1, opened.1, swapping.1);
    let clients: Vec<Arc<ClientConfig>> = vec![client; 4];
    let [a, b, c, d] = <[Arc<ClientConfig>; 4]>::try_from(clients).unwrap();
    let port = secure.port();
    let ways = [
        way("plain HTTP, direct", Box::new(move || Box::new(tcp(plain))), "", &plain_host, ""),
        way(
            "plain HTTP through the proxy",
            Box::new(move || Box::new(tcp(closed_at))),
            &format!("http://{plain_host}"),
            &plain_host,
            "",
        ),
        way("TLS, direct", Box::new(move || tls(tcp(secure), &a)), "", &secure_host, ""),
        way("TLS in a tunnel, not opened", Box::new(move || tls(tunnel(closed_at, port), &b)), "", &secure_host, ""),
        way("TLS opened", Box::new(move || tls(tunnel(opened_at, port), &c)), "", &secure_host, ""),
        way(
            "TLS opened, a credential swapped",
            Box::new(move || tls(tunnel(swapping_at, port), &d)),
            "",
            &secure_host,
            &format!("Authorization: Bearer {held}\r\n"),
        ),
    ];
    let ready = median(200, || {
        let interception = Interception::new(&Trust::System, Vec::new()).unwrap();
        let (proxy, _) = start(Secrets::default(), Some(interception));
        proxy.stop();
    });
    let bare = median(200, || start(Secrets::default(), None).0.stop());
    println!("start and stop: {} µs, with an authority of its own {} µs\n", bare.as_micros(), ready.as_micros());
    println!("| way | MB/s | a small request, p50 µs | a new connection and request, p50 µs |\n|---|---|---|---|");
    for way in &ways {
        let (rate, small, fresh) = measure(way);
        println!("| {} | {rate:.0} | {} | {} |", way.name, small.as_micros(), fresh.as_micros());
    }
}
