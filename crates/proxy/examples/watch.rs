//! A proxy that allows everything and writes down what it is asked: to see what a program does on the network.
//!
//! `cargo run -p bailiwick-proxy --example watch -- BUNDLE` opens TLS and writes the session's certificate behind the
//! system's into BUNDLE; without BUNDLE nothing is opened. It prints the addresses of its HTTP and SOCKS listeners first.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "an example")]

use std::net::TcpListener;
use std::sync::Arc;

use bailiwick_proxy::gate::{Answer, Connection, Destination, Gate, Leak, Protocol, Refusal, Request, Wanted};
use bailiwick_proxy::intercept::{Interception, Trust};
use bailiwick_proxy::limits::Limits;
use bailiwick_proxy::resolve::System;
use bailiwick_proxy::secrets::Secrets;
use bailiwick_proxy::server::{Listeners, Proxy, Settings};

struct Watch;

impl Gate for Watch {
    fn known(&self, name: &str) -> bool {
        println!("known {name}");
        true
    }

    fn wanted(&self, wanted: &Wanted) -> Answer {
        println!("wanted {}:{} by {:?}", wanted.host, wanted.port, wanted.via);
        Answer::AllowLocal
    }

    fn connect(&self, destination: &Destination) -> Answer {
        println!("connect {} {:?} {:?}", destination.host, destination.addresses, destination.class);
        Answer::AllowLocal
    }

    fn spares(&self, _: &Destination) -> bool {
        false
    }

    fn protocol(&self, destination: &Destination, protocol: Protocol) -> Answer {
        println!("protocol {} {protocol:?}", destination.host);
        Answer::Allow
    }

    fn request(&self, request: &Request<'_>) -> Answer {
        let git = request.git.as_ref().map(|git| format!(" {git:?}")).unwrap_or_default();
        println!("request {} {}{} {:?}{git}", request.method, request.destination.host, request.target, request.length);
        Answer::Allow
    }

    fn grown(&self, destination: &Destination, bytes: u64) -> Answer {
        println!("grown {} {bytes}", destination.host);
        Answer::Allow
    }

    fn leaked(&self, leak: &Leak) {
        println!("leaked {leak:?}");
    }

    fn refused(&self, refusal: &Refusal) {
        println!("refused {}:{} {:?}: {}", refusal.host, refusal.port, refusal.via, refusal.why);
    }

    fn closed(&self, connection: &Connection) {
        let Connection { destination, bytes_out, bytes_in, requests, lasted, .. } = connection;
        println!("closed {} out {bytes_out} in {bytes_in} requests {requests} in {} ms", destination.host, lasted.as_millis());
    }
}

fn main() {
    let interception = std::env::args().nth(1).map(|bundle| {
        let interception = Interception::new(&Trust::System, Vec::new()).unwrap();
        let system = std::fs::read_to_string("/etc/ssl/certs/ca-certificates.crt").unwrap_or_default();
        std::fs::write(bundle, system + interception.certificate_pem()).unwrap();
        interception
    });
    let (http, socks) = (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    println!("http://{} socks5h://{}", http.local_addr().unwrap(), socks.local_addr().unwrap());
    let listeners = Listeners { http: vec![http], socks: vec![socks], ..Listeners::default() };
    let (gate, resolver) = (Arc::new(Watch), Arc::new(System));
    let settings = Settings { gate, resolver, limits: Limits::default(), secrets: Secrets::default(), interception };
    let _proxy = Proxy::start(listeners, settings).unwrap();
    loop {
        std::thread::park();
    }
}
