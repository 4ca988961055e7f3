//! Names and addresses: our DNS, connections to made-up addresses, and name servers that answer differently each time.

use std::io::{Read, Write};
use std::net::{TcpStream, UdpSocket};
use std::time::Duration;

use crate::ground::{Ground, Wishes, talk};
use crate::origin::{Origin, ok};

fn question(name: &str, kind: u8) -> Vec<u8> {
    let mut message = vec![7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in name.split('.') {
        message.push(u8::try_from(label.len()).unwrap());
        message.extend(label.as_bytes());
    }
    message.extend([0, 0, kind, 0, 1]);
    message
}

fn ask(ground: &Ground, name: &str, kind: u8) -> Vec<u8> {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    socket.send_to(&question(name, kind), ground.dns).unwrap();
    let mut bytes = [0; 512];
    let (length, _) = socket.recv_from(&mut bytes).unwrap();
    bytes[..length].to_vec()
}

#[test]
fn names_get_made_up_addresses_and_nothing_is_looked_up() {
    // Look-ups of the script fail for this name: an answer shows that none was made.
    let mut ground = Ground::plain();
    let reply = ask(&ground, "data.exfiltrated.by.lookups.example", 1);
    assert!(reply.ends_with(&[198, 18, 0, 1]), "{reply:?}");
    assert_eq!(ask(&ground, "x.unknown", 1)[3] & 15, 3);
    let text = ask(&ground, "data.exfiltrated.by.lookups.example", 16);
    assert_eq!((text[3] & 15, text[7]), (0, 0));
    let told = ground.told();
    assert!(told.iter().all(|line| line.starts_with("known ")), "{told:?}");
}

#[test]
fn a_question_over_which_the_gate_panics_ends_nothing() {
    let ground = Ground::plain();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.send_to(&question("a.gate.that.panics", 1), ground.dns).unwrap();
    assert!(ask(&ground, "a.example", 1).ends_with(&[198, 18, 0, 1]));
}

#[test]
fn questions_over_tcp_are_answered_too() {
    let ground = Ground::plain();
    let mut tcp = TcpStream::connect(ground.dns).unwrap();
    for _ in 0..2 {
        let question = question("a.example", 1);
        tcp.write_all(&u16::try_from(question.len()).unwrap().to_be_bytes()).unwrap();
        tcp.write_all(&question).unwrap();
        let mut length = [0; 2];
        tcp.read_exact(&mut length).unwrap();
        let mut reply = vec![0; usize::from(u16::from_be_bytes(length))];
        tcp.read_exact(&mut reply).unwrap();
        assert!(reply.ends_with(&[198, 18, 0, 1]));
    }
}

#[test]
fn a_made_up_address_stands_for_its_name_at_every_door() {
    let origin = Origin::plain(|_| ok("here"));
    let ground = Ground::plain();
    let reply = ask(&ground, "web.test", 1);
    let address = &reply[reply.len() - 4..];
    let port = origin.port();
    let get = format!("GET / HTTP/1.1\r\nHost: web.test:{port}\r\n\r\n");
    let socks = [&[5, 1, 0, 5, 1, 0, 1][..], address, &port.to_be_bytes(), get.as_bytes()].concat();
    assert!(talk(ground.socks, &socks).ends_with("here"));
    let text = address.iter().map(u8::to_string).collect::<Vec<_>>().join(".");
    assert!(ground.exchange(format!("CONNECT {text}:{port} HTTP/1.1\r\n\r\n{get}")).ends_with("here"));
    let plain = format!("GET http://{text}:{port}/ HTTP/1.1\r\nHost: {text}:{port}\r\n\r\n");
    assert!(ground.exchange(plain).ends_with("here"));
    assert!(origin.got().iter().all(|got| got.field("host") == Some(format!("web.test:{port}").as_str())));
    assert!(ground.exchange(format!("CONNECT 198.19.9.9:{port} HTTP/1.1\r\n\r\n")).starts_with("HTTP/1.1 502"));
}

#[test]
fn a_public_name_never_leads_inside() {
    let origin = Origin::plain(|_| ok("inside"));
    let inside = [
        "127.0.0.1",
        "::1",
        "10.0.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.0.9",
        "169.254.169.254",
        "fd00:ec2::254",
        "100.100.100.200",
        "224.0.0.1",
        "0.0.0.0",
        "::",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "198.18.0.1",
    ];
    for address in inside {
        let ground = Ground::new(Wishes { names: vec![("a.public", vec![vec![address]])], ..Wishes::default() });
        let answer = ground.exchange(format!("CONNECT a.public:{} HTTP/1.1\r\n\r\n", origin.port()));
        assert!(answer.starts_with("HTTP/1.1 403 "), "{address}: {answer}");
    }
    assert!(origin.got().is_empty());
}

#[test]
fn a_name_with_one_address_inside_is_inside() {
    let ground = Ground::new(Wishes { names: vec![("a.public", vec![vec!["1.1.1.1", "127.0.0.1"]])], ..Wishes::default() });
    let answer = ground.exchange("CONNECT a.public:443 HTTP/1.1\r\n\r\n");
    assert!(answer.contains("the address is loopback"), "{answer}");
}

#[test]
fn a_second_answer_is_never_asked_for() {
    // Outside first, inside at the second look-up: what is connected to is the first. Nothing answers there, and the
    // server inside sees nobody.
    let origin = Origin::plain(|_| ok("inside"));
    let names = vec![("a.public", vec![vec!["192.0.1.1"], vec!["127.0.0.1"]])];
    let mut wishes = Wishes { names, ..Wishes::default() };
    wishes.limits.connect_time = Duration::from_millis(200);
    let mut ground = Ground::new(wishes);
    let answer = ground.exchange(format!("CONNECT a.public:{} HTTP/1.1\r\n\r\n", origin.port()));
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    assert!(origin.got().is_empty());
    let told = ground.told();
    assert!(told.contains(&"connect a.public [192.0.1.1] Public".to_owned()), "{told:?}");
    assert!(!told.iter().any(|line| line.contains("127.0.0.1")), "{told:?}");
}

#[test]
fn a_name_may_be_local_where_a_rule_says_so_but_metadata_never() {
    let names = vec![("meta.test", vec![vec!["169.254.169.254"]])];
    let ground = Ground::new(Wishes { names, ..Wishes::default() });
    assert!(ground.exchange("CONNECT meta.test:80 HTTP/1.1\r\n\r\n").contains("cloud metadata"));
    assert!(ground.exchange("CONNECT 169.254.169.254:80 HTTP/1.1\r\n\r\n").contains("cloud metadata"));
    assert!(ground.exchange("CONNECT [::ffff:169.254.169.254]:80 HTTP/1.1\r\n\r\n").contains("cloud metadata"));
}

#[test]
fn a_literal_address_inside_needs_a_rule_too() {
    let ground = Ground::plain();
    for (target, class) in [
        ("[::1]:80", "loopback"),
        ("10.0.0.1:80", "private"),
        ("[::ffff:10.0.0.1]:80", "private"),
        ("[fe80::1]:80", "link-local"),
    ] {
        let answer = ground.exchange(format!("CONNECT {target} HTTP/1.1\r\n\r\n"));
        assert!(answer.contains(&format!("the address is {class}")), "{target}: {answer}");
    }
}

#[test]
fn a_denied_name_is_not_looked_up() {
    // The script has no such name: a look-up would say 502.
    let mut ground = Ground::plain();
    let answer = ground.exchange("CONNECT stolen-data.evil.example:443 HTTP/1.1\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 403 ") && answer.contains("no rule names this host"), "{answer}");
    assert!(!ground.told().iter().any(|line| line.starts_with("connect")));
}
