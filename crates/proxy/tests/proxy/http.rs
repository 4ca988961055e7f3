//! Plain HTTP and CONNECT: what passes, what is refused, what the gate is told.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use bailiwick_proxy::gate::Answer;
use bailiwick_proxy::limits::Limits;

use crate::ground::{Ground, Wishes};
use crate::origin::{Got, Origin, ok};

fn echo(got: &Got) -> Vec<u8> {
    ok(format!("{} with {} bytes", got.line, got.body.len()))
}

#[test]
fn a_plain_request_goes_through_and_is_told() {
    let origin = Origin::plain(echo);
    let mut ground = Ground::plain();
    let answer = ground.exchange(format!(
        "GET http://web.test:{0}/a?b=c HTTP/1.1\r\nHost: web.test:{0}\r\nProxy-Connection: keep-alive\r\nX: 1\r\n\r\n",
        origin.port()
    ));
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("GET /a?b=c HTTP/1.1 with 0 bytes"), "{answer}");
    let got = &origin.got()[0];
    assert_eq!(got.field("Host"), Some(format!("web.test:{}", origin.port()).as_str()));
    assert_eq!((got.field("X"), got.field("Proxy-Connection")), (Some("1"), None));
    let closed = ground.closed();
    assert_eq!(closed.len(), 1);
    assert_eq!((closed[0].requests, closed[0].destination.host.to_string()), (1, "web.test".to_owned()));
    assert!(closed[0].bytes_out > 30 && closed[0].bytes_in > 60, "{closed:?}");
}

#[test]
fn requests_on_one_connection_may_name_different_servers() {
    let (one, two) = (Origin::plain(echo), Origin::plain(echo));
    let mut ground = Ground::plain();
    let ask = |host: &str, port: u16| format!("GET http://{host}:{port}/ HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n");
    let answer = ground.exchange(
        ask("one.test", one.port()) + &ask("one.test", one.port()) + &ask("two.test", two.port()) + &ask("bad.example", 80),
    );
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 3, "{answer}");
    assert!(answer.contains("HTTP/1.1 403 Forbidden"), "{answer}");
    assert_eq!((one.got().len(), two.got().len()), (2, 1));
    let told = ground.told();
    assert_eq!(told.iter().filter(|line| line.starts_with("wanted one.test")).count(), 1);
    assert_eq!(told.iter().filter(|line| line.starts_with("closed")).count(), 2);
}

#[test]
fn bodies_come_through_in_either_framing() {
    let origin = Origin::plain(|got| {
        let mut answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for piece in got.body.chunks(1000) {
            answer.extend(format!("{:x}\r\n", piece.len()).as_bytes());
            answer.extend(piece);
            answer.extend(b"\r\n");
        }
        answer.extend(b"0\r\n\r\n");
        answer
    });
    let ground = Ground::plain();
    let at = format!("web.test:{}", origin.port());
    let body = "x".repeat(300_000);
    for framing in [
        format!("Content-Length: {}\r\n\r\n{body}", body.len()),
        format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len()),
    ] {
        let answer = ground.exchange(format!("POST http://{at}/ HTTP/1.1\r\nHost: {at}\r\n{framing}"));
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer:.200}");
        assert_eq!(answer.matches('x').count(), body.len());
    }
    assert!(origin.got().iter().all(|got| got.body.len() == body.len()));
}

