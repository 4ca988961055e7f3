//! Laws that hold for every policy and case: more forbids never loosen, an untrusted layer never loosens, a call is as
//! bad as its worst effect, and what cannot be evaluated is denied.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::OnceLock;

use bailiwick_policy::example;
use bailiwick_policy::load::{Layer, LayerKind};
use bailiwick_policy::places::Places;
use bailiwick_policy::policy::Policy;
use bailiwick_vocab::case::{Ruling, Verdict};
use bailiwick_vocab::effect::Effect;
use bailiwick_vocab::map::Map;
use proptest::prelude::*;

const EFFECTS: [&str; 24] = [
    "read README.md",
    "read ~/.ssh/id_rsa",
    "read .env",
    "read ~ tree=true",
    "write src/a.rs",
    "write ~/.bashrc",
    "write ~/notes",
    "write .claude/settings.json",
    "delete build tree=true files=40 untracked=40",
    "delete / tree=true",
    "delete $X known=false",
    "execute cargo test",
    "execute bailiwick approve 1",
    "connect crates.io",
    "connect evil.example upload=true",
    "connect 169.254.169.254",
    "push origin main force=true",
    "publish npm x",
    "query app.db destroy",
    "configure disk",
    "signal 4711",
    "call tickets/x undescribed",
    "opaque dynamic language=sh",
    "opaque script language=project",
];

const SURROUNDINGS: [&str; 5] =
    ["", " untrusted=web:e.org", " secret=path:/x", " untrusted=web:e.org secret=path:/x", " finding=secret/aws-access-key"];

const APPROVED: [&str; 2] = ["", " approved=user"];

const SCOPES: [&str; 8] = [
    "action, resource",
    "action == Action::\"read\", resource",
    "action in Action::\"mutate\", resource",
    "action in Action::\"egress\", resource",
    "action == Action::\"read\", resource in Place::\"workspace\"",
    "action in [Action::\"write\", Action::\"delete\"], resource in Place::\"secrets\"",
    "action == Action::\"connect\", resource in Place::\"forges\"",
    "action == Action::\"read\", resource in Path::\"/home\"",
];

const CONDITIONS: [&str; 6] = [
    "",
    " when { context.untrusted }",
    " unless { context.approved }",
    " unless { context.approvals.contains(\"alice\") }",
    " when { context.approvalCount < 2 }",
    " when { context.secret } unless { context.approved }",
];

fn places() -> Places {
    example::places(&Map::default()).unwrap()
}

fn layer(kind: LayerKind, text: &str, trusted: bool) -> Layer {
    Layer { kind, source: "law.cedar".to_owned(), text: text.to_owned(), trusted }
}

fn preset() -> Layer {
    layer(LayerKind::Preset, Policy::preset("coding-agent").unwrap(), true)
}

/// A small policy of each temper, so that compiling it for every case stays cheap.
fn base(open: bool) -> Layer {
    layer(LayerKind::Preset, Policy::preset(if open { "observe" } else { "strict" }).unwrap(), true)
}

fn compile(layers: &[Layer]) -> Policy {
    Policy::compile(layers, &Map::default()).map_err(|all| all.iter().map(|one| one.render()).collect::<String>()).unwrap()
}

fn usual() -> &'static Policy {
    static USUAL: OnceLock<Policy> = OnceLock::new();
    USUAL.get_or_init(|| compile(&[preset()]))
}

fn judge(policy: &Policy, places: &Places, lines: &[String]) -> Ruling {
    let examples: Vec<_> = lines.iter().map(|line| example::parse(line).unwrap()).collect();
    let effects: Vec<Effect> = examples.iter().map(|example| example.effect.clone()).collect();
    policy.judge(&examples[0].case(&effects, &[]), places)
}

fn case() -> impl Strategy<Value = String> {
    (0..EFFECTS.len(), 0..SURROUNDINGS.len(), 0..APPROVED.len())
        .prop_map(|(effect, around, approved)| format!("{}{}{}", EFFECTS[effect], SURROUNDINGS[around], APPROVED[approved]))
}

