//! Traces as policies see them, and as people read them. In: the traces of one effect. Out: sets of origins by role; the
//! reason of a rule with its `{destination}`, `{object}`, `{value}` and `{carried}` filled in.

use std::collections::BTreeSet;

use bailiwick_vocab::origin::{Origin, Role, Source, Trace};

/// Values named in one reason; more are counted.
const MAX_NAMED: usize = 3;

/// Each role with its member of the context, and its word in reasons.
pub(crate) const ROLES: [(Role, &str, &str); 4] = [
    (Role::Destination, "destinations", "{destination}"),
    (Role::Object, "objects", "{object}"),
    (Role::Value, "values", "{value}"),
    (Role::Carried, "carried", "{carried}"),
];

/// What of the traces an evaluation depends on.
pub(crate) type Origins = BTreeSet<(Role, Origin)>;

/// The origins of an effect's values.
pub(crate) fn origins(traces: &[Trace], effect: usize) -> Origins {
    traces.iter().filter(|trace| trace.effect == effect).map(|trace| (trace.role, trace.origin)).collect()
}

/// A rule's reason with the values that it speaks of.
pub(crate) fn filled(reason: &str, traces: &[Trace], effect: usize) -> String {
    let mut reason = reason.to_owned();
    for (role, _, place) in ROLES {
        if reason.contains(place) {
            let own = |trace: &&Trace| trace.effect == effect && trace.role == role;
            let doubtful = |trace: &&Trace| !matches!(trace.origin, Origin::User | Origin::Approved);
            let named: Vec<String> = traces.iter().filter(own).filter(doubtful).map(told).collect();
            reason = reason.replace(place, &listed(&named));
        }
    }
    reason
}

fn listed(named: &[String]) -> String {
    let mut text = named.iter().take(MAX_NAMED).cloned().collect::<Vec<_>>().join("; ");
    if named.len() > MAX_NAMED {
        text.push_str(&format!("; and {} more", named.len() - MAX_NAMED));
    }
    if text.is_empty() { "it is not named".to_owned() } else { text }
}

/// Where a value comes from, in words.
fn told(trace: &Trace) -> String {
    let name = if trace.argument.is_empty() { String::new() } else { format!("{} ", trace.argument) };
    let value = format!("{name}{:?}", trace.value);
    match trace.origin {
        Origin::User | Origin::Approved | Origin::Owner => format!("{value} stands in {}", place(trace)),
        Origin::Member => format!("{value} stands in {}, which other members write, and not in the user's words", place(trace)),
        Origin::Meant => format!("{value} wrote to the user, as {} says", place(trace)),
        Origin::Contested => format!("{value} is also named in {}, which strangers write", place(trace)),
        Origin::Stranger => format!("{value} stands in {}, which strangers write, and not in the user's words", place(trace)),
        Origin::Model => format!("{value} stands in nothing that the user said or the session has read"),
    }
}

fn place(trace: &Trace) -> String {
    let Some(Source { entry, tool, span }) = &trace.source else { return "a text that is not kept".to_owned() };
    let whose = if tool.is_empty() { "the user's words".to_owned() } else { format!("what {tool} returned") };
    let at = span.map_or_else(String::new, |span| format!(", bytes {} to {}", span.start, span.end));
    format!("{whose} (entry {entry}{at})")
}
