//! Reads the notation of examples.

use std::collections::BTreeMap;

use bailiwick_vocab::effect::{Deed, Effect, Facts, Reversibility, Span, Target, WriteMode};
use bailiwick_vocab::event::Agent;
use bailiwick_vocab::finding::Finding;
use bailiwick_vocab::label::Labels;
use bailiwick_vocab::origin::{Role, Trace};
use serde::de::DeserializeOwned;

use super::{Example, HOME, WORKSPACE};
use crate::entities::word;

/// Keys that every act knows: the surroundings.
const SURROUNDINGS: [&str; 15] = [
    "untrusted",
    "secret",
    "finding",
    "approved",
    "first-seen",
    "client",
    "subagent",
    "tool",
    "reversible",
    "agent",
    "destination",
    "object",
    "value",
    "carried",
    "asked",
];

/// The keys of each act, and how many words it takes at least.
const ACTS: [(&str, usize, &[&str]); 19] = [
    ("read", 1, PATH),
    ("write", 1, PATH),
    ("delete", 1, PATH),
    ("execute", 1, &[]),
    ("connect", 1, &["port", "scheme", "method", "upload", "path", "bytes"]),
    ("push", 1, &["host", "force"]),
    ("publish", 2, &[]),
    ("send", 2, &[]),
    ("pay", 2, &[]),
    ("query", 2, &[]),
    ("deploy", 2, &["destroys"]),
    ("use-secret", 1, &[]),
    ("spawn", 1, &[]),
    ("signal", 1, &[]),
    ("escalate", 1, &[]),
    ("persist", 1, &[]),
    ("configure", 1, &[]),
    ("call", 2, &[]),
    ("opaque", 1, &["language", "hints"]),
];

const PATH: &[&str] = &["tree", "glob", "known", "also", "exists", "directory", "files", "untracked", "mode"];

/// Words and details of one example.
struct Parts {
    act: String,
    words: Vec<String>,
    details: BTreeMap<String, String>,
}

/// Reads one example.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse(text: &str) -> Result<Example, String> {
    let parts = parts(text)?;
    let mut effect = Effect::new(deed(&parts)?, None);
    if let Some(reversible) = parts.closed::<Reversibility>("reversible")? {
        effect.reversible = reversible;
    }
    let kind = parts.detail("subagent").to_owned();
    Ok(Example {
        effect,
        agent: Agent { client: parts.or("client", "claude-code"), id: kind.clone(), kind },
        tool: parts.or("tool", "Bash"),
        labels: Labels { untrusted: parts.list("untrusted").collect(), secrets: parts.list("secret").collect() },
        findings: parts.list("finding").map(finding).collect(),
        first_seen: parts.flag("first-seen")?,
        traces: traces(&parts)?,
        asked: parts.list("asked").map(|act| closed(&act)).collect::<Result<_, _>>()?,
        approvals: parts.list("approved").collect(),
    })
}

/// One value for each origin that is named: `destination=stranger,user`.
fn traces(parts: &Parts) -> Result<Vec<Trace>, String> {
    let mut traces = Vec::new();
    for role in [Role::Destination, Role::Object, Role::Value, Role::Carried] {
        for origin in parts.list(&word(&role)) {
            let (argument, value) = (String::new(), format!("a value from {origin}"));
            traces.push(Trace { effect: 0, role, argument, value, origin: closed(&origin)?, source: None });
        }
    }
    Ok(traces)
}

fn finding(rule: String) -> Finding {
    Finding::new(rule, Span { start: 0, end: 0 }, String::new())
}

fn parts(text: &str) -> Result<Parts, String> {
    let mut all = split(text)?.into_iter();
    let act = all.next().ok_or("an act is missing")?;
    let (_, least, keys) = ACTS.iter().find(|(name, _, _)| *name == act).ok_or_else(|| format!("{act:?} is no act"))?;
    let (mut words, mut details) = (Vec::new(), BTreeMap::new());
    for word in all {
        match word.split_once('=') {
            Some((key, value)) if keys.contains(&key) || SURROUNDINGS.contains(&key) => {
                details.insert(key.to_owned(), value.to_owned());
            }
            Some((key, _)) if act != "execute" && key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-') => {
                return Err(format!("{act} knows no {key:?}"));
            }
            Some(_) | None => words.push(word),
        }
    }
    if words.len() < *least {
        return Err(format!("{act} needs {least} word(s) after it"));
    }
    Ok(Parts { act, words, details })
}

