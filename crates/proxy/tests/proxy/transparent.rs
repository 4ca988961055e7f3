//! Programs that know of no proxy: their look-ups are answered by us, and their connections arrive at our listeners. In a
//! network namespace of its own, as in a sandbox, which this test makes by starting itself again under `unshare`.

use std::net::{Ipv4Addr, UdpSocket};
use std::path::Path;
use std::process::Command;

use crate::clients::run;
use crate::ground::Wishes;
use crate::origin::{Origin, ok};
use crate::tls;

const INSIDE: &str = "PROXY_TEST_INSIDE";

#[test]
fn a_program_that_knows_no_proxy_goes_through() {
    if std::env::var_os(INSIDE).is_some() {
        return inside();
    }
    let resolv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("resolv.conf");
    std::fs::write(&resolv, "nameserver 127.0.0.1\n").unwrap();
    let script = format!(
        "ip link set lo up && ip route add local 198.18.0.0/15 dev lo && mount --bind {} /etc/resolv.conf && \
         exec \"$0\" --exact transparent::a_program_that_knows_no_proxy_goes_through --nocapture",
        resolv.display()
    );
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--net", "--mount", "sh", "-c", &script]).arg(std::env::current_exe().unwrap());
    let output = command.env(INSIDE, "1").output();
    let output = output.map_err(|error| format!("this test needs unshare and ip: {error}")).unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && text.contains("inside: all seen"), "{text}");
}

fn inside() {
    let origin = Origin::plain(|got| ok(format!("plain {}", got.field("host").unwrap_or("none"))));
    let secure = Origin::tls(&["secure.test"], |got| ok(format!("secure {}", got.field("host").unwrap_or("none"))));
    let wishes = Wishes { transparent: vec![origin.port(), secure.port()], dns_at: Some(53), ..Wishes::default() };
    let (mut ground, authority) = tls::opened("transparent", &secure, &[], wishes);
    let curl = |url: String, more: &[&str]| {
        let output = run("curl", &[&["-sS", "--cacert", &authority, &url][..], more].concat());
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    };
    let plain = format!("web.test:{}", origin.port());
    assert_eq!(curl(format!("http://{plain}/"), &[]), format!("plain {plain}"));
    let private = format!("secure.test:{}", secure.port());
    assert_eq!(curl(format!("https://{private}/"), &[]), format!("secure {private}"));
    let refused = curl(format!("http://bad.example:{}/", origin.port()), &[]);
    assert!(refused.contains("bailiwick: denied: no rule names this host"), "{refused}");
    let refused = curl(format!("https://bad.example:{}/", secure.port()), &[]);
    assert!(refused.contains("access denied"), "{refused}");
    // A name of its own, by an address that stands for another.
    let fronted = curl(format!("http://{plain}/"), &["-H", "Host: other.test"]);
    assert!(fronted.contains("Host says `other.test`"), "{fronted}");
    assert!(UdpSocket::bind("0.0.0.0:0").unwrap().send_to(b"x", (Ipv4Addr::new(1, 1, 1, 1), 53)).is_err());
    let told = ground.told();
    assert!(told.contains(&format!("wanted web.test:{} Transparent", origin.port())), "{told:?}");
    assert!(told.contains(&"known bad.example".to_owned()), "{told:?}");
    assert!(told.iter().any(|line| line.starts_with("refused bad.example")), "{told:?}");
    println_marker();
}

#[expect(clippy::print_stdout, reason = "what the outer half of the test looks for")]
fn println_marker() {
    println!("inside: all seen");
}