#[test]
fn a_denied_request_does_not_leave() {
    let origin = Origin::plain(echo);
    let judge = Box::new(|request: &bailiwick_proxy::gate::Request<'_>| match request.git.as_ref() {
        Some(git) if git.push && git.repository != "me/mine" => Answer::Deny { reason: format!("push to {}", git.repository) },
        Some(_) => Answer::Allow,
        None if request.body.starts_with(b"secret") => Answer::Deny { reason: "the body".to_owned() },
        None if request.length.is_none_or(|length| length > 100_000) => Answer::Deny { reason: "too long".to_owned() },
        None => Answer::Allow,
    });
    let ground = Ground::new(Wishes { judge: Some(judge), ..Wishes::default() });
    let post = |path: &str, body: &str| {
        let at = format!("web.test:{}", origin.port());
        ground.exchange(format!("POST http://{at}{path} HTTP/1.1\r\nHost: {at}\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
    };
    assert!(post("/you/yours.git/git-receive-pack", "0000").contains("403 Forbidden"));
    assert!(post("/you/yours.git/git-receive-pack", "0000").contains("push to you/yours"));
    assert!(post("/me/mine.git/git-receive-pack", "0000").contains("200 OK"));
    assert!(post("/", "secret").contains("denied: the body"));
    assert!(post("/", &"y".repeat(200_000)).contains("denied: too long"));
    assert_eq!(origin.got().len(), 1);
}

#[test]
fn a_body_without_end_is_asked_about_as_it_grows() {
    let origin = Origin::plain(echo);
    let mut ground = Ground::plain();
    let at = format!("web.test:{}", origin.port());
    let mut tcp = TcpStream::connect(ground.http).unwrap();
    write!(tcp, "POST http://{at}/ HTTP/1.1\r\nHost: {at}\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
    let chunk = format!("10000\r\n{}\r\n", "z".repeat(0x10000));
    for _ in 0..900 {
        if tcp.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    let mut answer = String::new();
    let _ = tcp.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.contains("denied: too much"), "{answer}");
    assert!(origin.got().is_empty());
    let told = ground.told();
    assert!(told.iter().any(|line| line.starts_with("grown web.test")), "{told:?}");
    assert!(told.iter().any(|line| line.contains("denied: too much")), "{told:?}");
}

#[test]
fn odd_requests_are_refused_and_the_server_sees_none() {
    let origin = Origin::plain(echo);
    let ground = Ground::plain();
    let at = format!("web.test:{}", origin.port());
    let start = format!("GET http://{at}/ HTTP/1.1\r\nHost: {at}\r\n");
    for (bytes, status) in [
        (format!("{start}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), 400),
        (format!("{start}Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"), 400),
        (format!("{start}A: b\r\n c\r\n\r\n"), 400),
        (format!("{start}A: b\nC: d\r\n\r\n"), 400),
        (format!("{start}Host: {at}\r\n\r\n"), 400),
        (format!("GET http://{at}/ HTTP/1.1\r\n\r\n"), 400),
        (format!("GET http://{at}/ HTTP/1.1\r\nHost: other.test:{}\r\n\r\n", origin.port()), 421),
        (format!("GET http://{at}/ HTTP/1.1\r\nHost: web.test\r\n\r\n"), 421),
        (format!("GET http://user@{at}/ HTTP/1.1\r\nHost: {at}\r\n\r\n"), 400),
        (format!("GET https://{at}/ HTTP/1.1\r\nHost: {at}\r\n\r\n"), 400),
        (format!("GET ftp://{at}/ HTTP/1.1\r\nHost: {at}\r\n\r\n"), 400),
        (format!("GET / HTTP/1.1\r\nHost: {at}\r\n\r\n"), 400),
        (format!("GET http://0x7f.1:{0}/ HTTP/1.1\r\nHost: 0x7f.1:{0}\r\n\r\n", origin.port()), 400),
        (format!("GET http://{at}/ HTTP/2.0\r\nHost: {at}\r\n\r\n"), 400),
        (format!("CONNECT {at}/ HTTP/1.1\r\n\r\n"), 400),
        (format!("CONNECT {at} HTTP/1.1\r\nHost: other.test:{}\r\n\r\n", origin.port()), 421),
        ("CONNECT web.test HTTP/1.1\r\n\r\n".to_owned(), 400),
        (format!("{start}{}\r\n", "A: b\r\n".repeat(200)), 400),
        (format!("{start}A: {}\r\n\r\n", "b".repeat(70_000)), 400),
        ("\x05\x01\x00\r\n\r\n".to_owned(), 400),
    ] {
        let answer = ground.exchange(&bytes);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{bytes:.300}\n{answer}");
    }
    assert!(origin.got().is_empty());
}

#[test]
fn odd_answers_do_not_reach_the_client() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx",
        "HTTP/1.1 200 OK\nContent-Length: 1\n\nx",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 1\r\n\r\nx",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "SSH-2.0-x\r\n\r\n",
    ] {
        let origin = Origin::plain(move |_| answer.as_bytes().to_vec());
        let ground = Ground::plain();
        let at = format!("web.test:{}", origin.port());
        let said = ground.exchange(format!("GET http://{at}/ HTTP/1.1\r\nHost: {at}\r\n\r\n"));
        assert!(said.starts_with("HTTP/1.1 502 ") && !said.contains("200"), "{answer:?}\n{said}");
    }
}

#[test]
fn http_behind_connect_is_read_like_any_other() {
    let origin = Origin::plain(echo);
    let mut ground = Ground::plain();
    let at = format!("web.test:{}", origin.port());
    let connect = format!("CONNECT {at} HTTP/1.1\r\nHost: {at}\r\n\r\n");
    let answer = ground.exchange(format!("{connect}GET /x HTTP/1.1\r\nHost: {at}\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK"), "{answer}");
    let fronted = ground.exchange(format!("{connect}GET /x HTTP/1.1\r\nHost: other.test\r\n\r\n"));
    assert!(fronted.contains("HTTP/1.1 421 "), "{fronted}");
    let other = ground.exchange(format!("{connect}\0\0\0\x08binary"));
    assert_eq!(other, "HTTP/1.1 200 Connection established\r\n\r\n");
    assert_eq!(origin.got().len(), 1);
    let told = ground.told();
    assert!(told.contains(&"request GET web.test/x".to_owned()), "{told:?}");
    assert!(told.contains(&"protocol web.test Other".to_owned()), "{told:?}");
}

#[test]
fn bytes_of_other_protocols_pass_both_ways() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        tcp.write_all(b"220 hello\r\n").unwrap();
        let mut line = [0; 6];
        tcp.read_exact(&mut line).unwrap();
        tcp.write_all(&line).unwrap();
    });
    let mut ground = Ground::plain();
    let mut tcp = TcpStream::connect(ground.http).unwrap();
    write!(tcp, "CONNECT mail.test:{port} HTTP/1.1\r\n\r\n").unwrap();
    let mut bytes = [0; 39 + 11];
    tcp.read_exact(&mut bytes).unwrap();
    assert!(bytes.ends_with(b"\r\n\r\n220 hello\r\n"));
    tcp.write_all(b"EHLO\r\n").unwrap();
    let mut rest = Vec::new();
    tcp.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, b"EHLO\r\n");
    let closed = ground.closed();
    assert_eq!((closed[0].bytes_out, closed[0].bytes_in, closed[0].requests), (6, 17, 0));
}

