//! What the policy would ask a person while a command runs. It becomes a call of its own in the ledger, which
//! `bailiwick approve` lets pass once: now, where the map says how long to wait, else when the command is tried again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bailiwick_vocab::call::{Request, ToolCall};
use bailiwick_vocab::case::{NOBODY_TO_ASK, Ruling, Verdict};
use bailiwick_vocab::event::{Event, Happening, Scene};
use bailiwick_vocab::record::{Body, Receipt};

use crate::dirs::Dirs;
use crate::failure::Failure;
use crate::setup::Choice;
use crate::station::Station;
use crate::wall::ticket::Ticket;

/// Most questions of one command: a person answers no more.
const MOST: usize = 20;

/// How often it is looked whether somebody has answered.
const LOOKS: Duration = Duration::from_millis(500);

/// The questions of one command, each asked once.
#[derive(Default)]
pub struct Asking {
    answered: Mutex<HashMap<String, Result<(), String>>>,
}

impl Asking {
    /// Asks whether `request` may be done. Whoever asks meanwhile waits: one question at a time.
    ///
    /// # Errors
    /// It may not: which rule says so, why, and what to do about it.
    pub fn ask(&self, dirs: &Dirs, ticket: &Ticket, wait: Duration, key: String, request: Request) -> Result<(), String> {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = answered.get(&key) {
            return answer.clone();
        }
        if answered.len() >= MOST {
            return Err("the policy would ask about it, and this command has asked too often".to_owned());
        }
        let event = event(ticket, answered.len(), request);
        let answer = put(dirs, &event, wait).unwrap_or_else(|failure| Err(failure.line()));
        answered.insert(key, answer.clone());
        answer
    }
}

/// The question as a call of the session.
fn event(ticket: &Ticket, number: usize, request: Request) -> Event {
    let call = ToolCall {
        id: format!("{}+{number}", ticket.call),
        tool: format!("{} (inside)", ticket.tool),
        input: serde_json::to_value(&request).unwrap_or_default(),
        request,
    };
    let scene = Scene {
        session: ticket.session.clone(),
        agent: ticket.agent.clone(),
        cwd: ticket.cwd.clone(),
        project: None,
        // Whoever started the command cannot be asked from inside it.
        unattended: true,
        told: None,
    };
    Event { scene, happening: Happening::Call(call) }
}

fn put(dirs: &Dirs, event: &Event, wait: Duration) -> Result<Result<(), String>, Failure> {
    let mut station = Station::open(dirs.clone(), Choice::default())?;
    let receipt = station.take(event)?;
    let refusal = refusal(&receipt);
    let (Err(_), Some(effects)) = (&refusal, approvable(&receipt)) else { return Ok(refusal) };
    let until = Instant::now() + wait;
    while Instant::now() < until {
        std::thread::sleep(LOOKS);
        if station.is_approved(&event.scene.session, effects)? {
            // The approval is used up by the same question, asked again.
            return Ok(self::refusal(&station.take(event)?));
        }
    }
    Ok(refusal)
}

fn approvable(receipt: &Receipt) -> Option<&str> {
    if let Body::Call(call) = &receipt.record().body { call.approvable.as_deref() } else { None }
}

fn refusal(receipt: &Receipt) -> Result<(), String> {
    let Some(ruling) = receipt.ruling() else { return Err("the policy gave no ruling".to_owned()) };
    if ruling.verdict == Verdict::Allow {
        // What was asked about is denied by the policy: the question is let pass by a person's yes and nothing else.
        let approved = matches!(&receipt.record().body, Body::Call(call) if call.approval.is_some());
        return if approved { Ok(()) } else { Err("The policy does not let it be done in this way.".to_owned()) };
    }
    let why = reasons(ruling);
    Err(match approvable(receipt) {
        Some(_) => format!("{why} A person can let it pass once: `bailiwick approve {}`; then call again.", receipt.entry()),
        None => why,
    })
}

/// The rules that stand against it, with what they say.
fn reasons(ruling: &Ruling) -> String {
    let against = ruling.reasons.iter().filter(|reason| reason.verdict == ruling.verdict && reason.policy != NOBODY_TO_ASK);
    let texts: Vec<String> = against.map(|reason| format!("{}: {}", reason.policy, reason.text)).collect();
    texts.join(" ")
}
