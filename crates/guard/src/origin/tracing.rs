//! From a call and its effects to the traces of its values. Only what reaches somebody or something outside, takes
//! something away, or sets an account is traced: reading and the agent's own work cost nothing.

use bailiwick_vocab::call::{Request, ToolCall};
use bailiwick_vocab::effect::{Deed, Effect, Span, ToolKnowledge};
use bailiwick_vocab::map::{Map, Tool};
use bailiwick_vocab::origin::{Origin, Role, Source, Trace};
use serde_json::Value;

use crate::origin::texts::Texts;
use bailiwick_vocab::address::{addresses, host, is_address};

/// Values traced of one call. A call with more has its first ones traced, and the rest counts as the model's own.
const MAX_TRACES: usize = 128;

/// Longest number of a thing, in bytes.
const MAX_NUMBER: usize = 40;

/// Longest value that is kept in a trace.
const MAX_VALUE_CHARS: usize = 200;

/// What a session has said and read, where somebody keeps it.
pub trait Earlier {
    /// The texts, up to now.
    fn texts(&self) -> &Texts;

    /// The text of an entry, as it was recorded.
    fn text(&self, entry: u64) -> Option<String>;

    /// Whether a file at or below this path holds what was written under strangers' influence, in whatever session, and
    /// version control does not hold it as it is.
    fn is_tainted(&self, path: &str) -> bool;
}

/// A value before it is traced.
struct Wanted {
    effect: usize,
    role: Role,
    argument: String,
    value: String,
    kind: Kind,
    /// The whole address, where the value is its host.
    whole: Option<String>,
}

/// What is done with a value, where that makes a difference.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It is taken away.
    Removal,
    /// What it names is read.
    Visit,
    /// Somebody is let in.
    Access,
    /// It is booked or bought.
    Order,
    /// Money goes there, or what everybody reads.
    Money,
    /// Something new is made with them in it.
    New,
    /// Anything else.
    Other,
}

/// The traces of a call's values.
#[must_use]
pub fn traces(
    call: &ToolCall,
    effects: &[Effect],
    map: &Map,
    places_inside: &dyn Fn(&str) -> bool,
    earlier: &dyn Earlier,
) -> Vec<Trace> {
    let mut wanted = wanted(call, effects, map, places_inside, earlier);
    if wanted.is_empty() {
        return Vec::new();
    }
    let rest = wanted.split_off(wanted.len().min(MAX_TRACES));
    let texts = earlier.texts();
    let mut traces: Vec<Trace> = wanted.into_iter().map(|wanted| trace(wanted, texts, earlier)).collect();
    for more in rest {
        let of_it = |trace: &&Trace| trace.effect == more.effect && trace.role == more.role && trace.origin == Origin::Model;
        if traces.iter().rev().find(of_it).is_none() {
            traces.push(told(more, Origin::Model, None));
        }
    }
    traces
}

fn trace(wanted: Wanted, texts: &Texts, earlier: &dyn Earlier) -> Trace {
    let (origin, entry) = found(&wanted, texts);
    let (origin, entry) = meant_for(&wanted, texts, origin, entry);
    let source = entry.map(|entry| Source {
        entry,
        tool: texts.tool(entry).to_owned(),
        span: earlier.text(entry).and_then(|text| span(&text, &wanted.value)),
    });
    told(wanted, origin, source)
}

fn told(wanted: Wanted, origin: Origin, source: Option<Source>) -> Trace {
    let value = bailiwick_detect::redact(&wanted.value).text.chars().take(MAX_VALUE_CHARS).collect();
    Trace { effect: wanted.effect, role: wanted.role, argument: wanted.argument, value, origin, source }
}

/// Where a value stands.
fn found(wanted: &Wanted, texts: &Texts) -> (Origin, Option<u64>) {
    // An answer goes to whoever wrote the letter, whoever gave it its number.
    if let (Role::Destination, Kind::Other, Some((writer, at))) = (wanted.role, wanted.kind, texts.writer(&wanted.value)) {
        let (origin, entry) = texts.origin(writer);
        return (origin, entry.or(Some(at)));
    }
    let (origin, entry) = texts.origin(&wanted.value);
    // Nobody need write a whole address for it to be theirs.
    if let (Role::Carried, Origin::Model, Some(host)) = (wanted.role, origin, host(&wanted.value)) {
        return texts.origin(host);
    }
    (origin, entry)
}

