//! The environment that a command gets inside the wall: what programs need, and neither secrets nor what makes programs
//! load or run something else.

use std::ffi::OsString;

use bailiwick_detect::Limits;

/// Parts of names whose values are secrets by what the name says.
const SECRET_PARTS: &[&str] = &[
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "CREDENTIAL",
    "API_KEY",
    "APIKEY",
    "ACCESS_KEY",
    "PRIVATE_KEY",
    "AUTH",
    "COOKIE",
    "DSN",
    "CONNECTION_STRING",
    "DATABASE_URL",
    "SIGNING_KEY",
    "ENCRYPTION_KEY",
    "LICENSE_KEY",
];

/// Names, and beginnings that end with `*`, of what makes programs load or run something else.
const LOADERS: &[&str] = &[
    "LD_PRELOAD",
    "LD_AUDIT",
    "DYLD_*",
    "BASH_ENV",
    "ENV",
    "PROMPT_COMMAND",
    "PERL5OPT",
    "RUBYOPT",
    "PYTHONSTARTUP",
    "NODE_OPTIONS",
    "BASH_FUNC_*",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
];

/// Such names that move libraries besides: many programs need them, one that gives a secret does not.
const LIBRARIES: &[&str] = &["LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "NODE_PATH", "PERL5LIB", "RUBYLIB", "GIT_EXEC_PATH"];

/// Names of what names a socket of somebody with more rights, or is an agent's own.
const LEFT_OUT: &[&str] = &[
    "SSH_AUTH_SOCK",
    "SSH_AGENT_PID",
    "GPG_AGENT_INFO",
    "DBUS_*",
    "DOCKER_HOST",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "AWS_*",
    "AZURE_*",
    "ANTHROPIC_*",
    "OPENAI_*",
    "GEMINI_*",
    "GOOGLE_API*",
    "CLAUDE_CODE_*",
];

/// Names that say where something is, not who may.
const PLACES: &[&str] = &["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_DEFAULT_OUTPUT", "AWS_PAGER"];

/// What of `env` a command inside gets.
pub fn scrubbed(env: impl IntoIterator<Item = (OsString, OsString)>) -> Vec<(OsString, OsString)> {
    env.into_iter().filter(|(name, value)| harmless(&name.to_string_lossy(), &value.to_string_lossy())).collect()
}

/// Whether a variable loads code, leads to somebody with more rights, or is an agent's own, by its name.
pub fn is_left_out(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    !PLACES.contains(&upper.as_str()) && (is_of(&upper, LOADERS) || is_of(&upper, LEFT_OUT))
}

fn harmless(name: &str, value: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    if is_left_out(name) || (!value.is_empty() && SECRET_PARTS.iter().any(|part| upper.contains(part))) {
        return false;
    }
    !bailiwick_detect::scan(value, &Limits::default()).iter().any(|finding| finding.family() == "secret")
}

/// Whether a variable makes a program load or run something else.
pub fn loads_code(name: &str) -> bool {
    is_of(name, LOADERS) || is_of(name, LIBRARIES)
}

fn is_of(name: &str, patterns: &[&str]) -> bool {
    let fits = |pattern: &&str| pattern.strip_suffix('*').map_or(**pattern == *name, |beginning| name.starts_with(beginning));
    patterns.iter().any(fits)
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn secrets_and_loaders_stay_outside() {
        for (name, value) in [
            ("GITHUB_TOKEN", "x"),
            ("npm_config__authToken", "x"),
            ("LD_PRELOAD", "/tmp/x.so"),
            ("AWS_PROFILE", "dev"),
            ("SSH_AUTH_SOCK", "/tmp/a"),
            ("INNOCENT", "ghp_0123456789abcdefghijklmnopqrstuvwxyz"),
            ("DB_PASSWORD", "x"),
        ] {
            assert!(!harmless(name, value), "{name}");
        }
        for (name, value) in [
            ("PATH", "/bin"),
            ("CARGO_HOME", "/c"),
            ("LANG", "C.UTF-8"),
            ("TERM", "xterm"),
            ("MAKEFLAGS", "-j2"),
            ("AWS_REGION", "eu-west-1"),
        ] {
            assert!(harmless(name, value), "{name}");
        }
    }
}
