//! Real clients: curl, Python, git.

use std::path::Path;
use std::process::{Command, Output};

use crate::ground::Ground;
use crate::origin::{Got, Origin, ok};

/// Runs a program that must be there.
pub fn run(program: &str, arguments: &[&str]) -> Output {
    run_with(program, arguments, &[])
}

/// The same with these variables and no others.
pub fn run_with(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let path = Path::new("/usr/bin").join(program);
    assert!(path.exists(), "this test needs {}", path.display());
    let mut command = Command::new(path);
    command.args(arguments).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", "/nonexistent");
    command.envs(variables.iter().copied()).output().unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn echo(got: &Got) -> Vec<u8> {
    ok(format!("{} {}", got.line, got.body.len()))
}

#[test]
fn curl_goes_through_at_every_door() {
    let origin = Origin::plain(echo);
    let ground = Ground::plain();
    let url = format!("http://web.test:{}/x", origin.port());
    for proxy in [format!("http://{}", ground.http), format!("socks5h://{}", ground.socks)] {
        let output = run("curl", &["-sS", "--proxy", &proxy, &url, &url, "-d", &"y".repeat(2000)]);
        assert_eq!(text(&output), "POST /x HTTP/1.1 2000POST /x HTTP/1.1 2000", "{proxy}");
    }
    let tunnel = run("curl", &["-sS", "--proxytunnel", "--proxy", &format!("http://{}", ground.http), &url]);
    assert_eq!(text(&tunnel), "GET /x HTTP/1.1 0");
    let denied = run("curl", &["-sS", "--proxy", &format!("http://{}", ground.http), "http://bad.example/"]);
    assert!(text(&denied).contains("no rule names this host"), "{}", text(&denied));
}

#[test]
fn curl_sends_a_long_body_after_asking() {
    let origin = Origin::plain(echo);
    let ground = Ground::plain();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("long-body");
    std::fs::write(&file, vec![b'z'; 3_000_000]).unwrap();
    let url = format!("http://web.test:{}/x", origin.port());
    let data = format!("@{}", file.display());
    let proxy = format!("http://{}", ground.http);
    let output = run("curl", &["-sS", "--proxy", &proxy, "-H", "Expect: 100-continue", "--data-binary", &data, &url]);
    assert_eq!(text(&output), "POST /x HTTP/1.1 3000000");
    let chunked = run("curl", &["-sS", "--proxy", &proxy, "-H", "Transfer-Encoding: chunked", "--data-binary", &data, &url]);
    assert_eq!(text(&chunked), "POST /x HTTP/1.1 3000000");
}

#[test]
fn python_goes_through() {
    let origin = Origin::plain(echo);
    let ground = Ground::plain();
    let program = format!(
        "import urllib.request as u\n\
         o = u.build_opener(u.ProxyHandler({{'http': 'http://{}'}}))\n\
         print(o.open('http://web.test:{}/x', data=b'abc').read().decode())",
        ground.http,
        origin.port()
    );
    let output = run("python3", &["-c", &program]);
    assert_eq!(text(&output), "POST /x HTTP/1.1 3\n");
}