fn rule(effect: &'static str) -> impl Strategy<Value = String> {
    (0..SCOPES.len(), 0..CONDITIONS.len()).prop_map(move |(scope, condition)| {
        format!("@id(\"extra\") @reason(\"r\") {effect} (principal, {}){};", SCOPES[scope], CONDITIONS[condition])
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_further_forbid_never_loosens(line in case(), forbid in rule("forbid"), trusted in any::<bool>(), open in any::<bool>()) {
        let places = places();
        let before = judge(&compile(&[base(open)]), &places, std::slice::from_ref(&line));
        let after = judge(&compile(&[base(open), layer(LayerKind::Project, &forbid, trusted)]), &places, &[line]);
        prop_assert!(after.verdict >= before.verdict, "{before:?} {after:?}");
    }

    #[test]
    fn an_untrusted_permit_changes_nothing(line in case(), permit in rule("permit"), open in any::<bool>()) {
        let places = places();
        let before = judge(&compile(&[base(open)]), &places, std::slice::from_ref(&line));
        let after = judge(&compile(&[base(open), layer(LayerKind::Project, &permit, false)]), &places, &[line]);
        prop_assert_eq!(after, before);
    }

    #[test]
    fn a_trusted_permit_never_tightens_and_never_passes_a_forbid(line in case(), permit in rule("permit"), open in any::<bool>()) {
        let places = places();
        let before = judge(&compile(&[base(open)]), &places, std::slice::from_ref(&line));
        let after = judge(&compile(&[base(open), layer(LayerKind::User, &permit, true)]), &places, &[line]);
        prop_assert!(after.verdict <= before.verdict);
        if before.verdict == Verdict::Deny && before.reasons.iter().all(|reason| reason.policy != "default-deny") {
            prop_assert_eq!(after.verdict, Verdict::Deny);
        }
    }

    #[test]
    fn a_call_is_as_bad_as_its_worst_effect(picks in prop::collection::vec(0..EFFECTS.len(), 1..6), around in 0..SURROUNDINGS.len()) {
        let (policy, places) = (usual(), places());
        let lines: Vec<String> = picks.iter().map(|at| format!("{}{}", EFFECTS[*at], SURROUNDINGS[around])).collect();
        let whole = judge(policy, &places, &lines).verdict;
        let worst = lines.iter().map(|line| judge(policy, &places, std::slice::from_ref(line)).verdict).max();
        prop_assert_eq!(Some(whole), worst);
    }

    #[test]
    fn a_policy_that_errs_denies(line in case(), open in any::<bool>(), overflow in prop::sample::select(vec!["forbid", "permit"])) {
        // Validation cannot see an overflow: this passes it and errs on every request.
        let text = format!("@id(\"errs\") @reason(\"r\") {overflow} (principal, action, resource)
            when {{ context.approvalCount + 9223372036854775807 + 1 > 0 }};");
        let policy = compile(&[base(open), layer(LayerKind::User, &text, true)]);
        let ruling = judge(&policy, &places(), &[line]);
        prop_assert_eq!(ruling.verdict, Verdict::Deny);
        prop_assert_eq!(ruling.reasons[0].policy.as_str(), "guard/policy-error");
    }

    #[test]
    fn a_policy_that_errs_only_under_approval_denies_what_it_would_have_asked(line in case(), open in any::<bool>()) {
        let text = "@id(\"errs\") @reason(\"r\") forbid (principal, action, resource)
            when { if context.approvalCount > 2 then 9223372036854775807 + context.approvalCount > 0 else false };";
        let places = places();
        let before = judge(&compile(&[base(open)]), &places, std::slice::from_ref(&line));
        let after = judge(&compile(&[base(open), layer(LayerKind::User, text, true)]), &places, &[line]);
        let wanted = if before.verdict == Verdict::Allow { Verdict::Allow } else { Verdict::Deny };
        prop_assert_eq!(after.verdict, wanted);
    }

    #[test]
    fn approval_lifts_exactly_what_asks(at in 0..EFFECTS.len(), around in 0..SURROUNDINGS.len()) {
        let (policy, places) = (usual(), places());
        let line = format!("{}{}", EFFECTS[at], SURROUNDINGS[around]);
        let before = judge(policy, &places, std::slice::from_ref(&line)).verdict;
        let after = judge(policy, &places, &[format!("{line} approved=user")]).verdict;
        prop_assert_eq!(after, if before == Verdict::Ask { Verdict::Allow } else { before });
    }

    #[test]
    fn no_text_makes_loading_panic(text in "(@id\\(\"[a-z]\"\\) )?(@reason\\(\"x\"\\) )?(permit|forbid|when|[(){};\" ]|principal|resource|action|context\\.[a-z]+|[é\\\\@=!&|<>0-9a-z]){0,24}") {
        match Policy::compile(&[layer(LayerKind::Project, &text, false)], &Map::default()) {
            Ok(policy) => prop_assert!(policy.show().contains("denied")),
            Err(problems) => prop_assert!(problems.iter().all(|problem| !problem.render().is_empty())),
        }
    }

    #[test]
    fn no_path_or_host_makes_placing_panic(path in "\\PC{0,60}", host in "[0-9a-fx.:\\[\\]%é/]{0,30}") {
        let places = places();
        let _ = (places.of_path(&path), places.covered(&path), places.of_host(&host));
    }
}

#[test]
fn a_cache_for_another_policy_is_not_used() {
    let policy = compile(&[preset()]);
    assert!(Policy::from_cache(&policy.to_cache(), "other").is_none());
    assert!(Policy::from_cache(b"{", "other").is_none());
}

#[test]
fn a_rule_that_does_not_parse_out_of_the_cache_denies() {
    let policy = compile(&[preset()]);
    let broken = String::from_utf8(policy.to_cache()).unwrap().replace("forbid (", "forbud (");
    let digest = Policy::digest(&[preset()], &Map::default());
    let policy = Policy::from_cache(broken.as_bytes(), &digest).unwrap();
    let ruling = judge(&policy, &places(), &["read ~/.ssh/id_rsa".to_owned()]);
    assert_eq!((ruling.verdict, ruling.reasons[0].policy.as_str()), (Verdict::Deny, "guard/policy-error"));
}
