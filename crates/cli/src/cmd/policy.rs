//! `bailiwick policy check | test | show | simulate | import`: does the policy load, do its examples hold, what does it say
//! in words, what would another one have decided, what do agents' own rules become.

mod import;
mod simulate;

use std::path::{Path, PathBuf};

use bailiwick_guard::trust::Trusted;
use bailiwick_policy::example;
use bailiwick_policy::load::{Layer, LayerKind};
use bailiwick_policy::places::Places;
use bailiwick_policy::policy::Policy;
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::handling::Handling;
use bailiwick_vocab::map::Map;

use crate::dirs::{Dirs, workspace_of};
use crate::failure::{Failure, Kind, Naming as _};
use crate::setup::{Choice, compiled, layers, map, optional};
use crate::terminal::{Ink, ink, line};

/// Check, test and read the policy
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick policy check my.cedar")]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Load the policy that holds here, or the given files, and show every problem with its source
    Check(Files),
    /// Run the examples that stand in the policies (they run at every load as well)
    Test(Files),
    /// Say in words what an agent may do here
    Show(Files),
    /// Judge every recorded call again under another policy, and show what would change
    Simulate(simulate::Arguments),
    /// Turn the permission rules of Claude Code, Codex or Gemini CLI into a policy, and say what did not translate
    Import(import::Arguments),
}

#[derive(clap::Args)]
struct Files {
    /// Policy files [default: all that hold in this directory]
    files: Vec<PathBuf>,
    /// A built-in policy instead of the configured one
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// For test: a file of cases, `allow|ask|deny EXAMPLE` or `pass|annotate|redact|withhold receive …` a line, in the
    /// notation of @match
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
}

/// Runs one of them.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.what {
        What::Check(files) => check(&chosen(dirs, files)?),
        What::Test(files) => test(&chosen(dirs, files)?, files.cases.as_deref()),
        What::Simulate(arguments) => simulate::run(dirs, arguments),
        What::Import(arguments) => import::run(dirs, arguments),
        What::Show(files) => {
            let chosen = chosen(dirs, files)?;
            line(compiled(&chosen.layers, &chosen.map)?.show().trim_end())
        }
    }
}

struct Chosen {
    layers: Vec<Layer>,
    map: Map,
}

fn check(chosen: &Chosen) -> Result<(), Failure> {
    let policy = compiled(&chosen.layers, &chosen.map)?;
    for note in policy.notes() {
        line(&format!("{} {}", ink(Ink::Yellow, "note:"), note.render()))?;
    }
    for layer in &chosen.layers {
        let trust = if layer.trusted { "" } else { " (not trusted: only what it forbids counts; bailiwick trust)" };
        line(&format!("{} {}{trust}", ink(Ink::Green, "loads"), layer.source))?;
    }
    Ok(())
}

fn test(chosen: &Chosen, cases: Option<&Path>) -> Result<(), Failure> {
    let policy = compiled(&chosen.layers, &chosen.map)?;
    let count = |key: &str| chosen.layers.iter().map(|layer| examples(&layer.text, key)).sum::<usize>();
    line(&format!(
        "{} examples match and {} do not, as written in {} file(s)",
        count("@match("),
        count("@no_match("),
        chosen.layers.len()
    ))?;
    let Some(file) = cases else { return Ok(()) };
    let text = std::fs::read_to_string(file).naming("read", file)?;
    let places = example::places(&chosen.map)
        .map_err(|error| Failure::new(Kind::Configuration, "the map's places cannot be used").because(error))?;
    let mut wrong = 0;
    let cases = text.lines().map(str::trim).filter(|case| !case.is_empty() && !case.starts_with('#'));
    for (number, case) in cases.enumerate() {
        if let Some(problem) = problem_with(&policy, &places, case) {
            wrong += 1;
            line(&format!("{} case {}: {case}: {problem}", ink(Ink::Red, "wrong"), number + 1))?;
        }
    }
    if wrong > 0 {
        Err(Failure::new(Kind::No, format!("{wrong} case(s) came out otherwise")))
    } else {
        line("every case came out as written")
    }
}

/// Why a case `VERDICT EXAMPLE` does not hold.
fn problem_with(policy: &Policy, places: &Places, case: &str) -> Option<String> {
    let Some((wanted, text)) = case.split_once(' ') else {
        return Some("not `allow|ask|deny EXAMPLE` or `pass|annotate|redact|withhold receive …`".to_owned());
    };
    if example::received::is(text) {
        return problem_with_arrival(policy, wanted, text);
    }
    let example = match example::parse(text) {
        Ok(example) => example,
        Err(problem) => return Some(problem),
    };
    let ruling = policy.judge(&example.case(std::slice::from_ref(&example.effect), &[example.first_seen]), places);
    let found = match ruling.verdict {
        Verdict::Allow => "allow",
        Verdict::Ask => "ask",
        Verdict::Deny => "deny",
    };
    let rules: Vec<&str> = ruling.reasons.iter().map(|reason| reason.policy.as_str()).collect();
    (found != wanted).then(|| format!("{found}, by {}", rules.join(", ")))
}

/// Why a case `HANDLING receive …` does not hold.
fn problem_with_arrival(policy: &Policy, wanted: &str, text: &str) -> Option<String> {
    let example = match example::received::parse(text) {
        Ok(example) => example,
        Err(problem) => return Some(problem),
    };
    let causes = policy.receive(&example.arrival());
    let found = causes.iter().map(|cause| cause.handling).max().unwrap_or_default();
    let rules: Vec<&str> = causes.iter().map(|cause| cause.policy.as_str()).collect();
    (Handling::named(wanted) != Some(found)).then(|| format!("{}, by {}", found.word(), rules.join(", ")))
}

/// How many examples a policy text holds under a key.
fn examples(text: &str, key: &str) -> usize {
    let lines = text.lines().filter_map(|text| text.trim_start().strip_prefix(key));
    lines.map(|list| list.split(";;").filter(|example| !example.trim().is_empty()).count()).sum()
}

fn chosen(dirs: &Dirs, files: &Files) -> Result<Chosen, Failure> {
    let here = std::env::current_dir().unwrap_or_default();
    let workspace = workspace_of(&here.to_string_lossy());
    let trusted = Trusted::parse(&optional(&dirs.config.join("trusted"))?.unwrap_or_default());
    let choice = Choice { preset: files.preset.clone(), ..Choice::default() };
    let map = map(dirs, &workspace, &choice, &trusted)?;
    if files.files.is_empty() {
        return Ok(Chosen { layers: layers(dirs, &workspace, &choice, &trusted)?, map });
    }
    let read = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).naming("read", file)?;
        Ok(Layer { kind: LayerKind::User, source: file.display().to_string(), text, trusted: true })
    };
    Ok(Chosen { layers: files.files.iter().map(read).collect::<Result<_, Failure>>()?, map })
}
