//! Events as readable lines, and receipts made up for them.

use std::fmt::Write as _;

use bailiwick_dialect::tongue::Tongue;
use bailiwick_vocab::case::{Reason, Ruling, Verdict};
use bailiwick_vocab::effect::{Deed, Effect, Span, Target};
use bailiwick_vocab::event::{Event, Happening, Outcome};
use bailiwick_vocab::finding::Finding;
use bailiwick_vocab::handling::{Cause, Handling, Treatment};
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::record::{Body, CallRecord, Payload, Receipt, Record};

/// Who and where, then what.
pub(crate) fn event(event: &Event) -> String {
    let scene = &event.scene;
    let mut out = format!("session {} agent {}", scene.session, scene.agent.client);
    if !scene.agent.id.is_empty() || !scene.agent.kind.is_empty() {
        write!(out, " id={:?} kind={:?}", scene.agent.id, scene.agent.kind).unwrap();
    }
    writeln!(out, " cwd={:?} project={:?}", scene.cwd, scene.project).unwrap();
    out.push_str(&happening(&event.happening));
    out
}

fn happening(happening: &Happening) -> String {
    match happening {
        Happening::Call(call) | Happening::PermissionAsked(call) => {
            let which = if matches!(happening, Happening::Call(_)) { "call" } else { "permission asked" };
            let request = serde_json::to_string(&call.request).unwrap();
            format!("{which} id={:?} tool={:?}\nrequest {request}\ninput {}\n", call.id, call.tool, call.input)
        }
        Happening::Outcome(outcome) => {
            let request = serde_json::to_string(&outcome.call.request).unwrap();
            format!(
                "outcome id={:?} tool={:?} request {request}\ntext {:?} error {:?} ms {:?}\n",
                outcome.call.id, outcome.call.tool, outcome.text, outcome.error, outcome.duration_ms
            )
        }
        Happening::Prompt { .. }
        | Happening::SessionStart { .. }
        | Happening::SessionEnd { .. }
        | Happening::AgentStart
        | Happening::AgentStop
        | Happening::ConfigChange { .. }
        | Happening::InstructionsLoaded { .. }
        | Happening::Notice { .. } => format!("{happening:?}\n"),
    }
}

/// A receipt as the ledger would give it for that event, with that verdict where it carries one.
pub(crate) fn receipt(event: &Event, verdict: Verdict) -> Receipt {
    let ruling = Ruling {
        verdict,
        reasons: vec![
            Reason { policy: "home.permit".into(), text: "It is yours.".into(), effect: Some(0), verdict: Verdict::Allow },
            Reason { policy: "secrets.read".into(), text: "Keys are not for agents".into(), effect: Some(1), verdict },
        ],
    };
    let body = match &event.happening {
        Happening::PermissionAsked(call) => {
            Body::Session { what: "permission-request".into(), detail: call.tool.clone(), ruling: Some(ruling), approval: None }
        }
        Happening::Call(call) => Body::Call(Box::new(CallRecord {
            call: call.id.clone(),
            tool: call.tool.clone(),
            input: payload(),
            effects: vec![effect("/work/a"), effect("/home/ann/.ssh/id_ed25519")],
            all_effects: None,
            findings: Vec::new(),
            traces: Vec::new(),
            asked: Vec::new(),
            labels: Labels::default(),
            flows: Labels::default(),
            ruling,
            policy: "0".repeat(64),
            approvable: None,
            approval: None,
            told: None,
            before: Vec::new(),
        })),
        Happening::Outcome(outcome) => Body::Outcome {
            call: outcome.call.id.clone(),
            tool: outcome.call.tool.clone(),
            text: payload(),
            failed: outcome.error.is_some(),
            duration_ms: outcome.duration_ms,
            findings: Vec::new(),
            labels: Labels::default(),
            treatment: None,
            after: Vec::new(),
        },
        Happening::Prompt { .. } => Body::Prompt { text: payload(), findings: Vec::new(), labels: Labels::default() },
        Happening::ConfigChange { source, .. } => {
            Body::Session { what: "config-change".into(), detail: source.clone(), ruling: Some(ruling), approval: None }
        }
        Happening::SessionStart { .. }
        | Happening::SessionEnd { .. }
        | Happening::AgentStart
        | Happening::AgentStop
        | Happening::InstructionsLoaded { .. }
        | Happening::Notice { .. } => Body::Session { what: "event".into(), detail: String::new(), ruling: None, approval: None },
    };
    issued(body)
}

/// How each handling of an outcome is answered, where detection saw an order at "IGNORE … NOW" in it.
pub(crate) fn handled(agent: &Tongue, stdin: &[u8], event: &Event) -> String {
    let means = outcome(event).means;
    let mut out = format!("adds {} replaces {} stops {}\n", means.adds, means.replaces, means.stops);
    for wanted in [Handling::Annotate, Handling::Redact, Handling::Withhold] {
        let answer = (agent.render)(stdin, event, &treated(event, wanted));
        let exit = if answer.exit == 0 { String::new() } else { format!(" exit {}", answer.exit) };
        let stdout = String::from_utf8(answer.stdout).unwrap();
        writeln!(out, "{} gives {}: {}{exit}", wanted.word(), means.best(wanted).word(), stdout.trim_end()).unwrap();
    }
    out
}

fn outcome(event: &Event) -> &Outcome {
    let Happening::Outcome(outcome) = &event.happening else { panic!("no outcome: {event:?}") };
    outcome
}

/// A receipt for an outcome of which the policy wants this done.
pub(crate) fn treated(event: &Event, wanted: Handling) -> Receipt {
    let outcome = outcome(event);
    let start = outcome.text.find("IGNORE").unwrap();
    let span = Span { start: start as u32, end: (outcome.text.find("NOW").unwrap() + 3) as u32 };
    let receipt = receipt(event, Verdict::Allow);
    let mut body = receipt.record().body.clone();
    let Body::Outcome { findings, treatment, .. } = &mut body else { panic!("no outcome") };
    findings.push(Finding::new("instruction/override", span, "tells the reader to drop its instructions"));
    let cause =
        Cause { policy: "outcomes.orders".into(), text: "It asks for something.".into(), handling: wanted, findings: vec![0] };
    let given = outcome.means.best(wanted);
    *treatment = Some(Treatment { wanted, given, causes: vec![cause], nonce: "5eed5eed5eed5eed".into() });
    issued(body)
}

/// A receipt for an event of the session that was let through: no call may pass on it.
pub(crate) fn mismatched() -> Receipt {
    let ruling = Ruling { verdict: Verdict::Allow, reasons: Vec::new() };
    issued(Body::Session { what: "start".into(), detail: String::new(), ruling: Some(ruling), approval: None })
}

/// A receipt for a failure of the guard's own.
pub(crate) fn failure() -> Receipt {
    issued(Body::Failure { stage: "policy".into(), text: "/etc/bailiwick/x.cedar:3 does not parse".into(), input: None })
}

fn issued(body: Body) -> Receipt {
    let record = Record { at_ms: 0, session: "s".into(), agent: Default::default(), cwd: String::new(), body };
    Receipt::issued_by_ledger(7, record)
}

fn effect(path: &str) -> Effect {
    Effect::new(Deed::Read(Target::new(path)), None)
}

fn payload() -> Payload {
    Payload { sha256: "0".repeat(64), bytes: 0, text: None, object: None, redacted: 0 }
}
