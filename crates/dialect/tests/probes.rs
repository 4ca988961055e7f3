//! `doctor` speaks as each agent does: what it says is read as a shell command about to run, and what is answered means
//! to the agent what was meant.
#![expect(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, reason = "tests")]

use bailiwick_dialect::agents;
use bailiwick_dialect::tongue::{Answer, Decision, Reply, Stage, Tongue};
use bailiwick_vocab::call::Request;
use bailiwick_vocab::case::{Reason, Ruling, Verdict};
use bailiwick_vocab::event::{Event, Happening};
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::record::{Body, CallRecord, Payload, Receipt, Record};

const COMMAND: &str = "touch '/tmp/a b' && echo \"done\"";

fn said(agent: &Tongue) -> (Vec<u8>, Event) {
    let stage = Stage { session: "s-1".into(), cwd: "/work".into() };
    let message = (agent.probe.shell)(&stage, "call-1", COMMAND).into_bytes();
    let event = (agent.parse)(&message).unwrap();
    (message, event)
}

fn receipt(event: &Event, verdict: Verdict) -> Receipt {
    let Happening::Call(call) = &event.happening else { unreachable!("a probe is a call") };
    let reasons = vec![Reason { policy: "p".into(), text: "Because".into(), effect: None, verdict }];
    let body = Body::Call(Box::new(CallRecord {
        call: call.id.clone(),
        tool: call.tool.clone(),
        input: Payload { sha256: "0".repeat(64), bytes: 0, text: None, object: None, redacted: 0 },
        effects: Vec::new(),
        all_effects: None,
        findings: Vec::new(),
        traces: Vec::new(),
        asked: Vec::new(),
        labels: Labels::default(),
        flows: Labels::default(),
        ruling: Ruling { verdict, reasons },
        policy: "0".repeat(64),
        before: Vec::new(),
        approvable: None,
        approval: None,
        told: None,
    }));
    let record = Record { at_ms: 0, session: "s-1".into(), agent: Default::default(), cwd: String::new(), body };
    Receipt::issued_by_ledger(7, record)
}

fn meant(agent: &Tongue, answer: &Answer) -> Decision {
    let exit = Some(i32::from(answer.exit));
    (agent.probe.decision)(&Reply { exit, stdout: &answer.stdout, stderr: answer.stderr.as_bytes() })
}

fn commands(request: &Request) -> Vec<&str> {
    match request {
        Request::Shell { command, .. } => vec![command],
        Request::Many { requests } => requests.iter().flat_map(commands).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn what_is_said_is_read_as_the_command() {
    for agent in agents::all() {
        let (message, event) = said(agent);
        let Happening::Call(call) = &event.happening else { panic!("{}: {:?}", agent.name, event.happening) };
        assert_eq!(commands(&call.request), [COMMAND], "{}", agent.name);
        assert_eq!((event.scene.session.as_str(), event.scene.cwd.as_str()), ("s-1", "/work"), "{}", agent.name);
        assert_eq!(event.scene.agent.client, agent.name);
        assert_eq!((agent.session_of)(&message), Some("s-1"), "{}", agent.name);
        assert!(!call.id.is_empty(), "{}", agent.name);
    }
}

#[test]
fn what_is_answered_means_what_was_meant() {
    for agent in agents::all() {
        let (message, event) = said(agent);
        let answered = |verdict| meant(agent, &(agent.render)(&message, &event, &receipt(&event, verdict)));
        assert_eq!(answered(Verdict::Allow), Decision::Pass, "{}", agent.name);
        assert!(matches!(answered(Verdict::Deny), Decision::Deny(reason) if reason.contains("Because")), "{}", agent.name);
        match answered(Verdict::Ask) {
            Decision::Ask(reason) => assert!(!event.scene.unattended && reason.contains("Because"), "{}", agent.name),
            Decision::Deny(reason) => assert!(reason.contains("bailiwick approve 7"), "{}", agent.name),
            Decision::Pass | Decision::Garbage => panic!("{}: an ask lets the call run", agent.name),
        }
        let refused = meant(agent, &(agent.refuse)(&message, "the ledger is full"));
        assert!(matches!(refused, Decision::Deny(reason) if reason.contains("ledger is full")), "{}", agent.name);
    }
}

/// A hook that was killed, or printed what is no answer, must never look to `doctor` like one that let the call pass.
#[test]
fn no_answer_is_no_pass() {
    for agent in agents::all() {
        for (exit, stdout) in [(None, ""), (Some(1), ""), (Some(1), "{"), (Some(127), "")] {
            let decision = (agent.probe.decision)(&Reply { exit, stdout: stdout.as_bytes(), stderr: b"x" });
            assert_ne!(decision, Decision::Pass, "{} {exit:?}", agent.name);
        }
    }
}
