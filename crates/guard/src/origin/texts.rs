//! What one session has said and read, by voice, ready to be searched. In: its records in their order, with the texts that
//! they name. Out: where a value stands. It can be written down and read again; it is always a fold over the ledger.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bailiwick_detect::view::{Depth, views};
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::effect::Deed;
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::map::{Map, Tool};
use bailiwick_vocab::origin::{Origin, Voice, Wish};
use bailiwick_vocab::record::{Body, CallRecord, Payload, Record};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::origin::asked;
use crate::origin::fields::{Passage, Thing, passages};
use crate::origin::heap::{Edges, Heap, number};
use crate::origin::letters::Letters;
use crate::origin::names::{Names, demanded, ordered, pressed};

/// Bytes kept of one session. What comes after counts as strangers' text that could hold anything.
const MAX_BYTES: usize = 64 << 20;

/// Arguments of a call that are remembered until its outcome comes, and bytes of each.
const MAX_GIVEN: usize = 64;
const MAX_GIVEN_BYTES: usize = 80;

/// Characters from which on a part of an address may carry something.
const MADE_UP: usize = 8;

/// The form of [`Texts::to_bytes`].
const FORM: &[u8; 8] = b"texts 4\n";

/// The texts of one session.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// How many entries of the ledger have been looked at.
    pub upto: u64,
    /// What the user said.
    user: Heap,
    /// Values of calls that a person let pass.
    approved: Heap,
    /// Values that the owner or the service sets.
    values: Heap,
    /// Texts of the owner.
    owner: Heap,
    members: Heap,
    strangers: Heap,
    /// Whether a text is missing: it may have held anything.
    gap: bool,
    /// Which tool returned the text of an entry.
    tools: BTreeMap<u64, String>,
    /// Calls whose outcome has not come.
    running: BTreeMap<String, Running>,
    /// Who wrote to the user.
    letters: Letters,
    /// What things with numbers are called.
    names: Names,
}

/// A call whose outcome has not come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Running {
    /// The provider of the tool, and the tool, as the map names them.
    server: String,
    tool: String,
    /// Whether what it returns may come from strangers.
    untrusted: bool,
    /// Its values, normalised.
    values: Vec<String>,
    /// Its short arguments, normalised.
    given: Vec<String>,
    /// Whether a person was asked about them.
    asked: bool,
}

impl Texts {
    /// Takes the session's next record. `text` gives what a payload stands for.
    pub fn apply(&mut self, entry: u64, record: &Record, map: &Map, text: &mut dyn FnMut(&Payload) -> Option<String>) {
        match &record.body {
            // What a sub-agent is told, an agent says.
            Body::Prompt { .. } if !record.agent.id.is_empty() => {}
            Body::Prompt { text: words, .. } => match text(words) {
                Some(words) => self.user.add(&normal(&words), entry),
                None => self.gap = true,
            },
            Body::Call(call) => {
                let input = text(&call.input);
                self.call(call, input.as_deref().unwrap_or_default());
            }
            Body::Outcome { call, tool, text: payload, failed, labels, .. } => {
                let running = self.running.remove(call).unwrap_or_else(|| Running::unseen(tool, labels));
                // It ran: the person who was asked said yes.
                for value in running.values.iter().filter(|_| running.asked && !failed) {
                    self.approved.add(value, entry);
                }
                match text(payload) {
                    Some(text) => self.outcome(entry, &text, &running, map),
                    None => self.gap = true,
                }
                self.tools.insert(entry, running.tool);
            }
            Body::Session { .. } | Body::Undo { .. } | Body::Approval { .. } | Body::Observed(_) | Body::Failure { .. } => {}
        }
    }

    fn call(&mut self, call: &CallRecord, input: &str) {
        let mut running = Running::unseen(&call.tool, &call.flows);
        let named = call.effects.iter().find_map(|effect| {
            let Deed::Call { server, tool, .. } = &effect.deed else { return None };
            Some((server.clone(), tool.clone()))
        });
        if let Some(named) = named {
            (running.server, running.tool) = named;
        }
        running.asked = call.ruling.verdict == Verdict::Ask || call.approval.is_some();
        running.values = call.traces.iter().map(|trace| normal(&trace.value)).collect();
        running.given = given(input);
        self.running.insert(call.call.clone(), running);
    }

