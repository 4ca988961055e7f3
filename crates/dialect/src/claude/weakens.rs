//! Whether settings, as they now stand on disk, would leave the guard weaker.

use crate::claude::settings::USER;
use crate::ordered::{self, Value};
use crate::settings::{Found, without_watchdog};

/// Variables of a settings file's `env` that move the agent's settings, its model endpoint or its programs, or switch
/// hooks off.
const DANGEROUS_ENVIRONMENT: [&str; 15] = [
    "ANTHROPIC_BASE_URL",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "CLAUDE_CONFIG_DIR",
    "CLAUDE_CODE_SIMPLE",
    "CLAUDE_CODE_SAFE_MODE",
    "HOME",
    "PATH",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "BASH_ENV",
    "TMPDIR",
    "NODE_OPTIONS",
    "HTTPS_PROXY",
    "NODE_TLS_REJECT_UNAUTHORIZED",
];

/// How this changed settings file (or skill, for source `skills`) would weaken the guard; `None` where it would not.
/// `source` is the client's name of the tier.
#[must_use]
pub fn weakens_guard(source: &str, text: &str) -> Option<String> {
    if source == "skills" {
        return (text.contains("!`") || text.contains("```!"))
            .then(|| "a skill runs shell commands that no hook sees".to_owned());
    }
    let Ok(settings) = ordered::parse(text) else {
        return Some("the file is not JSON: the agent would ignore all of it".to_owned());
    };
    let Value::Object(fields) = &settings else { return Some("the file is not an object".to_owned()) };
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("disableAllHooks", Value::Bool(false)) => {}
            ("disableAllHooks", _) => return Some("it switches all hooks off".to_owned()),
            ("env", Value::Object(variables)) => {
                if let Some((name, _)) = variables.iter().find(|(name, _)| dangerous(name)) {
                    return Some(format!("it sets {name}"));
                }
            }
            ("apiKeyHelper" | "awsAuthRefresh" | "awsCredentialExport" | "otelHeadersHelper", _) => {
                return Some(format!("it sets {name}, a command"));
            }
            _ => {}
        }
    }
    // The user's own settings are where `init` puts the hooks; elsewhere their absence means nothing.
    let ours = USER.find_commands(text).is_ok_and(|found| found.iter().any(|found| found.event == "PreToolUse" && stands(found)));
    (source == "user_settings" && !ours).then(|| "the guard's hooks are no longer in it".to_owned())
}

/// Whether this is our hook for every tool, with its answer going to the client and its failure blocking.
fn stands(found: &Found) -> bool {
    let everything = found.matcher.as_deref().is_none_or(|matcher| matcher.is_empty() || matcher == "*");
    let shell = without_watchdog(&found.command).split_once(" || {").is_some_and(|(ours, otherwise)| {
        !ours.contains(['>', '|', ';', '&', '\n']) && otherwise.trim_end().ends_with("exit 2; }")
    });
    found.ours && everything && shell
}

fn dangerous(name: &str) -> bool {
    name.to_ascii_uppercase().starts_with("GIT_") || DANGEROUS_ENVIRONMENT.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_switch_the_guard_off_is_seen() {
        for (source, text) in [
            ("user_settings", "{}"),
            ("local_settings", "{\"disableAllHooks\":true}"),
            ("project_settings", "{\"env\":{\"ANTHROPIC_BASE_URL\":\"http://x\"}}"),
            ("project_settings", "{\"env\":{\"home\":\"/x\"}}"),
            ("project_settings", "{"),
            ("skills", "run !`id` now"),
        ] {
            assert!(weakens_guard(source, text).is_some(), "{source} {text}");
        }
    }

    #[test]
    fn ordinary_changes_pass() {
        for (source, text) in [
            ("project_settings", "{\"permissions\":{\"allow\":[\"Bash(ls)\"]}}"),
            ("local_settings", "{\"disableAllHooks\":false,\"env\":{\"FOO\":\"1\"}}"),
            ("skills", "# How to deploy\nAsk first."),
        ] {
            assert_eq!(weakens_guard(source, text), None, "{source} {text}");
        }
    }
}
