//! Codex runs a user's hook only where its configuration trusts it. This drives Codex's own app-server to ask which hooks
//! of ours are trusted and, for `init`, to trust them. What is said is the dialect's; here are the process and the clock.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use bailiwick_dialect::codex::trust::{self, Listing, Refused};
use bailiwick_dialect::settings::HookCommand;

/// What one answer may take: Codex starts in well under a second, and tries the network first on some machines.
const PATIENCE: Duration = Duration::from_secs(30);

/// The events in which hooks of ours are not trusted, so that Codex would pass over them.
pub fn untrusted(command: &HookCommand) -> Result<Vec<String>, String> {
    let mut server = Server::start()?;
    let listing = server.list(command)?;
    Ok(listing.untrusted().into_iter().map(|hook| hook.event.clone()).collect())
}

/// Trusts our hooks; how many there are.
pub fn establish(command: &HookCommand) -> Result<usize, String> {
    let mut server = Server::start()?;
    let listing = server.list(command)?;
    if listing.ours.is_empty() {
        return Err(format!("codex does not see the hooks: {}", listing.errors.join("; ")));
    }
    let missing = listing.untrusted();
    if !missing.is_empty() {
        server.say(&trust::trust(&missing))?;
        server.hear(trust::trusted)?;
        let still = server.list(command)?;
        if !still.untrusted().is_empty() {
            return Err("codex did not keep the trust".to_owned());
        }
    }
    Ok(listing.ours.len())
}

/// A running app-server; it ends with this.
struct Server {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
}

impl Server {
    fn start() -> Result<Server, String> {
        let mut child = Command::new("codex")
            .arg("app-server")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("codex does not start ({error}), and runs no hook that it was not told to trust"))?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("codex app-server has no streams".to_owned());
        };
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut server = Server { child, stdin, lines };
        server.say(&trust::greeting(env!("CARGO_PKG_VERSION")))?;
        Ok(server)
    }

    fn list(&mut self, command: &HookCommand) -> Result<Listing, String> {
        let here = std::env::current_dir().unwrap_or_default();
        self.say(&trust::list(&here.to_string_lossy()))?;
        self.hear(|line| trust::hooks(line, command))
    }

    fn say(&mut self, text: &str) -> Result<(), String> {
        let written = self.stdin.write_all(text.as_bytes()).and_then(|()| self.stdin.flush());
        written.map_err(|error| format!("codex app-server went away: {error}"))
    }

    /// The first line that is an answer.
    fn hear<T>(&mut self, answer: impl Fn(&str) -> Option<Result<T, Refused>>) -> Result<T, String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left).map_err(|_| "codex app-server does not answer".to_owned())?;
            if let Some(answer) = answer(&line) {
                return answer.map_err(|error| error.to_string());
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
