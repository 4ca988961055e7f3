//! Runs the case pages. Fences named after layers (`organisation`, `user`, `project`, and `untrusted` for a project that
//! is not trusted) hold policies, `preset` names a default one; each line of `effects` is judged by itself, each line of
//! `together` is one effect of one call. `places` holds paths and hosts to be placed, `show` asks for the page in words.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write as _;
use std::path::Path;

use bailiwick_casebook::{Case, run};
use bailiwick_policy::diagnostic::Diagnostic;
use bailiwick_policy::example::{self, Example, received};
use bailiwick_policy::load::{Layer, LayerKind};
use bailiwick_policy::places::Places;
use bailiwick_policy::policy::Policy;
use bailiwick_vocab::case::Ruling;
use bailiwick_vocab::effect::Effect;
use bailiwick_vocab::map::Map;

#[test]
fn pages() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    match run(&dir, &check) {
        Ok(count) => assert!(count > 0),
        Err(problems) => assert!(problems.is_empty(), "{problems}"),
    }
}

fn check(case: &Case) -> String {
    let map: Map = if case.has("map") { serde_json::from_str(case.input("map")).unwrap() } else { Map::default() };
    let places = match example::places(&map) {
        Ok(places) => places,
        Err(error) => return error.to_string(),
    };
    if case.has("places") {
        return lines(case.input("places"), |line| placed(&places, line));
    }
    let policy = match Policy::compile(&layers(case), &map) {
        Ok(policy) => policy,
        Err(problems) => return rendered(&problems),
    };
    // The cached form must say the same in every case.
    let policy = Policy::from_cache(&policy.to_cache(), &Policy::digest(&layers(case), &map)).unwrap();
    let mut out = rendered(policy.notes());
    out.push_str(&lines(case.input("effects"), |line| judged(&policy, &places, line)));
    if case.has("together") {
        out.push_str(&together(&policy, &places, case.input("together")));
    }
    if case.has("show") {
        out.push_str(&policy.show());
    }
    out
}

fn layers(case: &Case) -> Vec<Layer> {
    let kinds = [
        ("preset", LayerKind::Preset, true),
        ("organisation", LayerKind::Organisation, true),
        ("user", LayerKind::User, true),
        ("project", LayerKind::Project, true),
        ("untrusted", LayerKind::Project, false),
    ];
    let layer = |(info, kind, trusted): (&str, LayerKind, bool)| {
        let given = case.input(info);
        let text = if kind == LayerKind::Preset { Policy::preset(given).unwrap().to_owned() } else { given.to_owned() };
        Layer { kind, source: format!("{info}.cedar"), text, trusted }
    };
    kinds.into_iter().filter(|(info, _, _)| case.has(info)).map(layer).collect()
}

fn lines(text: &str, say: impl Fn(&str) -> String) -> String {
    text.lines().filter(|line| !line.is_empty()).fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "{}", say(line));
        all
    })
}

fn rendered(all: &[Diagnostic]) -> String {
    all.iter().map(Diagnostic::render).collect()
}

fn placed(places: &Places, line: &str) -> String {
    let names = |names: Vec<&str>| if names.is_empty() { "-".to_owned() } else { names.join(" ") };
    match line.split_once(' ') {
        Some(("host", host)) => format!("{}  {host}", names(places.of_host(host))),
        Some(("below", dir)) => {
            places.covered(dir).iter().fold(format!("below {dir}:"), |all, (place, sample)| format!("{all}\n  {place} {sample}"))
        }
        Some((_, _)) | None => format!("{}  {line}", names(places.of_path(line))),
    }
}

fn judged(policy: &Policy, places: &Places, line: &str) -> String {
    if received::is(line) {
        return arrived(policy, line);
    }
    match example::parse(line) {
        Ok(example) => {
            let ruling = one(policy, places, &example);
            let verdict = format!("{:?}", ruling.verdict).to_lowercase();
            let policies: Vec<&str> = ruling.reasons.iter().map(|reason| reason.policy.as_str()).collect();
            format!("{verdict:5} {line}  [{}]", policies.join(", "))
        }
        Err(problem) => format!("error {line}: {problem}"),
    }
}

fn arrived(policy: &Policy, line: &str) -> String {
    let example = match received::parse(line) {
        Ok(example) => example,
        Err(problem) => return format!("error {line}: {problem}"),
    };
    let causes = policy.receive(&example.arrival());
    let strictest = causes.iter().map(|cause| cause.handling).max().unwrap_or_default();
    let all: Vec<String> =
        causes.iter().map(|cause| format!("{} {} of {:?}", cause.policy, cause.handling.word(), cause.findings)).collect();
    format!("{:8} {line}  [{}]", strictest.word(), all.join(", "))
}

fn one(policy: &Policy, places: &Places, example: &Example) -> Ruling {
    policy.judge(&example.case(std::slice::from_ref(&example.effect), &[example.first_seen]), places)
}

/// One call of several effects, in the surroundings of the first.
fn together(policy: &Policy, places: &Places, text: &str) -> String {
    let examples: Vec<Example> = text.lines().filter(|line| !line.is_empty()).map(|line| example::parse(line).unwrap()).collect();
    let effects: Vec<Effect> = examples.iter().map(|example| example.effect.clone()).collect();
    let Some(first) = examples.first() else { return "nothing".to_owned() };
    let ruling = policy.judge(&first.case(&effects, &[]), places);
    serde_json::to_string_pretty(&ruling).unwrap()
}
