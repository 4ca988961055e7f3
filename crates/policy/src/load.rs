//! Layers of policy text become one policy. In: texts with who they are from and whether they are trusted. Out: checked
//! rules, or everything that is wrong, with its place.
//!
//! Checked here, once: that it parses, that every policy has `@id` and `@reason`, that Cedar's strict validation holds
//! against our schema, that no policy is a template, and that each policy's examples hold. An untrusted layer (a
//! repository's own files) can only take away: its permits are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::str::FromStr;
use std::sync::OnceLock;

use bailiwick_vocab::handling::Handling;
use bailiwick_vocab::map::Map;
use cedar_policy::ffi::DetailedError;
use cedar_policy::{
    ActionConstraint, Effect, PolicySet, ResourceConstraint, Schema, ValidationMode, ValidationWarning, Validator,
};
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Origin};
use crate::example;
use crate::places::Places;
use crate::policy::{Policy, Rule, Traits};
use crate::schema::{Acts, EVERY, RECEIVES, acts_of};

/// A layer's text is at most this long, and all layers hold at most this many policies: ten times what the default
/// policies need, and a bound on what a hostile repository can cost.
const MOST_BYTES: usize = 256 * 1024;
const MOST_RULES: usize = 2_000;

/// Whose a layer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LayerKind {
    /// The machine's owner.
    Organisation,
    /// The user.
    User,
    /// The repository.
    Project,
    /// One of ours.
    Preset,
}

impl LayerKind {
    /// As in qualified identifiers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            LayerKind::Organisation => "organisation",
            LayerKind::User => "user",
            LayerKind::Project => "project",
            LayerKind::Preset => "preset",
        }
    }
}

/// One text of policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Whose.
    pub kind: LayerKind,
    /// Its file name, for people.
    pub source: String,
    /// Cedar.
    pub text: String,
    /// Whether its permits count.
    pub trusted: bool,
}

/// What loading gathers.
struct Loading {
    schema: Schema,
    places: Places,
    rules: Vec<Rule>,
    traits: Traits,
    ids: BTreeSet<String>,
    errors: Vec<Diagnostic>,
    notes: Vec<Diagnostic>,
}

/// See [`Policy::compile`].
pub(crate) fn compile(layers: &[Layer], map: &Map) -> Result<Policy, Vec<Diagnostic>> {
    let own = Origin { kind: LayerKind::Preset, source: "built-in", text: "" };
    let schema = crate::schema::schema().map_err(|error| vec![own.diagnostic(None, error, None)])?;
    let places = example::places(map).map_err(|error| vec![own.diagnostic(None, error.to_string(), None)])?;
    let (rules, traits, ids) = (Vec::new(), Traits::default(), BTreeSet::new());
    let mut loading = Loading { schema, places, rules, traits, ids, errors: Vec::new(), notes: Vec::new() };
    for layer in layers {
        loading.layer(layer);
    }
    if loading.errors.is_empty() {
        Ok(Policy::new(loading.rules, loading.notes, loading.traits, crate::cache::digest(layers, map)))
    } else {
        Err(loading.errors)
    }
}

impl Loading {
    fn layer(&mut self, layer: &Layer) {
        let origin = Origin { kind: layer.kind, source: &layer.source, text: &layer.text };
        if layer.text.len() > MOST_BYTES {
            self.errors.push(origin.diagnostic(None, format!("longer than {MOST_BYTES} bytes"), None));
            return;
        }
        let set = match PolicySet::from_str(&layer.text) {
            Ok(set) => set,
            Err(error) => return origin.cedar(&DetailedError::from(&error), 0, &mut self.errors),
        };
        for template in set.templates() {
            let message = "a template says nothing by itself: write the policy out";
            let span = locate(&layer.text, &template.to_cedar(), &mut 0);
            self.errors.push(origin.diagnostic(span, message, None));
        }
        self.validate(origin, &set);
        let mut cursor = 0;
        for policy in in_order(&set) {
            let text = policy.to_cedar().unwrap_or_default();
            let span = locate(&layer.text, &text, &mut cursor);
            self.policy(layer, origin, policy, &text, span);
        }
        if self.rules.len() > MOST_RULES {
            self.errors.push(origin.diagnostic(None, format!("more than {MOST_RULES} policies in all"), None));
        }
    }

    fn validate(&mut self, origin: Origin<'_>, set: &PolicySet) {
        let result = Validator::new(self.schema.clone()).validate(set, ValidationMode::Strict);
        for error in result.validation_errors() {
            origin.cedar(&DetailedError::from(error), 0, &mut self.errors);
        }
        for warning in result.validation_warnings() {
            // A forbid that can never hold looks like protection and is none: most likely a slip of the pen.
            let slip = matches!(warning, ValidationWarning::ImpossiblePolicy(_));
            origin.cedar(&DetailedError::from(warning), 0, if slip { &mut self.errors } else { &mut self.notes });
        }
    }

