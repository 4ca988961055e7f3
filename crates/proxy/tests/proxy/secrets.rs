//! Credentials: in towards their hosts, back out of the answers, nowhere else.

use std::sync::{Arc, Mutex};

use bailiwick_proxy::host::HostPattern;
use bailiwick_proxy::intercept::Interception;
use bailiwick_proxy::intercept::Trust;
use bailiwick_proxy::secrets::{AccessKeyId, BadSecret, Secret, Secrets, Value, placeholder};
use bailiwick_proxy::server::{Listeners, NoStart, Proxy, Settings};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::clients::run;
use crate::ground::{Ground, Script, Wishes, talk, talk_bytes};
use crate::origin::{Got, Origin, ok};
use crate::tls;

const REAL: &str = "sk-live-0aB1cD2eF3gH4iJ5kL6mN7oP8qR9";
const HELD: &str = "sk-live-9zY8xW7vU6tS5rQ4pO3nM2lK1jI0";

fn secret(hosts: &[&str], cleartext: bool) -> Secret {
    Secret {
        name: "key".to_owned(),
        placeholder: HELD.to_owned(),
        value: Value::new(REAL),
        hosts: hosts.iter().map(|host| HostPattern::parse(host).unwrap()).collect(),
        slots: vec![bailiwick_proxy::secrets::Slot::Any],
        cleartext,
        aws: None,
    }
}

fn for_api(cleartext: bool) -> Wishes {
    Wishes { secrets: Secrets::new(vec![secret(&["api.test"], cleartext)]).unwrap(), ..Wishes::default() }
}

fn unchunked(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((length, after)) = rest.split_once("\r\n") {
        let (chunk, after) = after.split_at(usize::from_str_radix(length, 16).unwrap());
        body.push_str(chunk);
        rest = &after[2..];
    }
    body
}

fn get(host: &str, port: u16, path: &str, more: &str) -> String {
    format!("GET http://{host}:{port}{path} HTTP/1.1\r\nHost: {host}:{port}\r\n{more}\r\n")
}

#[test]
fn a_placeholder_becomes_the_credential_on_the_way_out_and_back_again() {
    let origin = Origin::plain(|got| {
        let all: Vec<String> = got.fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let mut answer = format!("HTTP/1.1 200 OK\r\nX-Echo: {}\r\nTransfer-Encoding: chunked\r\n\r\n", all.join("|"));
        // One byte a chunk: the credential lies across chunks.
        for byte in all.join("\n").bytes() {
            answer.push_str(&format!("1\r\n{}\r\n", char::from(byte)));
        }
        (answer + "0\r\n\r\n").into_bytes()
    });
    let mut ground = Ground::new(for_api(true));
    let basic = STANDARD.encode(format!("user:{HELD}"));
    let more =
        format!("Authorization: Bearer {HELD}\r\nX-Api-Key: {HELD}\r\nX-Basic: Basic {basic}\r\nAccept-Encoding: gzip\r\n");
    let answer = ground.exchange(get("api.test", origin.port(), &format!("/?own={HELD}"), &more));
    let got = &origin.got()[0];
    assert_eq!(got.field("authorization"), Some(format!("Bearer {REAL}").as_str()));
    assert_eq!(got.field("x-api-key"), Some(REAL));
    assert_eq!(got.field("x-basic"), Some(format!("Basic {}", STANDARD.encode(format!("user:{REAL}"))).as_str()));
    assert_eq!(got.field("accept-encoding"), Some("identity"));
    assert!(!answer.contains(REAL) && !answer.contains(&STANDARD.encode(format!("user:{REAL}"))), "{answer}");
    let joined = unchunked(answer.split_once("\r\n\r\n").unwrap().1);
    assert!(joined.contains(&format!("Authorization: Bearer {HELD}")), "{joined}");
    assert!(joined.contains(&format!("Basic {basic}")), "{joined}");
    assert!(answer.lines().any(|line| line.starts_with("X-Echo") && line.contains(HELD)), "{answer}");
    assert_eq!(ground.closed()[0].credentials, ["key"]);
}

