//! The default policies load clean, and every one of their policies carries examples of both kinds.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use bailiwick_policy::load::{Layer, LayerKind};
use bailiwick_policy::policy::Policy;
use bailiwick_vocab::map::Map;

fn load(name: &str) -> Policy {
    let text = Policy::preset(name).unwrap().to_owned();
    let layer = Layer { kind: LayerKind::Preset, source: format!("{name}.cedar"), text, trusted: true };
    Policy::compile(&[layer], &Map::default())
        .unwrap_or_else(|problems| panic!("{}", problems.iter().map(|problem| problem.render()).collect::<Vec<_>>().join("\n")))
}

#[test]
fn every_default_policy_loads_without_a_note() {
    for name in Policy::presets() {
        let policy = load(name);
        let notes: Vec<String> = policy.notes().iter().map(|note| note.render()).collect();
        assert!(notes.is_empty(), "{name}: {}", notes.join("\n"));
    }
}

#[test]
fn every_policy_has_an_example_that_matches_and_one_that_does_not() {
    for name in Policy::presets() {
        let text = Policy::preset(name).unwrap();
        let count = |key: &str| text.lines().filter(|line| line.starts_with(key)).count();
        assert_eq!(count("@id("), count("@match("), "{name}");
        // The one policy that permits everything has nothing that it spares.
        let spares_nothing = usize::from(*name == "observe");
        assert_eq!(count("@id("), count("@no_match(") + spares_nothing, "{name}");
    }
}

#[test]
fn every_preset_has_its_name() {
    assert!(Policy::presets().iter().all(|name| Policy::preset(name).is_some()));
    assert!(Policy::preset("other").is_none());
}