/// What the origin of a value comes to by what is done with it, and by what others say of it.
fn meant_for(wanted: &Wanted, texts: &Texts, origin: Origin, entry: Option<u64>) -> (Origin, Option<u64>) {
    let value = &wanted.value;
    let found = match wanted.role {
        Role::Destination => destination(wanted, texts, origin, entry),
        Role::Carried if origin == Origin::Member => pressed(wanted, texts).map(|at| (Origin::Stranger, Some(at))),
        // A number that only stands in a text the service may have put there; one with which something is to be done, the
        // text means, whoever gave it.
        Role::Object if matches!(origin, Origin::Stranger | Origin::Contested) && is_number(wanted) => {
            Some((if texts.is_ordered(value) { Origin::Stranger } else { Origin::Contested }, entry))
        }
        // What others want to have taken away, they name.
        Role::Object if origin == Origin::Owner && wanted.kind == Kind::Removal => {
            texts.wanted_away(value).map(|at| (Origin::Contested, Some(at)))
        }
        Role::Carried | Role::Object | Role::Value => None,
    };
    found.unwrap_or((origin, entry))
}

/// The same of whom or what is reached, where it comes to something else.
fn destination(wanted: &Wanted, texts: &Texts, origin: Origin, entry: Option<u64>) -> Option<(Origin, Option<u64>)> {
    let (value, kind) = (&wanted.value, wanted.kind);
    // A link may be read by whom it may be read at all; what the agent makes of it may carry anything there.
    let made_up = |whole: &String| if origin == Origin::Member { !texts.stands(whole) } else { texts.is_made_up(whole) };
    let known = matches!(origin, Origin::User | Origin::Owner | Origin::Contested | Origin::Member);
    if kind == Kind::Visit && known && wanted.whole.as_ref().is_some_and(made_up) {
        return Some((Origin::Model, None));
    }
    if origin == Origin::Member {
        return pressed(wanted, texts).map(|at| (Origin::Stranger, Some(at)));
    }
    // A thing that is ordered by its number is named by its name.
    if origin == Origin::Owner && kind == Kind::Order {
        return texts.named(value).map(|at| (Origin::Contested, Some(at)));
    }
    // Who keeps an address has it, where others only mention it.
    let told = match kind {
        Kind::Order => texts.is_ordered(value),
        Kind::Other | Kind::New => texts.is_sent_to(value),
        Kind::Access | Kind::Money | Kind::Removal | Kind::Visit => true,
    };
    if origin == Origin::Contested && !told {
        return Some((Origin::Owner, entry));
    }
    // Whoever makes the date says who comes.
    let others = matches!(origin, Origin::Stranger | Origin::Contested);
    if others && kind == Kind::New { texts.meant_to_come(value).map(|at| (Origin::Meant, Some(at))) } else { None }
}

/// Where a member presses for it: for an address to be sent on, or somebody to be let in where the user asks for no such thing.
fn pressed(wanted: &Wanted, texts: &Texts) -> Option<u64> {
    let reached = is_address(&wanted.value) && wanted.kind != Kind::Visit;
    let admitted = wanted.kind == Kind::Access && !texts.asks_to_admit();
    if reached || admitted { texts.pressed(&wanted.value) } else { None }
}

/// Whether a value is what a service calls a thing by: one short word with digits in it.
fn is_number(wanted: &Wanted) -> bool {
    let value = &wanted.value;
    value.len() <= MAX_NUMBER
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && !value.contains(char::is_whitespace)
        && !is_address(value)
}

fn span(text: &str, value: &str) -> Option<Span> {
    let start = text.find(value).or_else(|| text.to_ascii_lowercase().find(&value.to_ascii_lowercase()))?;
    Some(Span { start: u32::try_from(start).ok()?, end: u32::try_from(start + value.len()).ok()? })
}

