//! TLS: opened on wish, passed through otherwise, and never for another host than the one that was allowed.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

use bailiwick_proxy::gate::Answer;
use bailiwick_proxy::host::HostPattern;
use bailiwick_proxy::intercept::{Interception, Trust};

use crate::clients::{run, run_with};
use crate::ground::{Ground, Wishes};
use crate::origin::{Got, Origin, ok};

/// A ground that opens TLS and trusts one origin, and where its authority's certificate lies.
pub fn opened(name: &str, origin: &Origin, spared: &[&str], wishes: Wishes) -> (Ground, String) {
    let spared = spared.iter().map(|pattern| HostPattern::parse(pattern).unwrap()).collect();
    let interception = Interception::new(&Trust::Only(vec![origin.root.clone()]), spared).unwrap();
    let file = stored(&format!("{name}.pem"), interception.certificate_pem());
    (Ground::new(Wishes { interception: Some(interception), ..wishes }), file)
}

fn stored(name: &str, text: &str) -> String {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

/// What curl says of `https://HOST:PORT/x` through a ground.
pub fn curl(ground: &Ground, authority: &str, url: &str, more: &[&str]) -> String {
    let proxy = format!("http://{}", ground.http);
    let output = run("curl", &[&["-sS", "--proxy", &proxy, "--cacert", authority, url], more].concat());
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn echo(got: &Got) -> Vec<u8> {
    ok(format!("{} {} {}", got.line, got.field("host").unwrap_or("none"), got.body.len()))
}

#[test]
fn requests_inside_tls_are_judged_one_by_one() {
    let origin = Origin::tls(&["web.test"], echo);
    let judge = Box::new(|request: &bailiwick_proxy::gate::Request<'_>| match (request.method, request.encrypted) {
        ("GET", true) => Answer::Allow,
        _ => Answer::Deny { reason: "GET alone".to_owned() },
    });
    let (mut ground, authority) = opened("judged", &origin, &[], Wishes { judge: Some(judge), ..Wishes::default() });
    let url = format!("https://web.test:{}/x", origin.port());
    let at = format!("web.test:{}", origin.port());
    assert_eq!(curl(&ground, &authority, &url, &[]), format!("GET /x HTTP/1.1 {at} 0"));
    assert_eq!(curl(&ground, &authority, &url, &["--http2"]), format!("GET /x HTTP/1.1 {at} 0"));
    assert_eq!(curl(&ground, &authority, &url, &["--tls-max", "1.2"]), format!("GET /x HTTP/1.1 {at} 0"));
    let socks = format!("socks5h://{}", ground.socks);
    assert_eq!(curl(&ground, &authority, &url, &["--proxy", &socks]), format!("GET /x HTTP/1.1 {at} 0"));
    assert!(curl(&ground, &authority, &url, &["-d", "x"]).contains("denied: GET alone"));
    assert_eq!(origin.got().len(), 4);
    let told = ground.told();
    assert!(told.contains(&"protocol web.test OpenedTls".to_owned()) && told.contains(&"request POST web.test/x".to_owned()));
}

#[test]
fn a_client_that_does_not_know_the_authority_refuses_it() {
    let origin = Origin::tls(&["web.test"], echo);
    let (ground, _) = opened("unknown", &origin, &[], Wishes::default());
    let proxy = format!("http://{}", ground.http);
    let output = run("curl", &["-sS", "--proxy", &proxy, &format!("https://web.test:{}/", origin.port())]);
    assert_eq!(output.status.code(), Some(60), "{output:?}");
    assert!(origin.got().is_empty());
}

#[test]
fn the_server_is_verified_as_by_any_client() {
    let origin = Origin::tls(&["web.test"], echo);
    let stranger = Origin::tls(&["web.test"], echo);
    let (ground, authority) = opened("verified", &origin, &[], Wishes::default());
    let unknown = curl(&ground, &authority, &format!("https://web.test:{}/", stranger.port()), &[]);
    assert!(unknown.contains("bailiwick: TLS to the server failed"), "{unknown}");
    let misnamed = curl(&ground, &authority, &format!("https://other.test:{}/", origin.port()), &[]);
    assert!(misnamed.contains("bailiwick: TLS to the server failed"), "{misnamed}");
    assert!(origin.got().is_empty() && stranger.got().is_empty());
}

#[test]
fn without_anybody_to_trust_no_server_is_spoken_to() {
    let origin = Origin::tls(&["web.test"], echo);
    let interception = Interception::new(&Trust::Only(Vec::new()), Vec::new()).unwrap();
    let file = stored("nobody.pem", interception.certificate_pem());
    let ground = Ground::new(Wishes { interception: Some(interception), ..Wishes::default() });
    let answer = curl(&ground, &file, &format!("https://web.test:{}/", origin.port()), &[]);
    assert!(answer.contains("no certificate authority is trusted"), "{answer}");
    assert!(origin.got().is_empty());
}

#[test]
fn addresses_have_leaves_too() {
    let origin = Origin::tls(&["127.0.0.1"], echo);
    let (ground, authority) = opened("address", &origin, &[], Wishes::default());
    let answer = curl(&ground, &authority, &format!("https://127.0.0.1:{}/x", origin.port()), &[]);
    assert!(answer.starts_with("GET /x HTTP/1.1 127.0.0.1"), "{answer}");
}

#[test]
fn a_spared_host_is_passed_through_unopened() {
    let origin = Origin::tls(&["web.test"], echo);
    let (mut ground, authority) = opened("spared", &origin, &["web.test"], Wishes::default());
    let own = stored("spared-own.pem", &pem(&origin.root));
    let url = format!("https://web.test:{}/x", origin.port());
    assert!(curl(&ground, &authority, &url, &[]).contains("certificate"));
    assert!(curl(&ground, &own, &url, &[]).starts_with("GET /x"));
    let told = ground.told();
    assert!(told.contains(&"protocol web.test Tls".to_owned()) && !told.iter().any(|line| line.starts_with("request")));
    let closed = ground.closed();
    assert!(closed.iter().all(|connection| connection.bytes_out > 200 && connection.requests == 0), "{closed:?}");
}

/// RFC 7468 by hand.
fn pem(der: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

#[test]
fn another_server_name_or_host_is_refused() {
    let origin = Origin::tls(&["web.test", "other.test"], echo);
    for spared in [&[][..], &["web.test"]] {
        let (mut ground, authority) = opened("fronted", &origin, spared, Wishes::default());
        let to = format!("other.test:443:web.test:{}", origin.port());
        let answer = curl(&ground, &authority, "https://other.test/", &["--connect-to", &to]);
        assert!(answer.contains("access denied"), "{answer}");
        let told = ground.told();
        assert!(told.iter().any(|line| line.contains("SNI says `other.test`")), "{told:?}");
    }
    let (ground, authority) = opened("fronted-host", &origin, &[], Wishes::default());
    let url = format!("https://web.test:{}/", origin.port());
    assert!(curl(&ground, &authority, &url, &["-H", "Host: other.test"]).contains("Host says `other.test`"));
    assert!(origin.got().is_empty());
}

#[test]
fn python_reads_through_opened_tls() {
    let body = "0123456789abcdef".repeat(300_000);
    let sent = body.clone();
    let origin = Origin::tls(&["web.test"], move |got| {
        assert_eq!(got.body.len(), if got.line.starts_with("POST") { 3_000_000 } else { 0 });
        ok(&sent)
    });
    let (ground, authority) = opened("python", &origin, &[], Wishes::default());
    let url = format!("https://web.test:{}/x", origin.port());
    let urllib = format!(
        "import urllib.request as u\n\
         print(len(u.urlopen('{url}').read()), len(u.urlopen('{url}', data=b'x' * 3000000).read()))"
    );
    let requests = format!(
        "import requests\n\
         s = requests.Session()\n\
         print(len(s.get('{url}').content), len(s.post('{url}', data=b'x' * 3000000).content), len(s.get('{url}').content))"
    );
    let proxy = format!("http://{}", ground.http);
    let environment = [("https_proxy", proxy.as_str()), ("SSL_CERT_FILE", &authority), ("REQUESTS_CA_BUNDLE", &authority)];
    for program in [urllib, requests] {
        let output = run_with("python3", &["-c", &program], &environment);
        let length = body.len().to_string();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.trim().split(' ').all(|word| word == length), "{said}{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_websocket_runs_inside_opened_tls() {
    let origin = Origin::tls_raw(&["web.test"], |mut stream| {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        assert!(String::from_utf8_lossy(&head).contains("Upgrade: websocket"));
        stream.write_all(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nfirst").unwrap();
        let mut frame = [0; 4];
        while stream.read_exact(&mut frame).is_ok() {
            stream.write_all(&frame).unwrap();
        }
    });
    let (mut ground, authority) = opened("websocket", &origin, &[], Wishes::default());
    let program = format!(
        "import socket, ssl\n\
         s = socket.create_connection(('127.0.0.1', {}))\n\
         s.sendall(b'CONNECT web.test:{port} HTTP/1.1\\r\\n\\r\\n')\n\
         assert b' 200 ' in s.recv(1000)\n\
         t = ssl.create_default_context(cafile='{authority}').wrap_socket(s, server_hostname='web.test')\n\
         t.sendall(b'GET /w HTTP/1.1\\r\\nHost: web.test:{port}\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n\\r\\n')\n\
         seen = b''\n\
         while not seen.endswith(b'first'): seen += t.recv(1000)\n\
         for i in range(100):\n\
        \x20   t.sendall(b'%04d' % i)\n\
        \x20   assert t.recv(4) == b'%04d' % i\n\
         print(seen.split(b'\\r\\n')[0].decode())",
        ground.http.port(),
        port = origin.port(),
    );
    let output = run("python3", &["-c", &program]);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(said, "HTTP/1.1 101 Switching Protocols\n");
    let closed = ground.closed();
    assert!(closed[0].bytes_out >= 400 && closed[0].bytes_in >= 400, "{closed:?}");
}

#[test]
fn garbage_after_connect_ends_the_connection() {
    let origin = Origin::tls(&["web.test"], echo);
    let (mut ground, _) = opened("garbage", &origin, &[], Wishes::default());
    for garbage in
        [&b"\x16\x03\x01\xff\xff"[..], b"\x16\x03\x01\x00\x05hello", b"\x16\x03\x03\x00\x00", b"\x16\x03\x01\x00\x01\x01"]
    {
        let mut tcp = TcpStream::connect(ground.http).unwrap();
        write!(tcp, "CONNECT web.test:{} HTTP/1.1\r\n\r\n", origin.port()).unwrap();
        tcp.write_all(garbage).unwrap();
        tcp.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        let _ = tcp.read_to_end(&mut answer);
        // A fatal alert: access denied.
        assert_eq!(answer, b"HTTP/1.1 200 Connection established\r\n\r\n\x15\x03\x03\0\x02\x02\x31");
    }
    assert_eq!(ground.told().iter().filter(|line| line.contains("a TLS greeting")).count(), 4);
}
