//! A project's own settings, which an agent reads beside the user's: whether they switch our hooks off or move what the
//! agent talks to. Text in, a reason out; for `doctor`, which looks at the project that it runs in.

use crate::ordered::{self, Value};
use crate::settings::at;

/// One file of a project that the agent reads.
#[derive(Debug)]
pub struct ProjectFile {
    /// Below the project.
    pub path: &'static str,
    /// How this text would weaken the guard, for people; none where it would not.
    pub weakens: fn(&str) -> Option<String>,
}

/// A member (dots between levels), what makes it one that weakens, and what it does then.
pub(crate) type Member<'a> = (&'a str, fn(&Value) -> bool, &'a str);

/// The first of these members that weakens. A file that is not JSON cannot be told.
pub(crate) fn weakens(text: &str, members: &[Member<'_>]) -> Option<String> {
    let Ok(settings) = ordered::parse(text) else {
        return Some("it is not plain JSON, so that it cannot be checked".to_owned());
    };
    let hit = |(path, weak, _): &&Member<'_>| at(&settings, path).is_some_and(weak);
    members.iter().find(hit).map(|(path, _, how)| format!("{path:?} {how}"))
}

/// For a switch that is on.
pub(crate) fn is_true(value: &Value) -> bool {
    *value == Value::Bool(true)
}

/// For files with the one switch that most agents have.
pub(crate) fn all_hooks_off(text: &str) -> Option<String> {
    weakens(text, &[("disableAllHooks", is_true, "switches hooks off")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_that_is_on_weakens_and_one_that_is_off_or_absent_does_not() {
        assert_eq!(all_hooks_off("{\"disableAllHooks\": true}").as_deref(), Some("\"disableAllHooks\" switches hooks off"));
        for harmless in ["{}", "{\"disableAllHooks\": false}", "{\"other\": {\"disableAllHooks\": true}}"] {
            assert_eq!(all_hooks_off(harmless), None, "{harmless}");
        }
        assert!(all_hooks_off("{").is_some());
    }
}