    fn outcome(&mut self, entry: u64, text: &str, call: &Running, map: &Map) {
        let tool = map.of_server(&call.server, &call.tool);
        let voice = tool.map_or(if call.untrusted { Voice::Strangers } else { Voice::Owner }, Tool::speaks);
        if self.bytes() + text.len() > MAX_BYTES {
            self.gap = true;
            return;
        }
        // That an act's answer repeats what the act was about names nobody.
        let own: &[String] = if tool.is_some_and(|tool| tool.acts.is_some()) { &call.values } else { &[] };
        for passage in passages(text, tool) {
            match passage {
                Passage::Owned(value) => self.values.add(&normal(&value), entry),
                Passage::Key(name) if self.is_known(&normal(&name), call) => {}
                Passage::Said(text) | Passage::Key(text) => self.said(&headless(&text, &call.given), voice, own, entry),
                Passage::Thing(thing) => self.thing(&thing, entry),
            }
        }
    }

    /// Takes in text in a tool's voice.
    fn said(&mut self, text: &str, voice: Voice, own: &[String], entry: u64) {
        match voice {
            Voice::Owner => self.owner.add(&normal(text), entry),
            Voice::Members => plain_and_undressed(text, |text| self.members.add(&without(text, own), entry)),
            Voice::Strangers => plain_and_undressed(text, |text| self.strangers.add(&without(text, own), entry)),
        }
    }

    fn thing(&mut self, thing: &Thing, entry: u64) {
        let ids: Vec<String> = thing.ids.iter().map(|id| normal(id)).collect();
        let (title, name) = (normal(&thing.title), normal(&thing.name));
        for from in thing.from.iter().map(|from| normal(from)) {
            self.letters.add(&from, &name, &title, &ids, entry);
            self.names.add(&ids, &[from]);
        }
        self.names.add(&ids, &[title, name]);
    }

    /// Whether the name of a field is one that was asked for, or that the owner gave to something: it says of what there is
    /// more, and names nobody.
    fn is_known(&self, name: &str, call: &Running) -> bool {
        call.given.iter().any(|given| given == name) || self.values.whole(name).is_some()
    }

    /// A text is missing that may have held anything: from now on nothing counts as named by nobody.
    pub fn lose(&mut self) {
        self.gap = true;
    }

    fn bytes(&self) -> usize {
        let all = [&self.user, &self.approved, &self.values, &self.owner, &self.members, &self.strangers];
        all.iter().map(|heap| heap.len()).sum()
    }

    /// Where a value comes from, and the entry that says so.
    #[must_use]
    pub fn origin(&self, value: &str) -> (Origin, Option<u64>) {
        let value = normal(value);
        let value = value.as_str();
        if let Some(entry) = self.user.holds(value, Edges::Strict) {
            return (Origin::User, Some(entry));
        }
        if let Some(entry) = self.approved.whole(value) {
            return (Origin::Approved, Some(entry));
        }
        if let Some(entry) = self.letters.meant(value, self.user.text()) {
            return (Origin::Meant, Some(entry));
        }
        let stranger = self.strangers.holds(value, Edges::Loose);
        let owner = self.values.whole(value).or_else(|| self.owner.holds(value, Edges::Strict));
        match (owner, stranger) {
            (Some(_), Some(entry)) => return (Origin::Contested, Some(entry)),
            (Some(entry), None) if !self.gap => return (Origin::Owner, Some(entry)),
            (Some(entry), None) => return (Origin::Contested, Some(entry)),
            (None, Some(_) | None) => {}
        }
        if let Some(entry) = self.members.holds(value, Edges::Strict) {
            return (Origin::Member, Some(entry));
        }
        match stranger {
            Some(entry) => (Origin::Stranger, Some(entry)),
            None if self.gap => (Origin::Stranger, None),
            None => (Origin::Model, None),
        }
    }

