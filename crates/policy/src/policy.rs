//! The compiled policy: every rule with what its scope says it can be about, and the sets of rules that are asked.
//!
//! A rule whose scope cannot match a request (another act, a place that the resource is not in) changes nothing in the
//! answer, so it is left out before Cedar is asked: the cost of a request grows with the rules about it, not with all,
//! and a process that lives for one call parses only what it asks.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

use bailiwick_vocab::handling::Handling;
use bailiwick_vocab::map::Map;
use cedar_policy::{PolicyId, PolicySet};
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::load::Layer;
use crate::schema::{Acts, RECEIVES, acts_of};

/// Sets of rules kept ready. There are as many as combinations of act and places that really occur; past the bound they
/// are built anew each time.
const MOST_SETS: usize = 1024;

/// What may be done, ready to be asked.
#[derive(Debug)]
pub struct Policy {
    pub(crate) rules: Vec<Rule>,
    pub(crate) notes: Vec<Diagnostic>,
    pub(crate) traits: Traits,
    pub(crate) digest: String,
    sets: RwLock<HashMap<Vec<u16>, Arc<PolicySet>>>,
}

/// One policy of a layer.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Rule {
    /// `layer/id`.
    pub(crate) id: String,
    /// Its `@reason`.
    pub(crate) reason: String,
    /// Permit or forbid.
    pub(crate) permits: bool,
    /// Whether an approval can change what it says.
    pub(crate) approvable: bool,
    /// The acts that its scope allows.
    pub(crate) acts: Acts,
    /// The place that its scope demands.
    pub(crate) place: Option<String>,
    /// The type that its scope demands.
    pub(crate) kind: Option<String>,
    /// Its `@handling`, where it is about what comes back to an agent.
    pub(crate) handling: Option<Handling>,
    /// Cedar, without annotations.
    pub(crate) text: String,
    #[serde(skip)]
    pub(crate) parsed: OnceLock<Option<cedar_policy::Policy>>,
}

/// What the rules together look at, so that only that is built.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Traits {
    /// Some rule names a directory.
    pub(crate) directories: bool,
    /// Some rule names a host or domain.
    pub(crate) domains: bool,
    /// Some rule looks at where a call's values come from.
    pub(crate) origins: bool,
    /// Everyone whose approval some rule asks for by name.
    pub(crate) approvers: Vec<String>,
}

impl Policy {
    /// Whether some rule looks at where a call's values come from; finding that out costs a look at the whole session.
    #[must_use]
    pub fn wants_origins(&self) -> bool {
        self.traits.origins
    }

    /// Parses, checks and joins the layers; later ones add to earlier ones, and a `forbid` wins wherever it stands.
    ///
    /// # Errors
    /// Everything that is wrong with any layer. There is no policy then: the caller denies.
    pub fn compile(layers: &[Layer], map: &Map) -> Result<Policy, Vec<Diagnostic>> {
        crate::load::compile(layers, map)
    }

    /// What the compiled form depends on, as the hexadecimal SHA-256: texts, trust, map, our version and Cedar's.
    #[must_use]
    pub fn digest(layers: &[Layer], map: &Map) -> String {
        crate::cache::digest(layers, map)
    }

    /// A default policy's text by name.
    #[must_use]
    pub fn preset(name: &str) -> Option<&'static str> {
        crate::presets::PRESETS.iter().find(|preset| preset.name == name).map(|preset| preset.text)
    }

    /// The names of the default policies, the usual one first.
    pub fn presets() -> &'static [&'static str] {
        crate::presets::NAMES
    }

    /// What was left out or looks wrong, but does not keep the policy from being used.
    #[must_use]
    pub fn notes(&self) -> &[Diagnostic] {
        &self.notes
    }

    pub(crate) fn new(rules: Vec<Rule>, notes: Vec<Diagnostic>, traits: Traits, digest: String) -> Policy {
        Policy { rules, notes, traits, digest, sets: RwLock::default() }
    }

    /// The rules that can matter to `act` on something in `places`. The error is the rule that cannot be parsed.
    pub(crate) fn rules_for(&self, act: &str, places: &[&str]) -> Result<Arc<PolicySet>, String> {
        let act = acts_of(act);
        let matter = |rule: &Rule| rule.acts & act != 0 && rule.place.as_ref().is_none_or(|own| places.contains(&own.as_str()));
        self.chosen(matter)
    }

    /// The rules about something of this type that comes back to an agent.
    pub(crate) fn rules_for_arrivals(&self, kind: &str) -> Result<Arc<PolicySet>, String> {
        self.chosen(|rule| rule.acts & RECEIVES != 0 && rule.kind.as_ref().is_none_or(|own| own == kind))
    }

    /// Whether there is any rule about something of this type that comes back.
    pub(crate) fn looks_at(&self, kind: &str) -> bool {
        self.rules.iter().any(|rule| rule.acts & RECEIVES != 0 && rule.kind.as_ref().is_none_or(|own| own == kind))
    }

    fn chosen(&self, matter: impl Fn(&Rule) -> bool) -> Result<Arc<PolicySet>, String> {
        let chosen: Vec<u16> = (0_u16..).zip(&self.rules).filter(|(_, rule)| matter(rule)).map(|(at, _)| at).collect();
        if let Some(set) = self.sets.read().ok().and_then(|sets| sets.get(&chosen).cloned()) {
            return Ok(set);
        }
        let set = Arc::new(self.set(&chosen)?);
        if let Ok(mut sets) = self.sets.write()
            && sets.len() < MOST_SETS
        {
            sets.insert(chosen, Arc::clone(&set));
        }
        Ok(set)
    }

    fn set(&self, chosen: &[u16]) -> Result<PolicySet, String> {
        let mut set = PolicySet::new();
        for at in chosen {
            let rule = self.rules.get(usize::from(*at)).ok_or_else(|| at.to_string())?;
            let parsed = rule.parsed(*at).ok_or_else(|| rule.id.clone())?;
            set.add(parsed.clone()).map_err(|_| rule.id.clone())?;
        }
        Ok(set)
    }

    /// The rule that Cedar names by `id`.
    pub(crate) fn rule(&self, id: &PolicyId) -> Option<&Rule> {
        let text: &str = id.as_ref();
        self.rules.get(text.parse::<usize>().ok()?)
    }
}

impl Rule {
    fn parsed(&self, at: u16) -> Option<&cedar_policy::Policy> {
        let parse = || cedar_policy::Policy::parse(Some(PolicyId::new(at.to_string())), &self.text).ok();
        self.parsed.get_or_init(parse).as_ref()
    }
}