    fn policy(
        &mut self,
        layer: &Layer,
        origin: Origin<'_>,
        policy: &cedar_policy::Policy,
        text: &str,
        span: Option<Range<usize>>,
    ) {
        let head = span.map(|span| span.start..(span.start + first_line(text)));
        let Some((id, reason)) = self.names(layer, origin, policy, head.as_ref()) else { return };
        self.places_named(origin, policy, head.as_ref());
        let examples = example::check(policy, &self.places);
        self.errors.extend(
            examples.into_iter().map(|problem| origin.diagnostic(head.clone(), format!("policy {id:?}: {problem}"), None)),
        );
        let permits = policy.effect() == Effect::Permit;
        if permits && !layer.trusted {
            let message = format!("permit {id:?} is left out: this layer is not trusted, so only its forbids count");
            self.notes.push(origin.diagnostic(head, message, Some("`bailiwick trust` after reading it")));
            return;
        }
        let handling = match handling(policy) {
            Ok(handling) => handling,
            Err(problem) => return self.errors.push(origin.diagnostic(head, problem, Some(HANDLING))),
        };
        let approvers = approvers(policy);
        self.note_traits(policy, &approvers);
        // By any way of writing it.
        self.traits.origins |= ORIGINS.iter().any(|word| without_annotations(text).contains(word));
        self.rules.push(Rule {
            id,
            reason,
            permits,
            approvable: approvers.is_some(),
            acts: acts(policy),
            place: place(policy),
            kind: kind(policy),
            handling,
            text: without_annotations(text).to_owned(),
            parsed: OnceLock::new(),
        });
    }

    /// The qualified identifier and the reason, where both are there and the identifier is new.
    fn names(
        &mut self,
        layer: &Layer,
        origin: Origin<'_>,
        policy: &cedar_policy::Policy,
        head: Option<&Range<usize>>,
    ) -> Option<(String, String)> {
        let named = |key: &str| policy.annotation(key).filter(|value| !value.trim().is_empty()).map(str::to_owned);
        let (id, reason) = (named("id"), named("reason"));
        for (value, key, help) in [
            (&id, "id", "add @id(\"short-name\") before it: rulings and the ledger name it by that"),
            (&reason, "reason", "add @reason(\"…\") before it: it is what people read when this policy decides"),
        ] {
            if value.is_none() {
                self.errors.push(origin.diagnostic(head.cloned(), format!("this policy has no @{key}"), Some(help)));
            }
        }
        let id = format!("{}/{}", layer.kind.word(), id?);
        if !self.ids.insert(id.clone()) {
            self.errors.push(origin.diagnostic(head.cloned(), format!("two policies are called {id:?}"), None));
        }
        Some((id, reason?))
    }

    /// A place that nobody has described holds nothing: most likely a slip of the pen.
    fn places_named(&mut self, origin: Origin<'_>, policy: &cedar_policy::Policy, head: Option<&Range<usize>>) {
        for uid in policy.entity_literals() {
            let name = uid.id().unescaped();
            if uid.type_name().to_string() == "Place" && !self.places.names().any(|own| own == name) {
                let message = format!("no place is called {name:?}, so nothing lies in it");
                self.notes.push(origin.diagnostic(head.cloned(), message, Some("`bailiwick map` lists the places")));
            }
        }
    }

    fn note_traits(&mut self, policy: &cedar_policy::Policy, approvers: &Option<Vec<String>>) {
        for uid in policy.entity_literals() {
            let kind = uid.type_name().to_string();
            self.traits.directories |= kind == "Path";
            self.traits.domains |= kind == "Host";
        }
        let all: BTreeSet<String> = self.traits.approvers.drain(..).chain(approvers.iter().flatten().cloned()).collect();
        self.traits.approvers = all.into_iter().collect();
    }
}

/// The policies in the order of the text: Cedar numbers them as it reads.
fn in_order(set: &PolicySet) -> Vec<&cedar_policy::Policy> {
    let number = |policy: &cedar_policy::Policy| {
        let id: &str = policy.id().as_ref();
        id.trim_start_matches("policy").parse::<usize>().unwrap_or(usize::MAX)
    };
    let numbered: BTreeMap<usize, &cedar_policy::Policy> = set.policies().map(|policy| (number(policy), policy)).collect();
    numbered.into_values().collect()
}

fn locate(source: &str, text: &str, cursor: &mut usize) -> Option<Range<usize>> {
    let start = source.get(*cursor..)?.find(text)? + *cursor;
    *cursor = start + text.len();
    Some(start..*cursor)
}

fn first_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

fn acts(policy: &cedar_policy::Policy) -> Acts {
    match policy.action_constraint() {
        ActionConstraint::Any => EVERY,
        ActionConstraint::Eq(uid) => acts_of(uid.id().unescaped()),
        ActionConstraint::In(uids) => uids.iter().fold(0, |all, uid| all | acts_of(uid.id().unescaped())),
    }
}