    /// Where an answer goes that only says what it answers: to whoever wrote that, where it is a letter.
    #[must_use]
    pub fn writer(&self, id: &str) -> Option<(&str, u64)> {
        self.letters.writer(&normal(id))
    }

    /// Where a stranger wants to have a thing taken away that the user did not name: by what the thing is called.
    #[must_use]
    pub fn wanted_away(&self, id: &str) -> Option<u64> {
        self.names.wanted_away(&normal(id), self.user.text(), &[&self.strangers, &self.members])
    }

    /// Where a member tells somebody to send this on, or to let this one in: orders in what was read widen nothing, whoever
    /// gives them.
    #[must_use]
    pub fn pressed(&self, value: &str) -> Option<u64> {
        pressed(&normal(value), &self.members)
    }

    /// Whether the user asks for somebody to be let in.
    #[must_use]
    pub fn asks_to_admit(&self) -> bool {
        asked::is_admitting(self.user.text())
    }

    /// Whether a value stands anywhere in what was said and read.
    #[must_use]
    pub fn stands(&self, value: &str) -> bool {
        let value = normal(value);
        let all = [&self.user, &self.values, &self.owner, &self.members, &self.strangers];
        all.into_iter().any(|heap| heap.holds(&value, Edges::Loose).is_some())
    }

    /// Where a stranger names the thing of that number, and tells somebody to do something with it.
    #[must_use]
    pub fn named(&self, id: &str) -> Option<u64> {
        self.names.named(&normal(id), &self.strangers)
    }

    /// Where the writer of this address stands, if the user asks for something to be made and means them.
    #[must_use]
    pub fn meant_to_come(&self, address: &str) -> Option<u64> {
        if asked::is_making(self.user.text()) { self.letters.named(&normal(address), self.user.text()) } else { None }
    }

    /// Whether an address on the web was put together by the agent: it stands nowhere, and what it adds to a host has more in
    /// it than the user's words.
    #[must_use]
    pub fn is_made_up(&self, address: &str) -> bool {
        if self.stands(address) {
            return false;
        }
        let address = normal(address);
        let (_, rest) = address.split_once("://").unwrap_or(("", &address));
        let added = rest.split(['/', '?', '&', '=', '#', '+']).skip(1);
        let long = |part: &&str| part.chars().count() >= MADE_UP;
        added.filter(long).any(|part| self.user.holds(part, Edges::Loose).is_none())
    }

    /// Whether a stranger tells somebody to do something with what goes by this number; else it only stands there.
    #[must_use]
    pub fn is_ordered(&self, id: &str) -> bool {
        self.gap || ordered(&normal(id), asked::is_ordering, &self.strangers).is_some()
    }

    /// Whether a stranger tells somebody to send something there; else it is only mentioned.
    #[must_use]
    pub fn is_sent_to(&self, address: &str) -> bool {
        self.gap || ordered(&normal(address), asked::is_demanding, &self.strangers).is_some()
    }

    /// Where a stranger asks for a new thing of that name, which the user does not.
    #[must_use]
    pub fn demanded(&self, name: &str) -> Option<u64> {
        demanded(&normal(name), self.user.text(), &[&self.strangers, &self.members])
    }

    /// The tool whose outcome an entry is; empty for the user's words.
    #[must_use]
    pub fn tool(&self, entry: u64) -> &str {
        self.tools.get(&entry).map_or("", String::as_str)
    }

    /// Whether the user's words ask for such a thing.
    #[must_use]
    pub fn asks(&self, wish: Wish) -> bool {
        asked::is_asked(self.user.text(), wish)
    }

