//! Laws of the programs that talk to networks, packages, clouds and stores: no argument makes them panic, and one that
//! cannot be seen is never passed over in silence.

use bailiwick_effect::invocation::{Invocation, Sink, Stdin, UNKNOWN, Word};
use bailiwick_effect::programs::lookup;
use bailiwick_effect::{sql, url};
use proptest::prelude::*;

#[rustfmt::skip]
const NAMES: &[&str] = &[
    "curl", "wget", "ssh", "scp", "sftp", "rsync", "nc", "socat", "telnet", "ftp", "dig", "nslookup", "whois", "ping", "openssl", "python3", "node", "deno",
    "bun", "perl", "ruby", "php", "lua", "osascript", "java", "npm", "npx", "yarn", "pnpm", "pip", "uv", "uvx", "pipx", "poetry", "conda", "twine", "cargo",
    "rustup", "go", "gem", "bundle", "composer", "apt-get", "dpkg", "pacman", "brew", "make", "cmake", "gradle", "pytest", "vite", "tsc", "eslint", "mypy",
    "ruff", "black", "biome", "gofmt", "rustfmt", "shellcheck", "docker", "docker-compose", "kubectl", "helm", "terraform", "pulumi", "ansible", "aws",
    "gcloud", "gsutil", "az", "heroku", "gh", "glab", "psql", "pg_restore", "mysql", "mysqldump", "sqlite3", "redis-cli", "mongosh", "mongorestore", "gpg",
    "ssh-keygen", "ssh-add", "pass", "secret-tool", "security", "op", "vault", "sops", "vim", "emacs", "nano", "code", "mail", "sendmail",
];

/// What a word that cannot be seen may be an option to, and so do more than was said.
#[rustfmt::skip]
const NEVER_SILENT: &[&str] = &[
    "curl", "wget", "ssh", "scp", "sftp", "rsync", "nc", "socat", "python3", "node", "perl", "ruby", "php", "npm", "npx", "pip", "cargo", "docker", "kubectl",
    "helm", "terraform", "aws", "gcloud", "az", "gh", "psql", "mysql", "sqlite3", "redis-cli", "mongosh", "make", "pytest", "vim", "gpg", "apt-get", "openssl",
];

fn told(name: &str, words: &[Word], stdin: &Stdin) -> Sink {
    let mut sink = Sink::default();
    let program = Word::literal(name, None);
    let Some(found) = lookup(name) else { return sink };
    (found.effects)(&Invocation { name, program: &program, args: words, env: &[], stdin, span: None }, &mut sink);
    sink
}

fn arguments() -> impl Strategy<Value = Vec<String>> {
    let parts = [
        "-",
        "--",
        "-x",
        "-o",
        "-e",
        "-c",
        "-rf",
        "--output=",
        "--output",
        "-d@",
        "@",
        "=",
        ":",
        "::",
        "/",
        "..",
        "a",
        "a.b",
        "http://",
        "https://a.b/é",
        "u@h:p",
        "[::1]",
        "[",
        "{",
        "%41",
        "%",
        "run",
        "get",
        "delete",
        "install",
        "exec",
        "s3",
        "cp",
        "s3://b",
        "pod",
        "secret",
        "-v",
        "/:/x",
        ":",
        "type=bind,source=",
        "select 1",
        "drop table t",
        "'",
        "\\!",
        ".",
        ".shell",
        "\u{FFFC}",
        "-\u{FFFC}",
        "--x=\u{FFFC}",
        "http://\u{FFFC}/",
        "é",
        "",
        "-é",
        "--é=é",
        "EXEC:",
        "TCP:a:1",
        "+x",
        "-Mé",
    ];
    prop::collection::vec(prop::sample::select(parts.to_vec()).prop_map(str::to_owned), 0..7)
}

#[test]
fn every_name_is_in_the_table() {
    for name in NAMES {
        assert!(lookup(name).is_some(), "{name}");
    }
}

#[test]
fn a_word_that_cannot_be_seen_is_never_passed_over() {
    let unknown = [Word::literal(UNKNOWN, None)];
    let says = |name: &str| {
        let sink = told(name, &unknown, &Stdin::Inherited);
        !sink.effects.is_empty() || !sink.inner.is_empty()
    };
    let silent: Vec<&&str> = NEVER_SILENT.iter().filter(|name| !says(name)).collect();
    assert!(silent.is_empty(), "{silent:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_argument_makes_a_program_panic(words in arguments(), text in any::<String>()) {
        let mut words: Vec<Word> = words.into_iter().map(|word| Word::literal(word, None)).collect();
        words.push(Word::literal(text.clone(), None));
        for name in NAMES {
            told(name, &words, &Stdin::Inherited);
            told(name, &words, &Stdin::Text(Word::literal(text.clone(), None)));
        }
    }

    #[test]
    fn any_address_and_any_sql_is_read(text in any::<String>(), tail in "[a-z\\[\\]@:/%?#.\\\\0-9-]{0,30}") {
        for text in [&text, &format!("http://{tail}"), &tail] {
            if let Some(found) = url::parse(text) {
                prop_assert!(!found.host.contains(['/', '\\', '@', '?', '#']));
                prop_assert_eq!(found.host.to_ascii_lowercase(), found.host);
            }
            let _ = (url::ssh_host(text), url::is_remote_path(text), sql::read(text));
        }
    }
}
