//! Any text as a repository's own policy: loading ends without a panic, what is wrong can be shown, and what loads can be
//! put into words, kept, and asked, without ever permitting.
#![no_main]

use bailiwick_policy::example;
use bailiwick_policy::load::{Layer, LayerKind};
use bailiwick_policy::policy::Policy;
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::map::Map;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let map = Map::default();
    let layers = [Layer { kind: LayerKind::Project, source: "fuzz.cedar".to_owned(), text: text.to_owned(), trusted: false }];
    match Policy::compile(&layers, &map) {
        Err(problems) => assert!(problems.iter().all(|problem| !problem.render().is_empty())),
        Ok(policy) => loaded(&policy, &layers, &map),
    }
});

fn loaded(policy: &Policy, layers: &[Layer], map: &Map) {
    assert!(policy.notes().iter().all(|note| !note.render().is_empty()) && !policy.show().is_empty());
    let kept = Policy::from_cache(&policy.to_cache(), &Policy::digest(layers, map));
    let places = example::places(map);
    let example = example::parse("read ~/.ssh/id_rsa untrusted=web:x");
    let (Some(kept), Ok(places), Ok(example)) = (kept, places, example) else { panic!("our own parts do not load") };
    let case = example.case(std::slice::from_ref(&example.effect), &[true]);
    let ruling = policy.judge(&case, &places);
    assert_eq!(ruling.verdict, Verdict::Deny);
    assert_eq!(ruling, kept.judge(&case, &places));
}