#[test]
fn a_credential_is_put_in_where_it_belongs_and_in_no_other_header() {
    use bailiwick_proxy::secrets::Slot;
    let origin = Origin::plain(|got| ok(format!("{:?}", got.fields)));
    let sent = |slots: Vec<Slot>| {
        let secret = Secret { slots, ..secret(&["api.test"], true) };
        let ground = Ground::new(Wishes { secrets: Secrets::new(vec![secret]).unwrap(), ..Wishes::default() });
        let basic = STANDARD.encode(format!("user:{HELD}"));
        for more in [
            format!("Authorization: token {HELD}"),
            format!("authorization: basic {basic}"),
            format!("X-Api-Key: {HELD}\r\nX-Note: {HELD}"),
        ] {
            ground.exchange(get("api.test", origin.port(), "/", &format!("{more}\r\n")));
        }
        let all = std::mem::take(&mut *origin.got.lock().unwrap());
        let real = [REAL.to_owned(), STANDARD.encode(format!("user:{REAL}"))];
        let has = |at: usize, name: &str| {
            let value = all[at].field(name).unwrap();
            assert!(value.contains(HELD) || value.contains(&basic) || real.iter().any(|real| value.contains(real)));
            real.iter().any(|real| value.contains(real))
        };
        [has(0, "authorization"), has(1, "authorization"), has(2, "x-api-key"), has(2, "x-note")]
    };
    assert_eq!(sent(vec![Slot::Any]), [true; 4]);
    assert_eq!(sent(vec![Slot::Bearer]), [true, false, false, false]);
    assert_eq!(sent(vec![Slot::Basic]), [false, true, false, false]);
    assert_eq!(sent(vec![Slot::Bearer, Slot::Header("x-api-key".to_owned())]), [true, false, true, false]);
    assert_eq!(sent(Vec::new()), [false; 4]);
}

#[test]
fn a_placeholder_towards_another_host_is_stopped_wherever_it_stands() {
    let origin = Origin::plain(|_| ok("taken"));
    let mut ground = Ground::new(for_api(true));
    let port = origin.port();
    let hex: String = HELD.bytes().map(|byte| format!("{byte:02x}")).collect();
    let posted = |body: &str| {
        format!("POST http://web.test:{port}/ HTTP/1.1\r\nHost: web.test:{port}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    };
    // One half ends what the gate is shown, the other begins what streams.
    let (start, end) = HELD.split_at(12);
    let cut = format!(
        "POST http://web.test:{port}/ HTTP/1.1\r\nHost: web.test:{port}\r\nTransfer-Encoding: chunked\r\n\r\n\
         10000\r\n{}{start}\r\n{:x}\r\n{end}\r\n0\r\n\r\n",
        "x".repeat(0x10000 - start.len()),
        end.len()
    );
    let escaped: String = HELD.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let attempts = [
        get("web.test", port, &format!("/?q={HELD}"), ""),
        get("web.test", port, &format!("/{hex}"), ""),
        get("web.test", port, &format!("/{}", STANDARD.encode(format!("x{HELD}"))), ""),
        get("web.test", port, &format!("/?q={escaped}"), ""),
        get("web.test", port, "/", &format!("Authorization: Bearer {HELD}\r\n")),
        get("web.test", port, "/", &format!("Authorization: Basic {}\r\n", STANDARD.encode(format!("me:{HELD}")))),
        get("web.test", port, "/", &format!("Cookie: a=b; c={REAL}\r\n")),
        get("web.test", port, "/", &format!("{HELD}: x\r\n")),
        posted(&format!("{{\"key\": \"{HELD}\"}}")),
        posted(&STANDARD.encode(format!("some text and then {HELD} and more"))),
        posted(&format!("{}{HELD}", "x".repeat(200_000))),
        cut,
        posted(&format!("{}{HELD}{}", "x".repeat(65_520), "y".repeat(90_000))),
        get(&format!("{}.web.test", HELD.to_lowercase()), port, "/", ""),
        get("sk-live-9zy8xw7vu6t.s5rq4po3nm2lk1ji0.web.test", port, "/", ""),
    ];
    for attempt in &attempts {
        let answer = ground.exchange(attempt);
        assert!(answer.starts_with("HTTP/1.1 403 ") && answer.contains("credential `key`"), "{attempt:.200}\n{answer}");
    }
    assert!(origin.got().is_empty());
    let told = ground.told();
    assert_eq!(told.iter().filter(|line| line.starts_with("leaked key ")).count(), attempts.len(), "{told:?}");
}

#[test]
fn a_placeholder_in_other_streams_and_questions_is_stopped() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = std::io::Read::read_to_end(&mut listener.accept().unwrap().0, &mut bytes);
        bytes
    });
    let mut ground = Ground::new(for_api(true));
    let head = [&[5u8, 1, 0, 5, 1, 0, 3, 9][..], b"mail.test", &port.to_be_bytes(), b"\0binary "].concat();
    talk(ground.socks, &[&head, HELD.as_bytes()].concat());
    assert!(!String::from_utf8_lossy(&server.join().unwrap()).contains(HELD));
    let mut question = vec![7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, u8::try_from(HELD.len()).unwrap()];
    question.extend(HELD.as_bytes());
    question.extend(b"\x04evil\x07example\0\0\x01\0\x01");
    let mut framed = u16::try_from(question.len()).unwrap().to_be_bytes().to_vec();
    framed.extend(&question);
    assert_eq!(talk_bytes(ground.dns, &framed)[5] & 15, 3);
    let told = ground.told();
    assert!(told.contains(&"leaked key mail.test Body".to_owned()), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("leaked key") && line.ends_with("Name")), "{told:?}");
}