#[test]
fn a_server_that_speaks_first_hides_no_tls_behind_it() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        tcp.write_all(b"!").unwrap();
        let mut rest = Vec::new();
        let _ = tcp.read_to_end(&mut rest);
        rest
    });
    let ground = Ground::plain();
    let mut tcp = TcpStream::connect(ground.http).unwrap();
    write!(tcp, "CONNECT mail.test:{port} HTTP/1.1\r\n\r\n").unwrap();
    let mut bytes = [0; 40];
    tcp.read_exact(&mut bytes).unwrap();
    assert_eq!(bytes[39], b'!');
    tcp.write_all(b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n").unwrap();
    let _ = tcp.read_to_end(&mut Vec::new());
    assert_eq!(server.join().unwrap(), b"");
}

#[test]
fn a_body_that_pauses_does_not_wait_for_its_beginning_to_be_whole() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        let mut seen = Vec::new();
        let mut byte = [0];
        while !seen.ends_with(b"5\r\nhello\r\n") {
            tcp.read_exact(&mut byte).unwrap();
            seen.extend(byte);
        }
        tcp.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nyou\r\n").unwrap();
        while !seen.ends_with(b"0\r\n\r\n") {
            tcp.read_exact(&mut byte).unwrap();
            seen.extend(byte);
        }
        tcp.write_all(b"3\r\ntoo\r\n0\r\n\r\n").unwrap();
    });
    let limits = Limits { prefix_time: Duration::from_millis(100), ..Limits::default() };
    let ground = Ground::new(Wishes { limits, ..Wishes::default() });
    let at = format!("web.test:{port}");
    let mut tcp = TcpStream::connect(ground.http).unwrap();
    tcp.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(tcp, "POST http://{at}/ HTTP/1.1\r\nHost: {at}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n").unwrap();
    let mut answer = Vec::new();
    let mut byte = [0];
    while !answer.ends_with(b"you\r\n") {
        tcp.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    tcp.write_all(b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n").unwrap();
    while !answer.ends_with(b"too\r\n0\r\n\r\n") {
        tcp.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    tcp.read_exact(&mut [0; 12]).unwrap();
}

#[test]
fn an_answer_without_a_length_ends_with_its_connection() {
    let origin = Origin::plain(|_| b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nas long as it lasts".to_vec());
    let ground = Ground::plain();
    let ask = |version: &str| format!("GET http://web.test:{0}/ HTTP/{version}\r\nHost: web.test:{0}\r\n\r\n", origin.port());
    let answer = ground.exchange(ask("1.1") + &ask("1.1"));
    assert_eq!(answer.matches("\r\n13\r\nas long as it lasts\r\n0\r\n\r\n").count(), 2, "{answer}");
    let old = ground.exchange(ask("1.0"));
    assert!(old.ends_with("\r\n\r\nas long as it lasts") && !old.contains("chunked"), "{old}");
}

#[test]
fn an_old_client_gets_no_chunks() {
    let origin =
        Origin::plain(|_| b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n".to_vec());
    let ground = Ground::plain();
    let answer = ground.exchange(format!("GET http://web.test:{}/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", origin.port()));
    assert!(answer.ends_with("\r\n\r\nabc") && answer.contains("Connection: close"), "{answer}");
}

#[test]
fn a_head_request_has_a_length_and_no_body() {
    let origin = Origin::plain(|got| match got.line.starts_with("HEAD") {
        true => b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".to_vec(),
        false => ok("body"),
    });
    let ground = Ground::plain();
    let ask = |method: &str| format!("{method} http://web.test:{0}/ HTTP/1.1\r\nHost: web.test:{0}\r\n\r\n", origin.port());
    let answer = ground.exchange(ask("HEAD") + &ask("GET"));
    assert!(answer.contains("Content-Length: 5000\r\n\r\nHTTP/1.1 200 OK") && answer.ends_with("\r\n\r\nbody"), "{answer}");
}

#[test]
fn what_a_server_says_beyond_its_answer_is_nobodys_answer() {
    let origin = Origin::plain(|got| {
        let mut answer = ok(&got.line);
        answer.extend(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
        answer
    });
    let ground = Ground::plain();
    let ask = |path: &str| format!("GET http://web.test:{0}{path} HTTP/1.1\r\nHost: web.test:{0}\r\n\r\n", origin.port());
    let answer = ground.exchange(ask("/1") + &ask("/2") + &ask("/3"));
    assert!(!answer.contains("forged"), "{answer}");
    assert!((1..=3).all(|n| answer.contains(&format!("GET /{n} HTTP/1.1"))), "{answer}");
}

#[test]
fn a_stop_ends_what_is_open_and_tells_of_it() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut ground = Ground::plain();
    let mut tcp = TcpStream::connect(ground.http).unwrap();
    write!(tcp, "CONNECT web.test:{port} HTTP/1.1\r\n\r\n").unwrap();
    tcp.read_exact(&mut [0; 39]).unwrap();
    let (mut server, _) = listener.accept().unwrap();
    tcp.write_all(b"GET / HTTP/1.1\r\nHost: web.test\r\n\r\n").unwrap();
    assert_eq!(head_of(&mut server), "GET /");
    let start = std::time::Instant::now();
    let closed = ground.closed();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert_eq!((closed.len(), closed[0].requests), (1, 1));
    assert_eq!(server.read(&mut [0]).unwrap(), 0);
    assert!(TcpStream::connect(ground.http).is_err());
}

#[test]
fn a_connection_that_the_server_gave_up_is_made_anew() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let mut heads = Vec::new();
        for answers in [1, 2] {
            let (mut tcp, _) = listener.accept().unwrap();
            for _ in 0..answers {
                heads.push(head_of(&mut tcp));
                tcp.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
            }
            // The next request arrives and is never answered.
            heads.push(head_of(&mut tcp));
        }
        (heads, listener)
    });
    let ground = Ground::plain();
    let ask = |method: &str, path: &str| {
        format!("{method} http://web.test:{port}{path} HTTP/1.1\r\nHost: web.test:{port}\r\nContent-Length: 0\r\n\r\n")
    };
    let answer = ground.exchange(ask("GET", "/1") + &ask("GET", "/2") + &ask("GET", "/3") + &ask("POST", "/4"));
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 3, "{answer}");
    // A POST may have been carried out.
    assert!(answer.contains("HTTP/1.1 502 "), "{answer}");
    let (heads, listener) = server.join().unwrap();
    assert_eq!(heads, ["GET /1", "GET /2", "GET /2", "GET /3", "POST /4"]);
    assert_eq!(connections_waiting(&listener), 0);
}

