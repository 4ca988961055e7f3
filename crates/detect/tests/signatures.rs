//! Every signature catches the texts of its own file and spares those beside them.

use bailiwick_detect::{Limits, rules, scan};
use bailiwick_vocab::finding::Strength;

#[test]
fn every_signature_catches_its_examples() {
    let mut missed = Vec::new();
    for rule in rules() {
        for text in rule.catches {
            let findings = scan(text, &Limits::default());
            if !findings.iter().any(|finding| finding.rule == rule.id) {
                missed.push(format!("{}: {text} (saw {:?})", rule.id, findings.iter().map(|one| &one.rule).collect::<Vec<_>>()));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn every_signature_spares_its_examples() {
    let mut wrong = Vec::new();
    for rule in rules() {
        assert!(rule.catches.is_empty() == rule.spares.is_empty(), "{} has one kind of examples only", rule.id);
        for text in rule.spares {
            let findings = scan(text, &Limits::default());
            if findings.iter().any(|finding| finding.rule == rule.id && finding.strength > Strength::Weak) {
                wrong.push(format!("{}: {text}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
