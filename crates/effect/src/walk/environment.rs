//! Variables that change what other programs do: loaders, start-up files, hooks, search paths, proxies.

use bailiwick_vocab::effect::{Deed, Effect, Hint, OpaqueCause};

use crate::invocation::{UNKNOWN, Word};

use super::Walker;
use super::state::State;

/// Their value names code that a program will run.
const RUNS_CODE: &[&str] = &[
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
    "LD_AUDIT",
    "DYLD_INSERT_LIBRARIES",
    "DYLD_LIBRARY_PATH",
    "BASH_ENV",
    "ENV",
    "PROMPT_COMMAND",
    "PS4",
    "PYTHONSTARTUP",
    "PYTHONHOME",
    "PERL5LIB",
    "PERL5OPT",
    "RUBYLIB",
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_EXTERNAL_DIFF",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
    "GIT_PROXY_COMMAND",
    "GIT_EXEC_PATH",
    "GIT_TEMPLATE_DIR",
    "LESSOPEN",
    "LESSCLOSE",
    "ZDOTDIR",
    "RUSTC_WRAPPER",
    "RUSTC",
    "RUSTC_WORKSPACE_WRAPPER",
    "MAKEFLAGS",
    "SUDO_ASKPASS",
    "npm_config_script_shell",
    "GIT_CONFIG",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_PARAMETERS",
];

/// They decide what the shell keeps of what was typed.
const HISTORY: &[&str] = &["HISTFILE", "HISTSIZE", "HISTFILESIZE", "HISTCONTROL", "HISTIGNORE", "SAVEHIST"];

/// Their value is a command, which is harmless where it only shows or edits.
const COMMANDS: &[&str] =
    &["PAGER", "GIT_PAGER", "MANPAGER", "EDITOR", "VISUAL", "GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "BROWSER", "SHELL"];

/// Such harmless commands.
const HARMLESS: &[&str] = &[
    "",
    "cat",
    "less",
    "more",
    "most",
    "true",
    "false",
    ":",
    "vi",
    "vim",
    "nvim",
    "nano",
    "emacs",
    "ed",
    "code",
    "bat",
    "delta",
    "/bin/bash",
    "/bin/sh",
    "/bin/zsh",
    "/usr/bin/bash",
    "/usr/bin/zsh",
    "/bin/cat",
    "/bin/true",
    "/usr/bin/true",
    "/usr/bin/less",
];

/// They send connections elsewhere, or stop their checking.
const ROUTES: &[&str] = &[
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "ftp_proxy",
    "node_tls_reject_unauthorized",
    "ssl_cert_file",
    "ssl_cert_dir",
    "requests_ca_bundle",
    "curl_ca_bundle",
    "node_extra_ca_certs",
    "git_ssl_no_verify",
    "pip_index_url",
    "pip_extra_index_url",
    "uv_index_url",
    "npm_config_registry",
    "docker_host",
    "goproxy",
    "pip_trusted_host",
];

/// Options of runtimes in which some load code.
const RUNTIME_OPTIONS: &[(&str, &[&str])] = &[
    (
        "NODE_OPTIONS",
        &[
            "--require",
            "-r",
            "--import",
            "--loader",
            "--experimental-loader",
            "--eval",
            "-e",
            "--inspect",
            "--openssl-config",
            "--env-file",
        ],
    ),
    ("RUBYOPT", &["-r", "-I", "-e", "-x", "-S"]),
];

impl Walker<'_> {
    /// Says what an assignment to a variable of the environment may do to the programs that follow.
    pub(super) fn alarming(&mut self, name: &str, value: &Word, state: &State) {
        if name == "PATH" {
            return self.search_path(value, state);
        }
        if name == "PYTHONPATH" || name == "NODE_PATH" || name == "CLASSPATH" {
            return self.library_path(value);
        }
        if HISTORY.contains(&name) {
            return self.hides_history(value.span, state);
        }
        if runs_code(name, value) {
            self.opaque(OpaqueCause::Dynamic, "environment", &[Hint::Runs], value.span);
        } else if routes(name) {
            self.place(Effect::new(Deed::Configure { what: format!("environment {name}") }, value.span), state);
        }
    }

    /// The record of what was typed is cut short, moved or switched off.
    pub(super) fn hides_history(&mut self, span: Option<bailiwick_vocab::effect::Span>, state: &State) {
        self.place(Effect::new(Deed::Configure { what: "shell history".to_owned() }, span), state);
    }

    /// A directory searched before the system's own decides what every later name means.
    fn search_path(&mut self, value: &Word, state: &State) {
        for directory in value.text.split(':') {
            // The old value follows from here on; what stands after it is searched last.
            if directory == UNKNOWN.to_string() || is_system_directory(directory) {
                return;
            }
            if !self.is_tool_directory(directory, state) {
                self.opaque(OpaqueCause::Dynamic, "environment", &[Hint::Runs], value.span);
                return;
            }
        }
    }

    fn library_path(&mut self, value: &Word) {
        let odd = value.text.split(':').any(|directory| {
            let known = !directory.contains(UNKNOWN) || directory == UNKNOWN.to_string();
            !known || directory.starts_with("/tmp") || directory.starts_with("/var/tmp") || directory.starts_with("/dev")
        });
        if odd {
            self.opaque(OpaqueCause::Dynamic, "environment", &[Hint::Runs], value.span);
        } else {
            self.opaque(OpaqueCause::Script, "project", &[], value.span);
        }
    }

    /// Where tools are installed for one user or one project: `~/.cargo/bin`, `node_modules/.bin`, `.venv/bin`.
    fn is_tool_directory(&self, directory: &str, state: &State) -> bool {
        let known = !directory.trim_start_matches(UNKNOWN).contains(UNKNOWN);
        let last = directory.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let installs = matches!(last, "bin" | "sbin" | ".bin" | "shims" | "libexec");
        let temporary = ["/tmp", "/var/tmp", "/dev", "/run"].iter().any(|prefix| directory.starts_with(prefix));
        let here = state.cwd().is_some_and(|cwd| cwd.starts_with("/tmp"));
        known && installs && !temporary && (directory.starts_with('/') || directory.starts_with(UNKNOWN) || !here)
    }
}