/// The place that the scope demands of the resource.
fn place(policy: &cedar_policy::Policy) -> Option<String> {
    match policy.resource_constraint() {
        ResourceConstraint::In(uid) | ResourceConstraint::IsIn(_, uid) if uid.type_name().to_string() == "Place" => {
            Some(uid.id().unescaped().to_owned())
        }
        ResourceConstraint::Any
        | ResourceConstraint::Is(_)
        | ResourceConstraint::Eq(_)
        | ResourceConstraint::In(_)
        | ResourceConstraint::IsIn(_, _) => None,
    }
}

/// The type that the scope demands of the resource.
fn kind(policy: &cedar_policy::Policy) -> Option<String> {
    match policy.resource_constraint() {
        ResourceConstraint::Is(kind) | ResourceConstraint::IsIn(kind, _) => Some(kind.to_string()),
        ResourceConstraint::Any | ResourceConstraint::Eq(_) | ResourceConstraint::In(_) => None,
    }
}

const HANDLING: &str = "a policy about what comes back is `@handling(\"annotate\" | \"redact\" | \"withhold\") forbid (principal, action == Action::\"receive\", …)`";

/// What a policy about what comes back wants done; none for a policy about acts. The error says why it is neither.
fn handling(policy: &cedar_policy::Policy) -> Result<Option<Handling>, &'static str> {
    let acts = acts(policy);
    match (acts & RECEIVES != 0, policy.annotation("handling")) {
        (false, None) => Ok(None),
        (false, Some(_)) => Err("@handling says nothing of acts, only of what comes back"),
        (true, _) if acts != RECEIVES => Err("what comes back needs a policy of its own"),
        (true, _) if policy.effect() == Effect::Permit => {
            Err("what comes back needs no permit: it goes on where nothing forbids it")
        }
        (true, None) => Err("this policy does not say what is done with what comes back"),
        (true, Some(word)) => match Handling::named(word) {
            Some(Handling::Pass) | None => Err("no handling is called so"),
            some => Ok(some),
        },
    }
}

/// Whether the policy looks at approvals, and at whose by name. `None`: it does not.
fn approvers(policy: &cedar_policy::Policy) -> Option<Vec<String>> {
    let json = policy.to_json().ok()?;
    let mut names = Vec::new();
    walk(&json, &mut names).then_some(names)
}

/// Members of the context that say where values come from.
const ORIGINS: [&str; 5] = ["destinations", "objects", "values", "carried", "asked"];

/// Looks through Cedar's JSON form for `context.approved` and its like. Whatever string stands beside `context.approvals`
/// in an operation is a name.
fn walk(json: &serde_json::Value, names: &mut Vec<String>) -> bool {
    let mut found = false;
    if let Some(get) = json.get(".") {
        let attribute = get.get("attr").and_then(|attr| attr.as_str()).unwrap_or("");
        found = get.pointer("/left/Var").and_then(|var| var.as_str()) == Some("context")
            && matches!(attribute, "approved" | "approvals" | "approvalCount");
    }
    for operation in ["contains", "containsAll", "containsAny"] {
        let beside =
            json.get(operation).filter(|inner| inner.pointer("/left/./attr").and_then(|attr| attr.as_str()) == Some("approvals"));
        if let Some(right) = beside.and_then(|inner| inner.get("right")) {
            strings(right, names);
        }
    }
    match json {
        serde_json::Value::Object(fields) => fields.values().fold(found, |all, value| walk(value, names) || all),
        serde_json::Value::Array(items) => items.iter().fold(found, |all, value| walk(value, names) || all),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) | serde_json::Value::String(_) => {
            found
        }
    }
}

fn strings(json: &serde_json::Value, names: &mut Vec<String>) {
    match json {
        serde_json::Value::String(text) => names.push(text.clone()),
        serde_json::Value::Object(fields) => fields.values().for_each(|value| strings(value, names)),
        serde_json::Value::Array(items) => items.iter().for_each(|value| strings(value, names)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

/// The policy's text from `permit` or `forbid` on. Annotations are only for loading, and parsing them again costs.
fn without_annotations(text: &str) -> &str {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if rest.starts_with('@') {
            match after_annotation(rest) {
                Some(after) => rest = after,
                None => return text,
            }
        } else {
            return rest;
        }
    }
}

fn after_annotation(text: &str) -> Option<&str> {
    let name_end = text.get(1..)?.find(|letter: char| !letter.is_alphanumeric() && letter != '_')? + 1;
    let Some(value) = text.get(name_end..)?.trim_start().strip_prefix('(') else { return text.get(name_end..) };
    let value = value.trim_start().strip_prefix('"')?;
    let mut escaped = false;
    let end = value.find(|letter: char| {
        let ends = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        ends
    })?;
    value.get(end + 1..)?.trim_start().strip_prefix(')')
}
