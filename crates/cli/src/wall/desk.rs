//! Where our hooks speak when the agent that starts them runs behind the wall: inside they see neither ledger nor policy.
//! In: one event over a connection inside the sandbox, from a process that the watcher has let through. Out: the agent's
//! answer, made and recorded outside by the same line as ever. Whatever fails is a refusal inside.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use bailiwick_dialect::tongue::Answer;
use serde::{Deserialize, Serialize};

use crate::wall::seen::Seen;

/// Where it stands inside: an address of the sandbox's own loopback interface, a port that only its maker can take.
pub const DESK: (Ipv4Addr, u16) = (Ipv4Addr::new(127, 66, 97, 105), 9);

/// Longest first line.
const LONGEST_HEAD: u64 = 16 << 10;
/// Longest event; as the hook's own bound.
const LONGEST_EVENT: u64 = 16 << 20;
/// How long either side waits for the other's bytes: beyond the hook's own budget.
const PATIENCE: Duration = Duration::from_secs(8);

/// What stands before the event.
#[derive(Serialize, Deserialize)]
struct Head {
    agent: String,
    project: Option<String>,
}

/// What comes back.
#[derive(Serialize, Deserialize)]
struct Said {
    stdout: String,
    stderr: String,
    exit: u8,
}

/// Asks from inside.
///
/// # Errors
/// There is no desk, or it gave no answer.
pub fn ask(agent: &str, project: Option<String>, event: &[u8]) -> io::Result<Answer> {
    let mut desk = TcpStream::connect_timeout(&SocketAddr::from(DESK), PATIENCE)?;
    desk.set_read_timeout(Some(PATIENCE))?;
    desk.set_write_timeout(Some(PATIENCE))?;
    let mut head = serde_json::to_vec(&Head { agent: agent.to_owned(), project })?;
    head.push(b'\n');
    desk.write_all(&head)?;
    desk.write_all(event)?;
    desk.shutdown(Shutdown::Write)?;
    let said: Said = serde_json::from_reader(desk)?;
    Ok(Answer { stdout: said.stdout.into_bytes(), stderr: said.stderr, exit: said.exit })
}

/// Serves hooks for as long as the supervisor lives.
pub fn serve(listener: TcpListener, seen: &Arc<Seen>) {
    let seen = Arc::clone(seen);
    std::thread::spawn(move || {
        while let Ok((client, _)) = listener.accept() {
            let seen = Arc::clone(&seen);
            std::thread::spawn(move || {
                if let Err(error) = attend(client, &seen) {
                    seen.refused(format!("a hook's event: {error}"));
                }
            });
        }
    });
}

fn attend(mut client: TcpStream, seen: &Arc<Seen>) -> io::Result<()> {
    client.set_read_timeout(Some(PATIENCE))?;
    client.set_write_timeout(Some(PATIENCE))?;
    let mut bytes = Vec::new();
    (&client).take(LONGEST_HEAD + LONGEST_EVENT).read_to_end(&mut bytes)?;
    let end = bytes.iter().position(|byte| *byte == b'\n').ok_or(io::ErrorKind::InvalidData)?;
    let (head, event) = bytes.split_at_checked(end).ok_or(io::ErrorKind::InvalidData)?;
    let head: Head = serde_json::from_slice(head)?;
    let answer = crate::hook::answered(&head.agent, seen, head.project, event.get(1..).unwrap_or_default().to_vec());
    let said = Said { stdout: String::from_utf8_lossy(&answer.stdout).into_owned(), stderr: answer.stderr, exit: answer.exit };
    client.write_all(&serde_json::to_vec(&said)?)
}