fn runs_code(name: &str, value: &Word) -> bool {
    if RUNS_CODE.contains(&name)
        || name.starts_with("GIT_CONFIG_KEY_")
        || name.starts_with("GIT_CONFIG_VALUE_")
        || name.starts_with("BASH_FUNC_")
    {
        let no_file = name.starts_with("GIT_CONFIG") && value.text == "/dev/null";
        return !(value.text.is_empty() || no_file || is_plain_ssh(name, value));
    }
    if COMMANDS.contains(&name) {
        return !HARMLESS.contains(&value.text.as_str()) && !is_editor_wait(&value.text);
    }
    let options = RUNTIME_OPTIONS.iter().find(|(variable, _)| *variable == name);
    options.is_some_and(|(_, loading)| {
        !value.known() || value.text.split_whitespace().any(|word| loading.iter().any(|option| word.starts_with(option)))
    })
}

/// `ssh -i KEY -o StrictHostKeyChecking=no` is still ssh; `ProxyCommand` and the like are not.
fn is_plain_ssh(name: &str, value: &Word) -> bool {
    let risky = ["proxycommand", "localcommand", "knownhostscommand", "-f", ";", "|", "&", "$", "`", "\n"];
    let lower = value.text.to_ascii_lowercase();
    name == "GIT_SSH_COMMAND"
        && value.known()
        && lower.split(' ').next() == Some("ssh")
        && !risky.iter().any(|risk| lower.contains(risk))
}

fn is_editor_wait(text: &str) -> bool {
    matches!(text, "code --wait" | "code -w" | "less -R" | "less -FRX" | "less -F" | "cat -v")
}

fn routes(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ROUTES.contains(&lower.as_str())
        || lower.ends_with("_base_url")
        || lower.ends_with("_api_base")
        || lower.ends_with("_endpoint_url")
}

/// Where only the system's administrator installs programs.
pub(super) fn is_system_directory(directory: &str) -> bool {
    let directory = directory.trim_end_matches('/');
    matches!(
        directory,
        "/bin"
            | "/sbin"
            | "/usr/bin"
            | "/usr/sbin"
            | "/usr/local/bin"
            | "/usr/local/sbin"
            | "/opt/homebrew/bin"
            | "/opt/homebrew/sbin"
            | "/snap/bin"
    ) || directory.starts_with("/usr/lib/")
        || directory.starts_with("/nix/store/")
        || directory.starts_with("/opt/homebrew/")
        || directory.starts_with("/usr/local/")
}