#[test]
fn a_credential_does_not_travel_unencrypted_unless_it_may() {
    let origin = Origin::plain(|_| ok("taken"));
    let secure = Origin::tls(&["api.test"], |got| ok(got.field("x-api-key").unwrap_or("none").replace("live", "seen")));
    let (ground, authority) = tls::opened("cleartext", &secure, &[], for_api(false));
    let answer = ground.exchange(get("api.test", origin.port(), "/", &format!("X-Api-Key: {HELD}\r\n")));
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert!(origin.got().is_empty());
    let field = format!("x-api-key: {HELD}");
    let said = tls::curl(&ground, &authority, &format!("https://api.test:{}/", secure.port()), &["-H", &field]);
    assert_eq!(said, REAL.replace("live", "seen"));
}

#[test]
fn echoes_inside_tls_are_swapped_too() {
    let origin = Origin::tls(&["api.test"], |got| ok(format!("you sent {:?}", got.fields)));
    let (ground, authority) = tls::opened("echo", &origin, &[], for_api(false));
    let field = format!("Authorization: Bearer {HELD}");
    let said = tls::curl(&ground, &authority, &format!("https://api.test:{}/", origin.port()), &["-H", &field]);
    assert!(said.contains(&format!("Bearer {HELD}")) && !said.contains(REAL), "{said}");
    assert_eq!(origin.got()[0].field("authorization"), Some(format!("Bearer {REAL}").as_str()));
}

