//! Some agents run a user's hook only where they were told to trust it. This drives the agent's own server to ask which
//! hooks of ours it would run and, for `init`, to have them trusted. What is said is the dialect's; here are the process
//! and the clock.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use bailiwick_dialect::settings::HookCommand;
use bailiwick_dialect::tongue::Tongue;
use bailiwick_dialect::trust::{Listing, Refused, Trust};

/// What one answer may take: Codex starts in well under a second, and tries the network first on some machines.
const PATIENCE: Duration = Duration::from_secs(30);

/// The events whose hooks the agent would pass over; nothing to ask where it runs hooks as they are written.
pub fn idle(agent: &Tongue, command: &HookCommand) -> Option<Result<Vec<String>, String>> {
    let ask = |trust| {
        let mut server = Server::start(agent, trust)?;
        let listing = server.seen(command)?;
        Ok(listing.idle().into_iter().map(|hook| hook.event.clone()).collect())
    };
    agent.trust.map(ask)
}

/// Has our hooks trusted; how many there are.
pub fn establish(agent: &Tongue, trust: &'static Trust, command: &HookCommand) -> Result<usize, String> {
    let mut server = Server::start(agent, trust)?;
    let listing = server.seen(command)?;
    let missing = listing.untrusted();
    if !missing.is_empty() {
        server.say(&(trust.trust)(&missing))?;
        server.hear(trust.trusted)?;
    }
    let idle = server.list(command)?;
    if let Some(hook) = idle.idle().first() {
        return Err(format!("it did not keep the trust, or has the hooks switched off ({})", hook.event));
    }
    Ok(listing.ours.len())
}

/// The agent as a running server; it ends with this.
struct Server {
    trust: &'static Trust,
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
}

impl Server {
    fn start(agent: &Tongue, trust: &'static Trust) -> Result<Server, String> {
        let program = agent.programs.first().copied().unwrap_or(agent.name);
        let mut child = Command::new(program)
            .args(trust.serve)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{program} does not start ({error}), and runs no hook that it was not told to trust"))?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("{program} has no streams"));
        };
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut server = Server { trust, child, stdin, lines };
        server.say(&(trust.greeting)(env!("CARGO_PKG_VERSION")))?;
        Ok(server)
    }

    /// The listing, with at least one hook of ours in it.
    fn seen(&mut self, command: &HookCommand) -> Result<Listing, String> {
        let listing = self.list(command)?;
        if listing.ours.is_empty() {
            return Err(format!("it does not see the hooks: {}", listing.errors.join("; ")));
        }
        Ok(listing)
    }

    fn list(&mut self, command: &HookCommand) -> Result<Listing, String> {
        let here = std::env::current_dir().unwrap_or_default();
        let trust = self.trust;
        self.say(&(trust.list)(&here.to_string_lossy()))?;
        self.hear(|line| (trust.hooks)(line, command))
    }

    fn say(&mut self, text: &str) -> Result<(), String> {
        let written = self.stdin.write_all(text.as_bytes()).and_then(|()| self.stdin.flush());
        written.map_err(|error| format!("its server went away: {error}"))
    }

    /// The first line that is an answer.
    fn hear<T>(&mut self, answer: impl Fn(&str) -> Option<Result<T, Refused>>) -> Result<T, String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left).map_err(|_| "its server does not answer".to_owned())?;
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
