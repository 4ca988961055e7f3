//! A proxy on loopback with a gate that writes down what it is asked and told, and a name service that tests script.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bailiwick_proxy::gate::{Answer, Connection, Destination, Gate, Leak, Protocol, Refusal, Request, Wanted};
use bailiwick_proxy::intercept::Interception;
use bailiwick_proxy::limits::Limits;
use bailiwick_proxy::resolve::Resolver;
use bailiwick_proxy::secrets::Secrets;
use bailiwick_proxy::server::{Listeners, Proxy, Settings};

/// How a test answers a request.
pub type Judge = Box<dyn Fn(&Request<'_>) -> Answer + Send + Sync>;

/// A gate by rules: names below `.test` may be local, names below `.public` may be reached where they are public, all else
/// is denied.
pub struct Rules {
    pub told: Mutex<Vec<String>>,
    pub closed: Mutex<Vec<Connection>>,
    pub judge: Judge,
}

impl Rules {
    fn note(&self, line: String) {
        self.told.lock().unwrap().push(line);
    }
}

impl Gate for Rules {
    fn known(&self, name: &str) -> bool {
        self.note(format!("known {name}"));
        assert_ne!(name, "a.gate.that.panics");
        !name.ends_with(".unknown")
    }

    fn wanted(&self, wanted: &Wanted) -> Answer {
        self.note(format!("wanted {}:{} {:?}", wanted.host, wanted.port, wanted.via));
        match wanted.host.to_string() {
            name if name.ends_with(".test") || name == "127.0.0.1" => Answer::AllowLocal,
            name if name.ends_with(".public") || name.parse::<IpAddr>().is_ok() || name.starts_with('[') => Answer::Allow,
            _ => Answer::Deny { reason: "no rule names this host".to_owned() },
        }
    }

    fn connect(&self, destination: &Destination) -> Answer {
        self.note(format!("connect {} {:?} {:?}", destination.host, destination.addresses, destination.class));
        Answer::Allow
    }

    fn spares(&self, _: &Destination) -> bool {
        false
    }

    fn protocol(&self, destination: &Destination, protocol: Protocol) -> Answer {
        self.note(format!("protocol {} {protocol:?}", destination.host));
        if destination.host.to_string() == "web.test" && protocol == Protocol::Other {
            return Answer::Deny { reason: "this host speaks HTTP".to_owned() };
        }
        Answer::Allow
    }

    fn request(&self, request: &Request<'_>) -> Answer {
        self.note(format!("request {} {}{}", request.method, request.destination.host, request.target));
        (self.judge)(request)
    }

    fn grown(&self, destination: &Destination, bytes: u64) -> Answer {
        self.note(format!("grown {} {bytes}", destination.host));
        if bytes > 16 << 20 { Answer::Deny { reason: "too much".to_owned() } } else { Answer::Allow }
    }

    fn leaked(&self, leak: &Leak) {
        self.note(format!("leaked {} {} {:?}", leak.credential, leak.host, leak.spot));
    }

    fn refused(&self, refusal: &Refusal) {
        self.note(format!("refused {}:{} {:?} {}", refusal.host, refusal.port, refusal.via, refusal.why));
    }

    fn closed(&self, connection: &Connection) {
        self.note(format!("closed {}", connection.destination.host));
        self.closed.lock().unwrap().push(connection.clone());
    }
}

/// Names with what each look-up gives; the last stays. A name without an entry that ends in `.test` is loopback.
#[derive(Default)]
pub struct Script(pub Mutex<HashMap<String, Vec<Vec<IpAddr>>>>);

impl Resolver for Script {
    fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let mut names = self.0.lock().unwrap();
        match names.get_mut(name) {
            Some(answers) if answers.len() > 1 => Ok(answers.remove(0)),
            Some(answers) => Ok(answers[0].clone()),
            None if name.ends_with(".test") => Ok(vec!["127.0.0.1".parse().unwrap()]),
            None => Err(io::Error::other("no such name in this test")),
        }
    }
}