#[test]
fn a_new_connection_that_the_server_drops_is_not_tried_again() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        (head_of(&mut tcp), listener)
    });
    let ground = Ground::plain();
    let answer = ground.exchange(format!("GET http://web.test:{port}/ HTTP/1.1\r\nHost: web.test:{port}\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    let (head, listener) = server.join().unwrap();
    assert_eq!((head.as_str(), connections_waiting(&listener)), ("GET /", 0));
}

fn connections_waiting(listener: &std::net::TcpListener) -> usize {
    listener.set_nonblocking(true).unwrap();
    std::iter::from_fn(|| listener.accept().ok()).count()
}

fn head_of(tcp: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        tcp.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    String::from_utf8_lossy(&head).split(" HTTP").next().unwrap().to_owned()
}

#[test]
fn many_at_once_each_get_their_own_answer() {
    let origin = Origin::plain(|got| ok(&got.line));
    let mut ground = Ground::plain();
    let (at, port) = (ground.http, origin.port());
    std::thread::scope(|scope| {
        for client in 0..40 {
            scope.spawn(move || {
                let asked: String = (0..25)
                    .map(|n| format!("GET http://web.test:{port}/{client}/{n} HTTP/1.1\r\nHost: web.test:{port}\r\n\r\n"))
                    .collect();
                let answer = crate::ground::talk(at, asked.as_bytes());
                for n in 0..25 {
                    assert_eq!(answer.matches(&format!("GET /{client}/{n} HTTP/1.1")).count(), 1, "{answer}");
                }
            });
        }
    });
    let closed = ground.closed();
    assert_eq!((closed.len(), closed.iter().map(|connection| connection.requests).sum::<u64>()), (40, 1000));
}

#[test]
fn random_bytes_at_every_door_harm_nothing() {
    let origin = Origin::plain(echo);
    let ground = Ground::plain();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let starts: [&[u8]; 8] = [
        b"",
        b"\x05\x01\x00",
        b"\x05\x01\x00\x05\x01\x00",
        b"GET http://",
        b"CONNECT ",
        b"\0\x1d",
        b"\x16\x03\x01",
        b"POST http://web.test/ ",
    ];
    for round in 0..300 {
        let door = [ground.http, ground.socks, ground.dns][round % 3];
        let length = usize::try_from(next() % 300).unwrap();
        let noise = (0..length).map(|_| next().to_le_bytes()[3]);
        let bytes: Vec<u8> = starts[round % 8].iter().copied().chain(noise).collect();
        crate::ground::talk(door, &bytes);
        std::net::UdpSocket::bind("127.0.0.1:0").unwrap().send_to(&bytes, ground.dns).unwrap();
    }
    let at = format!("web.test:{}", origin.port());
    assert!(ground.exchange(format!("GET http://{at}/ HTTP/1.1\r\nHost: {at}\r\n\r\n")).starts_with("HTTP/1.1 200"));
    assert_eq!(origin.got().len(), 1);
}

#[test]
fn slow_heads_are_cut_off() {
    let limits = Limits { head_time: Duration::from_millis(300), ..Limits::default() };
    let ground = Ground::new(Wishes { limits, ..Wishes::default() });
    let mut tcp = TcpStream::connect(ground.http).unwrap();
    let start = std::time::Instant::now();
    let mut answer = Vec::new();
    tcp.write_all(b"GET ").unwrap();
    tcp.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let mut bytes = [0; 1000];
    while start.elapsed() < Duration::from_secs(10) {
        let _ = tcp.write_all(b"x");
        match tcp.read(&mut bytes) {
            Ok(0) => break,
            Ok(length) => answer.extend(&bytes[..length]),
            Err(_) => {}
        }
    }
    assert!(start.elapsed() < Duration::from_secs(5));
    assert!(answer.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&answer));
}