fn wanted(call: &ToolCall, effects: &[Effect], map: &Map, inside: &dyn Fn(&str) -> bool, earlier: &dyn Earlier) -> Vec<Wanted> {
    let tool = map.of_call(call);
    let mut all = Vec::new();
    for (effect, found) in effects.iter().enumerate() {
        let kind = kind(&found.deed, tool);
        let mut add = |role, argument: &str, value: &str| {
            if !value.trim().is_empty() {
                let whole = if kind == Kind::Visit { call.input.get(argument).and_then(Value::as_str) } else { None };
                let (argument, value, whole) = (argument.to_owned(), value.to_owned(), whole.map(str::to_owned));
                all.push(Wanted { effect, role, argument, value, kind, whole });
            }
        };
        match &found.deed {
            Deed::Connect { host, .. } if inside(host) => {}
            Deed::Connect { host, .. } => add(Role::Destination, &argument_with(&call.input, host), host),
            Deed::Push { remote, host, .. } => add(Role::Destination, "", host.as_deref().unwrap_or(remote)),
            Deed::Publish { registry, .. } => add(Role::Destination, &argument_with(&call.input, registry), registry),
            Deed::Send { recipient, .. } | Deed::Pay { recipient, .. } => {
                add(Role::Destination, &argument_with(&call.input, recipient), recipient);
            }
            Deed::Configure { .. } => {
                let sets = tool.map(|tool| tool.sets.as_slice()).unwrap_or_default();
                each(&call.input, sets, |argument, value| add(Role::Value, argument, value));
            }
            Deed::Call { .. } => {
                let of = tool.map(|tool| tool.of.as_slice()).unwrap_or_default();
                each(&call.input, of, |argument, value| add(Role::Object, argument, value));
                // What a new thing is called matters where somebody else asks for it.
                let names = tool.map(|tool| tool.names.as_slice()).unwrap_or_default();
                let demanded = |value: &str| earlier.texts().demanded(value).is_some();
                each(&call.input, names, |argument, value| {
                    if demanded(value) {
                        add(Role::Object, argument, value)
                    }
                });
            }
            Deed::Read(_)
            | Deed::Write { .. }
            | Deed::Delete(_)
            | Deed::Execute { .. }
            | Deed::Query { .. }
            | Deed::Deploy { .. }
            | Deed::UseSecret { .. }
            | Deed::Spawn { .. }
            | Deed::Signal { .. }
            | Deed::Escalate { .. }
            | Deed::Persist { .. }
            | Deed::Opaque { .. } => {}
        }
    }
    carried(call, effects, tool, &mut all);
    all
}

fn kind(deed: &Deed, tool: Option<&Tool>) -> Kind {
    if matches!(deed, Deed::Call { knowledge: ToolKnowledge::Destructive, .. }) {
        Kind::Removal
    } else if matches!(deed, Deed::Connect { upload: false, .. }) {
        Kind::Visit
    } else if matches!(deed, Deed::Send { channel, .. } if channel == "access") {
        Kind::Access
    } else if matches!(deed, Deed::Send { channel, .. } if channel == "order") {
        Kind::Order
    } else if matches!(deed, Deed::Pay { .. } | Deed::Publish { .. } | Deed::Connect { .. }) {
        Kind::Money
    } else if tool.is_some_and(|tool| !tool.names.is_empty()) {
        Kind::New
    } else {
        Kind::Other
    }
}

/// Addresses in what a tool sends out, beside those that it is sent to.
fn carried(call: &ToolCall, effects: &[Effect], tool: Option<&Tool>, all: &mut Vec<Wanted>) {
    if !matches!(call.request, Request::Mcp { .. } | Request::Named { .. }) {
        return;
    }
    let Some(effect) = effects.iter().position(|effect| goes_out(&effect.deed)) else { return };
    let Value::Object(fields) = &call.input else { return };
    let is_address_of = |name: &String| {
        tool.is_some_and(|tool| tool.to.contains(name) || tool.of.contains(name) || tool.reaches.as_ref() == Some(name))
    };
    for (name, value) in fields.iter().filter(|(name, _)| !is_address_of(name)) {
        for text in texts(value) {
            for address in addresses(&text) {
                all.push(Wanted {
                    effect,
                    role: Role::Carried,
                    argument: name.clone(),
                    value: address.to_owned(),
                    kind: Kind::Other,
                    whole: None,
                });
            }
        }
    }
}

/// Whether something leaves with this that somebody else will read.
fn goes_out(deed: &Deed) -> bool {
    matches!(deed, Deed::Send { .. } | Deed::Pay { .. } | Deed::Publish { .. } | Deed::Connect { upload: true, .. })
}

/// Every value of these arguments.
fn each(input: &Value, arguments: &[String], mut take: impl FnMut(&str, &str)) {
    for argument in arguments {
        for value in input.get(argument).map(texts).unwrap_or_default() {
            take(argument, &value);
        }
    }
}

/// The first argument in which a value stands.
fn argument_with(input: &Value, value: &str) -> String {
    let Value::Object(fields) = input else { return String::new() };
    let holds =
        |(_, field): &(&String, &Value)| texts(field).iter().any(|text| text.to_lowercase().contains(&value.to_lowercase()));
    fields.iter().find(holds).map(|(name, _)| name.clone()).unwrap_or_default()
}

/// The texts and numbers in a value.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields.values().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}
