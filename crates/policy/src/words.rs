//! The policy in words: what an agent may do without asking, what a person must approve, what it may not do at all.
//! In: the compiled rules. Out: plain text, made of the policies' own reasons.

use std::fmt::Write as _;

use crate::policy::{Policy, Rule};
use crate::schema::{ACTS, Acts, EVERY};

/// The parts of the page: whether the rules under it permit, whether an approval matters to them, and the heading.
const PARTS: [(bool, bool, &str); 4] = [
    (true, false, "May do without asking"),
    (true, true, "May do once a person has approved"),
    (false, true, "Must ask first, whatever permits it"),
    (false, false, "May not do, approved or not"),
];

impl Policy {
    /// What an agent under this policy may do, in words.
    #[must_use]
    pub fn show(&self) -> String {
        let mut page = String::new();
        for (permits, approvable, heading) in PARTS {
            let belongs = |rule: &&Rule| rule.permits == permits && rule.approvable == approvable;
            let rules: Vec<&Rule> = self.rules.iter().filter(belongs).collect();
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
