//! Agents' own rules of permission, in neutral terms. In: the text of a settings or rules file, and what its relative
//! paths are relative to. Out: permissions, and everything that could not be said, with why.
//!
//! Decides nothing and never widens: an allow that has no exact form here is left out; a denial that has none is made
//! wider only where that is plainly what was meant, with a note, or is left out and named.

mod claude;
mod codex;
mod command;
mod gemini;
mod paths;
mod starlark;

use std::fmt;

use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::permission::{About, Permission, Untranslated};
use serde_json::Value;

/// The largest file that is read: a hundred times what people write.
pub const LARGEST_FILE_BYTES: usize = 1024 * 1024;
/// Rules taken from one file; the policy that they become has a limit of the same size.
pub const MOST_RULES: usize = 2_000;

/// Whose rules they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Claude Code's `settings.json`.
    ClaudeCode,
    /// Codex's `*.rules`, `requirements.toml` and `config.toml`.
    Codex,
    /// Gemini CLI's policy files and `settings.json`.
    GeminiCli,
}

/// What paths in the rules are relative to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anchors {
    /// The user's home.
    pub home: Option<String>,
    /// What a single leading slash means: the project's root, or the directory of the settings file.
    pub root: Option<String>,
    /// What a bare name is below: the project's root. `None`: whichever directory the agent works in.
    pub work: Option<String>,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// What could be said.
    pub permissions: Vec<Permission>,
    /// What could not.
    pub untranslated: Vec<Untranslated>,
}

/// Why a file was not read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RulesError {
    /// Longer than [`LARGEST_FILE_BYTES`].
    TooLarge,
    /// More than [`MOST_RULES`].
    TooMany,
    /// Not the language that the file is in; the reader's words.
    Syntax(String),
    /// A member that is not what it must be. The agent itself would drop or misread the file.
    Shape {
        /// Its name.
        field: String,
        /// What it must be.
        wanted: &'static str,
    },
}

impl fmt::Display for RulesError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RulesError::TooLarge => write!(out, "the file is longer than {LARGEST_FILE_BYTES} bytes"),
            RulesError::TooMany => write!(out, "the file holds more than {MOST_RULES} rules"),
            RulesError::Syntax(what) => out.write_str(what),
            RulesError::Shape { field, wanted } => write!(out, "{field:?} is not {wanted}"),
        }
    }
}

impl std::error::Error for RulesError {}

impl Source {
    /// Every source.
    pub const ALL: [Source; 3] = [Source::ClaudeCode, Source::Codex, Source::GeminiCli];

    /// The agent's name, as everywhere else.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Source::ClaudeCode => "claude-code",
            Source::Codex => "codex",
            Source::GeminiCli => "gemini-cli",
        }
    }
}

/// Whose a file is, by its name and what stands in it.
#[must_use]
pub fn guess(path: &str, text: &str) -> Option<Source> {
    let file = path.rsplit('/').next().unwrap_or(path);
    if file.ends_with(".rules") || file == "requirements.toml" || path.contains("/.codex/") || path.starts_with(".codex/") {
        return Some(Source::Codex);
    }
    if file.ends_with(".toml") {
        let gemini = text.lines().any(|line| line.trim_start().starts_with("[[rule]]"));
        let codex = ["approval_policy", "sandbox_mode", "default_permissions"].iter().any(|key| text.contains(key));
        return if gemini { Some(Source::GeminiCli) } else { codex.then_some(Source::Codex) };
    }
    let settings = gemini::json(text).ok()?;
    if settings.get("permissions").is_some() || path.contains(".claude/") || path.contains("claude-code/") {
        return Some(Source::ClaudeCode);
    }
    let gemini = path.contains(".gemini/") || path.contains("gemini-cli/");
    (gemini || gemini::KEYS.iter().any(|key| settings.get(*key).is_some())).then_some(Source::GeminiCli)
}

/// Reads one file. `path` says which of the source's languages it is in.
///
/// # Errors
/// Where the file is not of that source, or so broken that what was meant cannot be said.
pub fn read(source: Source, path: &str, text: &str, anchors: &Anchors) -> Result<Rules, RulesError> {
    if text.len() > LARGEST_FILE_BYTES {
        return Err(RulesError::TooLarge);
    }
    let rules = match source {
        Source::ClaudeCode => claude::read(text, anchors),
        Source::Codex if path.ends_with(".toml") => codex::toml(text, anchors),
        Source::Codex => codex::rules(text),
        Source::GeminiCli if path.ends_with(".toml") => gemini::policy(text),
        Source::GeminiCli => gemini::settings(text),
    }?;
    if rules.permissions.len() + rules.untranslated.len() > MOST_RULES { Err(RulesError::TooMany) } else { Ok(rules) }
}

/// What one rule became: what it is about, and where that says more than was written.
type Said = Result<(About, Option<String>), String>;

impl Rules {
    /// Puts one rule where it belongs.
    fn put(&mut self, source: Source, origin: &str, verdict: Verdict, said: Said) {
        match said {
            Ok((about, note)) => self.permissions.push(Permission {
                client: source.name().to_owned(),
                origin: shown(origin),
                verdict,
                about,
                except: Vec::new(),
                reason: None,
                examples: Vec::new(),
                note,
            }),
            Err(why) => self.lose(origin, Some(verdict), why),
        }
    }

    fn lose(&mut self, origin: &str, verdict: Option<Verdict>, why: impl Into<String>) {
        self.untranslated.push(Untranslated { origin: shown(origin), verdict, why: why.into() });
    }
}

/// A rule's own text for people: one line, not too long.
fn shown(origin: &str) -> String {
    const LONGEST: usize = 200;
    let clean: String = origin.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    match clean.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", clean.get(..end).unwrap_or_default()),
        None => clean,
    }
}

/// The word for a verdict in a rule's shown form.
fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "allow",
        Verdict::Ask => "ask",
        Verdict::Deny => "deny",
    }
}

/// The texts of a list that may be missing.
fn texts(holder: &Value, key: &str, field: &str) -> Result<Vec<String>, RulesError> {
    let wrong = || RulesError::Shape { field: field.to_owned(), wanted: "a list of texts" };
    match holder.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong)).collect(),
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => Err(wrong()),
    }
}

/// TOML as JSON values.
fn toml(text: &str) -> Result<Value, RulesError> {
    toml::from_str(text).map_err(|error: toml::de::Error| RulesError::Syntax(format!("not valid TOML: {}", error.message())))
}
