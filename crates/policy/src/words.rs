//! The policy in words: what an agent may do without asking, what a person must approve, what it may not do at all.
//! In: the compiled rules. Out: plain text, made of the policies' own reasons.

use std::fmt::Write as _;

use crate::policy::{Policy, Rule};
use crate::schema::{ACTS, Acts, EVERY};

/// The parts of the page: a heading, and which rules stand under it.
const PARTS: [(&str, fn(&Rule) -> bool); 4] = [
    ("May do without asking", |rule| rule.permits && !rule.approvable),
    ("May do once a person has approved", |rule| rule.permits && rule.approvable),
    ("Must ask first, whatever permits it", |rule| !rule.permits && rule.approvable),
    ("May not do, approved or not", |rule| !rule.permits && !rule.approvable),
];

impl Policy {
    /// What an agent under this policy may do, in words.
    #[must_use]
    pub fn show(&self) -> String {
        let mut page = String::new();
        for (heading, belongs) in PARTS {
            let rules: Vec<&Rule> = self.rules.iter().filter(|rule| belongs(rule)).collect();
            if !rules.is_empty() {
                let _ = writeln!(page, "{heading}");
                rules.iter().for_each(|rule| line(&mut page, rule));
                page.push('\n');
            }
        }
        page.push_str("Whatever stands nowhere here is denied.\n");
        page
    }
}

fn line(page: &mut String, rule: &Rule) {
    let place = rule.place.as_ref().map(|place| format!(" in {place}")).unwrap_or_default();
    let _ = writeln!(page, "  {}{place}: {} [{}]", named(rule.acts), rule.reason, rule.id);
}

fn named(acts: Acts) -> String {
    if acts == EVERY {
        return "anything".to_owned();
    }
    let names = ACTS.iter().enumerate().filter(|(bit, _)| acts >> bit & 1 == 1).map(|(_, act)| act.name);
    names.collect::<Vec<_>>().join(", ")
}