/// What a test wants of its proxy.
#[derive(Default)]
pub struct Wishes {
    pub judge: Option<Judge>,
    pub names: Vec<(&'static str, Vec<Vec<&'static str>>)>,
    pub secrets: Secrets,
    pub interception: Option<Interception>,
    pub limits: Limits,
    /// Ports of transparent listeners, at the first made-up addresses.
    pub transparent: Vec<u16>,
    /// Where DNS listens, if not anywhere.
    pub dns_at: Option<u16>,
}

/// A proxy and its doors.
pub struct Ground {
    pub proxy: Option<Proxy>,
    pub rules: Arc<Rules>,
    pub http: SocketAddr,
    pub socks: SocketAddr,
    pub dns: SocketAddr,
}

impl Ground {
    /// With defaults.
    pub fn plain() -> Self {
        Self::new(Wishes::default())
    }

    /// As wished.
    pub fn new(wishes: Wishes) -> Self {
        let judge = wishes.judge.unwrap_or_else(|| Box::new(|_| Answer::Allow));
        let rules = Arc::new(Rules { told: Mutex::default(), closed: Mutex::default(), judge });
        let parsed = |answers: Vec<Vec<&str>>| {
            answers.into_iter().map(|answer| answer.into_iter().map(|text| text.parse().unwrap()).collect()).collect()
        };
        let names = wishes.names.into_iter().map(|(name, answers)| (name.to_owned(), parsed(answers))).collect();
        let listen = || TcpListener::bind("127.0.0.1:0").unwrap();
        let (http, socks) = (listen(), listen());
        let dns_tcp = TcpListener::bind(("127.0.0.1", wishes.dns_at.unwrap_or(0))).unwrap();
        let dns = dns_tcp.local_addr().unwrap();
        let udp = UdpSocket::bind(dns).unwrap();
        let (http_at, socks_at) = (http.local_addr().unwrap(), socks.local_addr().unwrap());
        let made_up = (1..=3u8).flat_map(|last| wishes.transparent.iter().map(move |port| ([198, 18, 0, last], *port)));
        let transparent = made_up.map(|at| TcpListener::bind(SocketAddr::from(at)).unwrap()).collect();
        let listeners =
            Listeners { http: vec![http], socks: vec![socks], transparent, dns_udp: vec![udp], dns_tcp: vec![dns_tcp] };
        let settings = Settings {
            gate: rules.clone(),
            resolver: Arc::new(Script(Mutex::new(names))),
            limits: wishes.limits,
            secrets: wishes.secrets,
            interception: wishes.interception,
        };
        let proxy = Proxy::start(listeners, settings).unwrap();
        Self { proxy: Some(proxy), rules, http: http_at, socks: socks_at, dns }
    }

    /// Stops the proxy; everything it told the gate.
    pub fn told(&mut self) -> Vec<String> {
        self.proxy.take().unwrap().stop();
        self.rules.told.lock().unwrap().clone()
    }

    /// Stops the proxy; the connections it told the gate of.
    pub fn closed(&mut self) -> Vec<Connection> {
        if let Some(proxy) = self.proxy.take() {
            proxy.stop();
        }
        self.rules.closed.lock().unwrap().clone()
    }

    /// Writes bytes to the HTTP listener and reads to the end.
    pub fn exchange(&self, bytes: impl AsRef<[u8]>) -> String {
        talk(self.http, bytes.as_ref())
    }
}

/// Writes bytes somewhere, ends, and reads to the end.
pub fn talk(to: SocketAddr, bytes: &[u8]) -> String {
    String::from_utf8_lossy(&talk_bytes(to, bytes)).into_owned()
}

/// The same as bytes.
pub fn talk_bytes(to: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut tcp = TcpStream::connect(to).unwrap();
    tcp.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let _ = tcp.write_all(bytes);
    let _ = tcp.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = tcp.read_to_end(&mut answer);
    answer
}
