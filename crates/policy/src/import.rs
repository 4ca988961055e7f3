//! Permissions of other agents become Cedar. In: permissions in neutral terms. Out: one text for the user's layer, in which
//! every policy carries examples made of its own rule, and what could not be written.
//!
//! INVARIANT (never wider): an allow permits only what it named, by its own agent, and only that act: a command that is
//! allowed may start, what it does is judged as ever. A denial may say more than its words, and then has a note.

mod command;
mod files;
mod text;
mod tools;

use std::collections::BTreeSet;

use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::effect::Deed;
use bailiwick_vocab::map::Map;
use bailiwick_vocab::permission::{About, Permission, Untranslated};

use crate::load::{Layer, LayerKind};
use crate::policy::Policy;

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Cedar.
    pub text: String,
    /// How many permissions stand in it.
    pub written: usize,
    /// What could not be written.
    pub untranslated: Vec<Untranslated>,
    /// Where a policy is not word for word its rule: the rule and how it differs.
    pub notes: Vec<(String, String)>,
}

/// One policy before it is text.
#[derive(Clone, Debug, Default)]
struct Draft {
    /// Ends its identifier, where a rule becomes several.
    suffix: &'static str,
    /// Whether only the rule's own agent is meant.
    own: bool,
    /// The scope's part on actions.
    actions: &'static str,
    /// Conditions, any of them.
    when: Vec<String>,
    /// Conditions, any of them.
    unless: Vec<String>,
    /// Examples it must match, and must not.
    examples: Vec<(String, bool)>,
    /// Whether it lets an approval pass even if the rule is a denial.
    asks: bool,
}

/// The policies of one permission, and how they differ from its words.
type Drafted = Result<(Vec<Draft>, Option<String>), String>;

const HEAD: &str = "\
// Written by `bailiwick policy import` from agents' own rules.
//
// A denial here holds for every agent and every way to the same thing, where it speaks of programs, files and hosts; for
// its own agent alone, where it speaks of that agent's tools. An allow is for its own agent, and permits one act: a program
// may start, a file be read or changed, a page be fetched. What an allowed program then does is judged as ever, and
// whatever another policy forbids stays forbidden.
";

/// Writes the policies.
#[must_use]
pub fn import(permissions: &[Permission]) -> Imported {
    let mut written: Vec<(&Permission, Option<String>, String)> = Vec::new();
    let (mut done, mut names) = (Imported::default(), BTreeSet::new());
    for permission in permissions {
        match drafted(permission) {
            Ok((drafts, note)) => {
                let name = name(permission, &mut names);
                let text: String = drafts.iter().map(|draft| policy(permission, &name, draft)).collect();
                written.push((permission, note, text));
            }
            Err(why) => done.lose(permission, why),
        }
    }
    let whole: String = written.iter().map(|(_, _, text)| text.as_str()).collect();
    let sound = problem(&whole).is_none();
    done.text.push_str(HEAD);
    for (permission, note, text) in written {
        // Something in a rule that was not foreseen: it is named, and the others stand.
        if let Some(problem) = if sound { None } else { problem(&text) } {
            done.lose(permission, format!("it could not be written: {problem}"));
            continue;
        }
        done.text.push_str(&text);
        done.written += 1;
        let notes: Vec<String> = permission.note.iter().chain(&note).cloned().collect();
        if !notes.is_empty() {
            done.notes.push((permission.origin.clone(), notes.join("; ")));
        }
    }
    done
}

impl Imported {
    fn lose(&mut self, permission: &Permission, why: String) {
        self.untranslated.push(Untranslated { origin: permission.origin.clone(), verdict: Some(permission.verdict), why });
    }
}

/// What keeps the text from being loaded, its examples among it.
fn problem(text: &str) -> Option<String> {
    let layer = Layer { kind: LayerKind::User, source: "imported".to_owned(), text: text.to_owned(), trusted: true };
    let problems = Policy::compile(&[layer], &Map::default()).err()?;
    Some(problems.first().map_or_else(|| "it does not load".to_owned(), |problem| problem.message.clone()))
}