    /// Everything, to be written down.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = FORM.to_vec();
        bytes.extend(self.upto.to_le_bytes());
        bytes.push(u8::from(self.gap));
        for heap in [&self.user, &self.approved, &self.values, &self.owner, &self.members, &self.strangers] {
            heap.write(&mut bytes);
        }
        self.names.write(&mut bytes);
        bytes.extend(serde_json::to_vec(&(&self.tools, &self.running, &self.letters)).unwrap_or_default());
        bytes
    }

    /// What [`Texts::to_bytes`] made; `None` where it is anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Texts> {
        let (upto, rest) = number(bytes.strip_prefix(FORM)?)?;
        let (gap, rest) = rest.split_first()?;
        let (user, rest) = Heap::read(rest)?;
        let (approved, rest) = Heap::read(rest)?;
        let (values, rest) = Heap::read(rest)?;
        let (owner, rest) = Heap::read(rest)?;
        let (members, rest) = Heap::read(rest)?;
        let (strangers, rest) = Heap::read(rest)?;
        let (names, rest) = Names::read(rest)?;
        let (tools, running, letters) = serde_json::from_slice(rest).ok()?;
        Some(Texts { upto, gap: *gap != 0, user, approved, values, owner, members, strangers, tools, running, letters, names })
    }
}

impl Running {
    /// A call of a tool that the map need not know, by what flows in with its outcome.
    fn unseen(tool: &str, flows: &Labels) -> Running {
        Running {
            server: String::new(),
            tool: tool.to_owned(),
            untrusted: !flows.untrusted.is_empty(),
            values: Vec::new(),
            given: Vec::new(),
            asked: false,
        }
    }
}

/// A text in plain letters, in lower case, with one space where there are several.
#[must_use]
pub fn normal(text: &str) -> String {
    let plain = views(text, Depth { nested: 0, times: 0 }).next();
    spaced(plain.as_ref().map_or(text, |view| view.text()))
}

/// The short texts among a call's arguments, normalised.
fn given(input: &str) -> Vec<String> {
    let Ok(input) = serde_json::from_str::<Value>(input) else { return Vec::new() };
    let mut found = Vec::new();
    let mut open = vec![&input];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) if text.len() <= MAX_GIVEN_BYTES && !text.trim().is_empty() => found.push(normal(text)),
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values()),
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    found.truncate(MAX_GIVEN);
    found
}

/// A text without the names of what was asked for where they head a line. Once each: what is further down may be in what
/// strangers wrote.
fn headless<'t>(text: &'t str, given: &[String]) -> Cow<'t, str> {
    let mut left: Vec<&String> = given.iter().collect();
    let kept: Vec<&str> = text
        .lines()
        .map(|line| match left.iter().position(|name| after_heading(line, name).is_some()) {
            Some(at) => after_heading(line, left.swap_remove(at)).unwrap_or_default(),
            None => line,
        })
        .collect();
    if left.len() == given.len() { Cow::Borrowed(text) } else { Cow::Owned(kept.join("\n")) }
}

/// What stands after a name at a line's beginning: `Sea View: 4.5`, `Hotel: Sea View`.
fn after_heading<'t>(line: &'t str, name: &str) -> Option<&'t str> {
    let line = line.trim_start_matches([' ', '-', '*', '#']);
    let same = |text: &str| text.trim().to_lowercase() == name;
    match line.split_once(':') {
        Some((label, rest)) if same(label) => Some(rest),
        Some((_, rest)) if same(rest) => Some(""),
        Some(_) => None,
        None => same(line).then_some(""),
    }
}

/// A text in which these values do not stand.
fn without<'t>(text: &'t str, values: &[String]) -> Cow<'t, str> {
    let there = values.iter().filter(|value| !value.is_empty());
    there.fold(Cow::Borrowed(text), |text, value| {
        if text.contains(value.as_str()) { Cow::Owned(text.replace(value.as_str(), "…")) } else { text }
    })
}

/// The text, and every passage of it that wears a disguise, without it.
fn plain_and_undressed(text: &str, mut take: impl FnMut(&str)) {
    for view in views(text, Depth::default()) {
        take(&spaced(view.text()));
    }
}

/// One space where there are several, and one after a full stop that the next sentence follows at once (`shop.com.They`).
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        let (mut before, mut stopped) = (' ', false);
        for letter in word.chars() {
            if stopped && letter.is_uppercase() {
                out.push(' ');
            }
            stopped = letter == '.' && before.is_lowercase();
            before = letter;
            out.extend(letter.to_lowercase());
        }
    }
    out
}
