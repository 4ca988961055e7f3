//! What a receipt means for the event that waits on it, before it is put into an agent's own words.
//!
//! A call passes only on the record of a call, a permission only on the record of a permission: any other record is a
//! failure of ours, and a failure is a refusal.

use bailiwick_vocab::case::{Ruling, Verdict};
use bailiwick_vocab::event::{Event, Happening};
use bailiwick_vocab::record::{Body, CallRecord, Receipt};

use crate::wording;

/// The answer's meaning.
pub(crate) enum Ruled {
    /// Nothing against it.
    Pass,
    /// Its user is to be asked; what to say.
    Ask(String),
    /// Not to be done; why.
    Deny(String),
}

impl Ruled {
    /// For agents in which an ask would run the call, hang or reach nobody: an ask is a denial.
    pub(crate) fn denial(self) -> Option<String> {
        match self {
            Ruled::Pass => None,
            Ruled::Ask(reason) | Ruled::Deny(reason) => Some(reason),
        }
    }
}

/// What the receipt means for the event; `asks`: whether the agent can put a question to its user.
pub(crate) fn ruled(event: &Event, receipt: &Receipt, asks: bool) -> Ruled {
    let failed = || Ruled::Deny(wording::of_failure(receipt));
    match (waits_for(event), &receipt.record().body) {
        (_, Body::Failure { .. }) => failed(),
        (Some("call"), Body::Call(call)) => of_call(call, receipt.entry(), asks),
        (Some(wanted), Body::Session { what, ruling: Some(ruling), .. }) if wanted == what => of_ruling("this call", ruling),
        (Some(_), _) | (None, Body::Call(_)) => failed(),
        (None, Body::Session { ruling: Some(ruling), .. }) => of_ruling("this", ruling),
        (
            None,
            Body::Session { .. }
            | Body::Prompt { .. }
            | Body::Outcome { .. }
            | Body::Undo { .. }
            | Body::Approval { .. }
            | Body::Observed(_),
        ) => Ruled::Pass,
    }
}

/// The record that the event needs to pass on; none for events that only tell.
fn waits_for(event: &Event) -> Option<&'static str> {
    match event.happening {
        Happening::Call(_) => Some("call"),
        Happening::PermissionAsked(_) => Some("permission-request"),
        Happening::ConfigChange { .. } => Some("config-change"),
        Happening::Prompt { .. }
        | Happening::Outcome(_)
        | Happening::SessionStart { .. }
        | Happening::SessionEnd { .. }
        | Happening::AgentStart
        | Happening::AgentStop
        | Happening::InstructionsLoaded { .. }
        | Happening::Notice { .. } => None,
    }
}

fn of_call(call: &CallRecord, entry: u64, asks: bool) -> Ruled {
    match call.ruling.verdict {
        Verdict::Allow => Ruled::Pass,
        Verdict::Ask if asks => Ruled::Ask(wording::of_call(call, entry)),
        Verdict::Ask | Verdict::Deny => Ruled::Deny(wording::of_unasked(call, entry)),
    }
}

fn of_ruling(what: &str, ruling: &Ruling) -> Ruled {
    match ruling.verdict {
        Verdict::Allow => Ruled::Pass,
        Verdict::Ask => Ruled::Ask(wording::of_ruling(what, ruling)),
        Verdict::Deny => Ruled::Deny(wording::of_ruling(what, ruling)),
    }
}