fn drafted(permission: &Permission) -> Drafted {
    match &permission.about {
        About::Commands(lines) => command::drafts(permission, lines),
        About::Files(files) => files::drafts(permission, files),
        About::Hosts(hosts) => tools::hosts(permission, hosts),
        About::ServerTools { server, tool } => Ok((vec![tools::server(permission, server, tool)], None)),
        About::Subagents { kind } => Ok((vec![tools::subagents(permission, kind)], None)),
        About::Tools { names, purpose } => tools::tools(permission, names, *purpose),
    }
}

/// A new identifier that people recognise.
fn name(permission: &Permission, names: &mut BTreeSet<String>) -> String {
    const LONGEST: usize = 60;
    let mut slug = String::new();
    for letter in format!("{} {}", permission.client, permission.origin).chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug: String = slug.chars().take(LONGEST).collect();
    let slug = slug.trim_matches('-');
    let tried = std::iter::once(slug.to_owned()).chain((2_usize..).map(|number| format!("{slug}-{number}")));
    let new = tried.into_iter().find(|name| names.insert(name.clone()));
    new.unwrap_or_default()
}

fn policy(permission: &Permission, name: &str, draft: &Draft) -> String {
    let allows = permission.verdict == Verdict::Allow;
    let origin = format!("a rule for {}: {}", permission.client, permission.origin);
    let reason = permission.reason.as_ref().map_or(format!("This is {origin}"), |reason| format!("{reason} ({origin})"));
    let mut out = format!("\n@id({})\n@reason({})\n", text::string(&format!("{name}{}", draft.suffix)), text::string(&reason));
    for (key, wanted) in [("match", true), ("no_match", false)] {
        let examples: Vec<String> =
            draft.examples.iter().filter(|(_, holds)| *holds == wanted).map(|(text, _)| text.clone()).collect();
        if !examples.is_empty() {
            out.push_str(&format!("@{key}({})\n", text::string(&examples.join(" ;; "))));
        }
    }
    let client =
        if draft.own { format!("principal in Agent::{}", text::string(&permission.client)) } else { "principal".to_owned() };
    let effect = if allows { "permit" } else { "forbid" };
    out.push_str(&format!("{effect} ({client}, {}, resource)", draft.actions));
    if !draft.when.is_empty() {
        out.push_str(&format!("\nwhen {{ {} }}", draft.when.join(" || ")));
    }
    let approved = (permission.verdict == Verdict::Ask || draft.asks).then(|| "context.approved".to_owned());
    let unless: Vec<String> =
        if allows { Vec::new() } else { approved.into_iter().chain(draft.unless.iter().cloned()).collect() };
    if !unless.is_empty() {
        out.push_str(&format!("\nunless {{ {} }}", unless.join(" || ")));
    }
    out.push_str(";\n");
    out
}

/// An example in which the permission's own agent acts; `None` where the notation cannot hold it.
fn example(permission: &Permission, act: &str, words: &[String], details: &str) -> Option<String> {
    let quoted = words.iter().map(|word| {
        let plain = !word.is_empty() && !word.contains(char::is_whitespace);
        if plain { word.clone() } else { format!("'{word}'") }
    });
    let mut text = format!("{act} {}{details}", quoted.collect::<Vec<_>>().join(" "));
    if permission.client != "claude-code" {
        text.push_str(&format!(" client={}", permission.client));
    }
    let held = !text.contains(";;") && !words.iter().any(|word| word.contains('\'') || word.contains(char::is_control));
    let same = held && crate::example::parse(&text).is_ok_and(|example| says(&example.effect.deed, words));
    same.then_some(text)
}

/// Whether a deed read back from an example is about these words.
fn says(deed: &Deed, words: &[String]) -> bool {
    if let Deed::Execute { argv, .. } = deed {
        return argv == words;
    }
    deed.target().is_none_or(|target| words.first().is_some_and(|path| *path == target.path))
}
