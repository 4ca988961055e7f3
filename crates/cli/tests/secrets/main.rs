//! Credentials behind the wall, with real clients and a real TLS server. Each test starts itself again in a network
//! namespace where the servers have their usual ports and every name below `.test` is this machine.
#![expect(clippy::unwrap_used, reason = "tests")]

mod clients;
mod pushes;
mod scene;
mod server;
mod swapped;
mod telling;
mod traps;

use std::process::Command;

use scene::Scene;
use server::{Got, Servers, ok};

const INSIDE: &str = "SECRETS_TEST_INSIDE";

/// The real credential of most tests.
pub const REAL: &str = "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8";

/// Runs the test of this name, as `test` says, in a namespace of its own.
pub fn apart(name: &str, test: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        test();
        println_marker();
        return;
    }
    let names = std::env::temp_dir().join(format!("bailiwick-secrets-names-{}-{}", std::process::id(), name.replace(':', "-")));
    std::fs::write(&names, "nameserver 127.0.0.1\n").unwrap();
    let script = format!(
        "ip link set lo up && mount --bind {} /etc/resolv.conf && exec \"$0\" --exact {name} --nocapture",
        names.display()
    );
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--net", "--mount", "sh", "-c", &script]).arg(std::env::current_exe().unwrap());
    let output = command.env(INSIDE, "1").output().map_err(|error| format!("this test needs unshare and ip: {error}")).unwrap();
    let _ = std::fs::remove_file(names);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && text.contains("inside: all seen"), "{text}");
}

#[expect(clippy::print_stdout, reason = "what the outer half of the test looks for")]
fn println_marker() {
    println!("inside: all seen");
}

/// Servers that give back what they were sent, and a scene that trusts them.
pub fn ground(map: &str) -> (Servers, Scene) {
    let echo = |got: &Got| {
        let fields: Vec<String> = got.fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        ok(format!("{}\n{}", got.line, fields.concat()))
    };
    let servers = Servers::start(&["api.test", "other.test", "npm.test", "forge.test"], echo);
    let scene = Scene::new(map);
    let scene = trusting(scene, &servers);
    (servers, scene)
}

/// The scene's machine trusts whoever certified the servers.
pub fn trusting(scene: Scene, servers: &Servers) -> Scene {
    let system = std::fs::read_to_string("/etc/ssl/certs/ca-certificates.crt").unwrap_or_default();
    let bundle = scene.home().join(".roots.pem");
    std::fs::write(&bundle, format!("{system}\n{}", servers.root)).unwrap();
    scene.with("SSL_CERT_FILE", &bundle.display().to_string())
}

/// A map with one secret, from a variable.
pub const GITHUB: &str = "[secrets.github]\nfrom = { env = \"GITHUB_TOKEN\" }\nhosts = [\"api.test\"]\n";

/// As text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether these bytes hold this text.
pub fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}