#[test]
fn there_are_only_so_many_at_once() {
    let limits = Limits { connections: 3, ..Limits::default() };
    let mut ground = Ground::new(Wishes { limits, ..Wishes::default() });
    let held: Vec<TcpStream> = (0..3).map(|_| TcpStream::connect(ground.http).unwrap()).collect();
    while ground.proxy.as_ref().unwrap().clients() < 3 {
        std::thread::yield_now();
    }
    assert_eq!(ground.exchange("GET / HTTP/1.1\r\n\r\n"), "");
    drop(held);
    while ground.proxy.as_ref().unwrap().clients() > 0 {
        std::thread::yield_now();
    }
    assert!(ground.exchange("GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 400"));
    assert!(ground.told().iter().any(|line| line.contains("too many connections")));
}

#[test]
fn an_early_answer_ends_a_long_upload() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        let _ = tcp.read(&mut [0; 1000]);
        tcp.write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        let mut sink = [0; 65536];
        while tcp.read(&mut sink).is_ok_and(|length| length > 0) {}
    });
    let ground = Ground::plain();
    let mut tcp = TcpStream::connect(ground.http).unwrap();
    let at = format!("web.test:{port}");
    write!(tcp, "POST http://{at}/ HTTP/1.1\r\nHost: {at}\r\nContent-Length: 900000000\r\n\r\n{}", "x".repeat(70_000)).unwrap();
    let mut answer = String::new();
    tcp.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let _ = tcp.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}
