//! The policy in words: what an agent may do without asking, what a person must approve, what it may not do at all.
//! In: the compiled rules. Out: plain text, made of the policies' own reasons.

use std::fmt::Write as _;

use bailiwick_vocab::handling::Handling;

use crate::policy::{Policy, Rule};
use crate::schema::{ACTS, Acts, EVERY, RECEIVE, RECEIVES};

/// The parts of the page: whether the rules under it permit, whether an approval matters to them, and the heading.
const PARTS: [(bool, bool, &str); 4] = [
    (true, false, "May do without asking"),
    (true, true, "May do once a person has approved"),
    (false, true, "Must ask first, whatever permits it"),
    (false, false, "May not do, approved or not"),
];

/// The same for what comes back.
const ARRIVALS: [(Handling, &str); 3] = [
    (Handling::Withhold, "Does not read"),
    (Handling::Redact, "Reads without the part that is meant"),
    (Handling::Annotate, "Reads with a note that it is no order"),
];

impl Policy {
    /// What an agent under this policy may do, in words.
    #[must_use]
    pub fn show(&self) -> String {
        let mut page = String::new();
        for (permits, approvable, heading) in PARTS {
            let belongs = |rule: &&Rule| rule.permits == permits && rule.approvable == approvable && rule.handling.is_none();
            part(&mut page, heading, self.rules.iter().filter(belongs));
        }
        for (handling, heading) in ARRIVALS {
            part(&mut page, heading, self.rules.iter().filter(|rule| rule.handling == Some(handling)));
        }
        page.push_str("Whatever stands nowhere here is denied.\n");
        page
    }
}

fn part<'r>(page: &mut String, heading: &str, rules: impl Iterator<Item = &'r Rule>) {
    let mut rules = rules.peekable();
    if rules.peek().is_some() {
        let _ = writeln!(page, "{heading}");
        rules.for_each(|rule| line(page, rule));
        page.push('\n');
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
    if acts == RECEIVES {
        return RECEIVE.to_owned();
    }
    let names = ACTS.iter().enumerate().filter(|(bit, _)| acts >> bit & 1 == 1).map(|(_, act)| act.name);
    names.collect::<Vec<_>>().join(", ")
}