/// Words, with `'…'` keeping what is inside together.
pub(super) fn split(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
    for letter in text.chars() {
        match letter {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            letter if letter.is_whitespace() && !quoted => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    if quoted { Err("a quote is not closed".to_owned()) } else { Ok(words) }
}

fn deed(parts: &Parts) -> Result<Deed, String> {
    let word = |at: usize| parts.words.get(at).cloned().unwrap_or_default();
    let rest = |at: usize| parts.words.get(at..).unwrap_or_default().to_vec();
    Ok(match parts.act.as_str() {
        "read" => Deed::Read(target(parts)?),
        "write" => Deed::Write { target: target(parts)?, mode: parts.closed("mode")?.unwrap_or(WriteMode::Replace) },
        "delete" => Deed::Delete(target(parts)?),
        "execute" => Deed::Execute { program: word(0), argv: rest(0) },
        "connect" => connect(parts, word(0))?,
        "push" => {
            Deed::Push { remote: word(0), host: parts.details.get("host").cloned(), refs: rest(1), force: parts.flag("force")? }
        }
        "publish" => Deed::Publish { registry: word(0), package: word(1) },
        "send" => Deed::Send { channel: word(0), recipient: word(1) },
        "pay" => Deed::Pay { recipient: word(0), amount: word(1) },
        "query" => Deed::Query { database: word(0), kind: closed(&word(1))? },
        "deploy" => Deed::Deploy { target: word(0), what: rest(1).join(" "), destroys: parts.flag("destroys")? },
        "use-secret" => Deed::UseSecret { name: word(0) },
        "spawn" => Deed::Spawn { agent: word(0) },
        "signal" => Deed::Signal { process: word(0) },
        "escalate" => Deed::Escalate { how: word(0) },
        "persist" => Deed::Persist { how: word(0) },
        "configure" => Deed::Configure { what: word(0) },
        "call" => call(&word(0), &word(1))?,
        "opaque" => Deed::Opaque {
            cause: closed(&word(0))?,
            language: parts.detail("language").to_owned(),
            hints: parts.list("hints").map(|hint| closed(&hint)).collect::<Result<_, _>>()?,
        },
        other => return Err(format!("{other:?} is no act")),
    })
}

fn connect(parts: &Parts, host: String) -> Result<Deed, String> {
    Ok(Deed::Connect {
        host,
        port: parts.details.get("port").map(|port| port.parse().map_err(|_| format!("{port:?} is no port"))).transpose()?,
        scheme: parts.or("scheme", "https"),
        method: parts.details.get("method").cloned(),
        upload: parts.flag("upload")?,
        path: parts.details.get("path").cloned(),
        bytes: parts
            .details
            .get("bytes")
            .map(|bytes| bytes.parse().map_err(|_| format!("{bytes:?} is no number")))
            .transpose()?,
    })
}

fn call(name: &str, knowledge: &str) -> Result<Deed, String> {
    let (server, tool) = name.split_once('/').unwrap_or(("", name));
    Ok(Deed::Call { server: server.to_owned(), tool: tool.to_owned(), knowledge: closed(knowledge)? })
}

fn target(parts: &Parts) -> Result<Target, String> {
    let mut target = Target::new(absolute(parts.words.first().map_or("", String::as_str)));
    target.tree = parts.flag("tree")?;
    target.glob = parts.flag("glob")?;
    target.known = parts.detail("known") != "false";
    target.also = parts.list("also").map(|path| absolute(&path)).collect();
    if ["exists", "directory", "files", "untracked"].iter().any(|key| parts.details.contains_key(*key)) {
        target.facts = Some(Facts {
            exists: parts.detail("exists") != "false",
            directory: parts.flag("directory")?,
            files: parts.count("files", 1)?,
            untracked: parts.count("untracked", 0)?,
        });
    }
    Ok(target)
}

fn absolute(path: &str) -> String {
    match path {
        "." => WORKSPACE.to_owned(),
        "~" => HOME.to_owned(),
        path if path.starts_with('/') => path.to_owned(),
        path => path.strip_prefix("~/").map_or_else(|| format!("{WORKSPACE}/{path}"), |rest| format!("{HOME}/{rest}")),
    }
}

pub(super) fn closed<T: DeserializeOwned>(word: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(|error| error.to_string())
}

impl Parts {
    fn detail(&self, key: &str) -> &str {
        self.details.get(key).map_or("", String::as_str)
    }

    fn or(&self, key: &str, usual: &str) -> String {
        self.details.get(key).cloned().unwrap_or_else(|| usual.to_owned())
    }

    fn list(&self, key: &str) -> impl Iterator<Item = String> {
        self.detail(key).split(',').filter(|item| !item.is_empty()).map(str::to_owned)
    }

    fn flag(&self, key: &str) -> Result<bool, String> {
        match self.detail(key) {
            "" | "false" => Ok(false),
            "true" => Ok(true),
            other => Err(format!("{key} is true or false, not {other:?}")),
        }
    }

    fn count(&self, key: &str, usual: u64) -> Result<u64, String> {
        self.details.get(key).map_or(Ok(usual), |text| text.parse().map_err(|_| format!("{text:?} is no number")))
    }

    fn closed<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, String> {
        self.details.get(key).map(|value| closed(value)).transpose()
    }
}