#[test]
fn an_answer_in_a_coding_nobody_asked_for_is_not_passed_on() {
    let origin = Origin::plain(|_| b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nxxxx".to_vec());
    let ground = Ground::new(for_api(true));
    let answer = ground.exchange(get("api.test", origin.port(), "/", ""));
    assert!(answer.starts_with("HTTP/1.1 502 ") && !answer.contains("xxxx"), "{answer}");
    assert!(ground.exchange(get("web.test", origin.port(), "/", "")).ends_with("xxxx"));
}

#[test]
fn credentials_that_could_not_be_kept_apart_are_refused() {
    let bad = |change: fn(&mut Secret)| {
        let mut secret = secret(&["api.test"], false);
        change(&mut secret);
        Secrets::new(vec![secret]).unwrap_err()
    };
    let name = || "key".to_owned();
    assert_eq!(bad(|secret| secret.value = Value::new("short")), BadSecret::Length(name()));
    assert_eq!(bad(|secret| secret.value = Value::new("with a space in it, and long")), BadSecret::Letters(name()));
    assert_eq!(bad(|secret| secret.value = Value::new(&REAL.replace('-', "/"))), BadSecret::Shape(name()));
    assert_eq!(bad(|secret| secret.placeholder.push('x')), BadSecret::Shape(name()));
    assert_eq!(bad(|secret| secret.placeholder = REAL.to_owned()), BadSecret::Shape(name()));
    assert_eq!(bad(|secret| secret.hosts.clear()), BadSecret::Hosts(name()));
    let twice = Secrets::new(vec![secret(&["a.test"], false), secret(&["b.test"], false)]);
    assert_eq!(twice.unwrap_err(), BadSecret::Twice(name()));
    let shown = format!("{:?} {:?}", secret(&["a.test"], false), Secrets::new(vec![secret(&["a.test"], false)]));
    assert!(!shown.contains(REAL), "{shown}");
    assert!(Secrets::new(vec![Secret { placeholder: placeholder(REAL).unwrap(), ..secret(&["a.test"], false) }]).is_ok());
}

#[test]
fn a_credential_for_a_host_that_is_not_opened_does_not_start() {
    let origin = Origin::tls(&["api.test"], |_| ok(""));
    let start = |spared: Option<&[&str]>| {
        let interception = spared.map(|spared| {
            let spared = spared.iter().map(|pattern| HostPattern::parse(pattern).unwrap()).collect();
            Interception::new(&Trust::Only(vec![origin.root.clone()]), spared).unwrap()
        });
        let rules = crate::ground::Rules {
            told: Mutex::default(),
            closed: Mutex::default(),
            judge: Box::new(|_| bailiwick_proxy::gate::Answer::Allow),
        };
        let settings = Settings {
            gate: Arc::new(rules),
            resolver: Arc::new(Script::default()),
            limits: bailiwick_proxy::limits::Limits::default(),
            secrets: Secrets::new(vec![secret(&["api.test"], false)]).unwrap(),
            interception,
        };
        Proxy::start(Listeners::default(), settings)
    };
    for spared in [None, Some(&["*.test"][..]), Some(&["api.test"])] {
        assert!(matches!(start(spared), Err(NoStart::Secret(BadSecret::Unopened(_)))), "{spared:?}");
    }
    assert!(start(Some(&["web.test"])).is_ok());
}

const AWS_ID: &str = "AKIAREALREALREALREAL";
const AWS_HELD_ID: &str = "AKIAHELDHELDHELDHELD";
const AWS_KEY: &str = "RealKey/RealKeyRealKeyRealKeyRealKey+Rea";
const AWS_HELD_KEY: &str = "heldkEY/heldkEYheldkEYheldkEYheldkEY+hel";

/// Signs what arrived once more, with Python's own HMAC: nothing of ours.
const VERIFY: &str = "
import hashlib, hmac, json, sys
r = json.loads(sys.argv[1])
h = {k.lower(): v for k, v in r['fields']}
a = dict(p.strip().split('=', 1) for p in h['authorization'].split(' ', 1)[1].split(','))
ident, date, region, service, end = a['Credential'].split('/')
method, target, _ = r['line'].split(' ')
path, _, query = target.partition('?')
names = a['SignedHeaders'].split(';')
body = r['body'].encode()
payload = h.get('x-amz-content-sha256') or hashlib.sha256(body).hexdigest()
canonical = '\\n'.join([method, path, query, *[n + ':' + h[n] for n in names], '', ';'.join(names), payload])
text = '\\n'.join(['AWS4-HMAC-SHA256', h['x-amz-date'], '/'.join([date, region, service, end]),
    hashlib.sha256(canonical.encode()).hexdigest()])
key = ('AWS4' + sys.argv[2]).encode()
for part in (date, region, service, end): key = hmac.new(key, part.encode(), hashlib.sha256).digest()
print(ident, hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == a['Signature'])
";

fn verified(got: &Got, key: &str) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let fields: Vec<String> = got.fields.iter().map(|(name, value)| format!("[{},{}]", quoted(name), quoted(value))).collect();
    let body = quoted(&String::from_utf8_lossy(&got.body));
    let json = format!("{{\"line\":{},\"fields\":[{}],\"body\":{body}}}", quoted(&got.line), fields.join(","));
    let output = run("python3", &["-c", VERIFY, &json, key]);
    format!("{}{}", String::from_utf8_lossy(&output.stdout).trim(), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn what_curl_signs_with_placeholders_arrives_signed_with_the_real_pair() {
    let origin = Origin::tls(&["data.test"], |got| ok(format!("{:?}", got.field("authorization"))));
    let pair = Secret {
        name: "aws".to_owned(),
        placeholder: AWS_HELD_KEY.to_owned(),
        value: Value::new(AWS_KEY),
        hosts: vec![HostPattern::parse("data.test").unwrap()],
        slots: vec![bailiwick_proxy::secrets::Slot::Any],
        cleartext: false,
        aws: Some(AccessKeyId { placeholder: AWS_HELD_ID.to_owned(), value: Value::new(AWS_ID) }),
    };
    let wishes = Wishes { secrets: Secrets::new(vec![pair]).unwrap(), ..Wishes::default() };
    let (mut ground, authority) = tls::opened("aws", &origin, &[], wishes);
    let user = format!("{AWS_HELD_ID}:{AWS_HELD_KEY}");
    let url = format!("https://data.test:{}/a/b?x=1&y=2", origin.port());
    for service in ["s3", "sts"] {
        let sign = format!("aws:amz:us-east-1:{service}");
        for body in [&[][..], &["-d", "Action=GetCallerIdentity"]] {
            let said = tls::curl(&ground, &authority, &url, &[&["--aws-sigv4", &sign, "--user", &user], body].concat());
            assert!(said.contains(AWS_HELD_ID) && !said.contains(AWS_ID), "{said}");
        }
    }
    assert_eq!(origin.got().len(), 4);
    for got in origin.got() {
        assert_eq!(verified(&got, AWS_KEY), format!("{AWS_ID} True"), "{got:?}");
        assert_eq!(verified(&got, AWS_HELD_KEY), format!("{AWS_ID} False"));
    }
    let wrong = format!("{AWS_HELD_ID}:another/key/than/the/placeholder/is/here");
    let said = tls::curl(&ground, &authority, &url, &["--aws-sigv4", "aws:amz:us-east-1:sts", "--user", &wrong]);
    assert!(said.contains("signature is wrong"), "{said}");
    let elsewhere =
        tls::curl(&ground, &authority, &url.replace("data.test", "web.test"), &["--aws-sigv4", "aws:amz:x:sts", "--user", &user]);
    assert!(elsewhere.contains("credential `aws` is not for this host"), "{elsewhere}");
    assert_eq!(origin.got().len(), 4);
    assert!(ground.closed().iter().any(|connection| connection.credentials == ["aws"]));
}
