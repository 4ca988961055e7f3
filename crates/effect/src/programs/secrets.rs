//! Programs that keep secrets: gpg, ssh-keygen, ssh-add, pass, secret-tool, security, op, vault, bw, keyring, sops, age.
//! Taking a secret out is its own effect; what it is then used for is the other effects' part.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Word};
use crate::programs::Program;
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["gpg", "gpg2"], effects: gpg },
    Program { names: &["ssh-keygen"], effects: ssh_keygen },
    Program { names: &["ssh-add"], effects: ssh_add },
    Program { names: &["pass", "gopass"], effects: pass },
    Program { names: &["secret-tool", "keyring", "kwallet-query"], effects: keyring },
    Program { names: &["security"], effects: security },
    Program { names: &["vault"], effects: vault },
    Program { names: &["sops", "age"], effects: encrypted_file },
];

fn secret(name: impl Into<String>, inv: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::UseSecret { name: name.into() }, inv.span);
}

fn configure(what: &str, inv: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::Configure { what: what.to_owned() }, inv.span);
}

fn lost(target: &str, inv: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::Deploy { target: target.to_owned(), what: "delete".to_owned(), destroys: true }, inv.span);
}

#[rustfmt::skip]
const GPG: Grammar = Grammar {
    valued: &[
        "o", "r", "u", "R", "output", "recipient", "hidden-recipient", "local-user", "default-key", "homedir", "keyring", "secret-keyring", "keyserver",
        "passphrase", "passphrase-file", "passphrase-fd", "pinentry-mode", "photo-viewer", "exec-path", "agent-program", "dirmngr-program", "options",
        "status-file", "status-fd", "logger-file", "log-file", "command-file", "command-fd", "trust-model", "cipher-algo", "digest-algo", "recipient-file",
        "keyserver-options", "import-options", "export-options", "compress-algo", "s2k-mode", "comment", "default-recipient", "debug", "attribute-file", "keyid-format", "with-colons",
    ],
    // Commands that are also the beginning of an option with a value.
    optional: &["with-colons", "import", "export"],
    long_with_one_dash: false,
    stop_at_operand: false,
};

fn gpg(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &GPG);
    gpg_options(&parsed, sink);
    // Exact names: `--export` must not pass for `--export-secret-keys`.
    let given = |names: &[&str]| parsed.options.iter().any(|(name, _)| names.contains(&name.as_str()));
    let begins = |start: &str| parsed.options.iter().any(|(name, _)| name.starts_with(start));
    if begins("export-sec") {
        secret("gpg secret keys", inv, sink);
    } else if begins("delete-") {
        lost("gpg keyring", inv, sink);
    } else if begins("recv")
        || begins("send-k")
        || begins("search-k")
        || begins("refresh-k")
        || begins("fetch-k")
        || begins("locate")
    {
        let server = parsed
            .value(&["keyserver"])
            .map_or("keys.openpgp.org".to_owned(), |word| url::parse(&word.text).map_or_else(String::new, |url| url.host));
        sink.connect(&server, None, "hkps", None, begins("send-k"), inv.span);
        configure("gpg keyring", inv, sink);
    } else if begins("list")
        || given(&[
            "k",
            "K",
            "verify",
            "fingerprint",
            "export",
            "export-ownertrust",
            "print-md",
            "check-sigs",
            "check-signatures",
            "card-status",
            "version",
            "help",
            "h",
            "dump-options",
            "export-ssh-key",
            "list-packets",
        ])
    {
        if given(&["verify", "print-md", "list-packets"]) {
            parsed.operands.iter().for_each(|word| sink.read(word));
        }
    } else if begins("import")
        || begins("gen")
        || begins("full-gen")
        || begins("quick")
        || begins("edit")
        || begins("sign-k")
        || begins("lsign")
        || begins("change-pass")
        || begins("card-edit")
        || begins("passwd")
        || begins("trust")
        || begins("rebuild")
    {
        parsed.operands.iter().filter(|_| begins("import")).for_each(|word| sink.read(word));
        configure("gpg keyring", inv, sink);
    } else {
        gpg_files(inv, &parsed, sink);
    }
}

/// Programs and files that options name.
fn gpg_options(parsed: &Parsed, sink: &mut Sink) {
    for word in parsed.values(&["photo-viewer", "agent-program", "dirmngr-program"]) {
        sink.shell(word);
    }
    for word in parsed.values(&["options", "exec-path"]) {
        sink.opaque(OpaqueCause::Dynamic, "gpg", &[], word.span);
    }
    for word in parsed.values(&["passphrase-file", "recipient-file"]) {
        sink.read(word);
    }
    for word in parsed.values(&["o", "output", "status-file", "logger-file", "log-file", "attribute-file"]) {
        sink.write(word, WriteMode::Replace);
    }
}

/// Signing, encrypting and decrypting; without a command gpg looks at the file and does what fits.
fn gpg_files(inv: &Invocation<'_>, parsed: &Parsed, sink: &mut Sink) {
    let given = |names: &[&str]| parsed.options.iter().any(|(name, _)| names.contains(&name.as_str()));
    let only_encrypts = given(&["e", "encrypt", "c", "symmetric"]) && !given(&["s", "sign"]);
    if !only_encrypts {
        secret("gpg secret keys", inv, sink);
    }
    for word in &parsed.operands {
        sink.read(word);
        let to_stdout = given(&["d", "decrypt"]) || parsed.value(&["o", "output"]).is_some();
        if !to_stdout {
            for ending in [".gpg", ".asc", ".sig"] {
                sink.write(&Word::literal(format!("{}{ending}", word.text), word.span), WriteMode::Replace);
            }
            // Without a command, or with --decrypt-files, the ending goes away instead.
            if let Some(plain) = word.text.strip_suffix(".gpg").or_else(|| word.text.strip_suffix(".asc")) {
                sink.write(&Word::literal(plain, word.span), WriteMode::Replace);
            }
        }
    }
}

const KEYGEN: Grammar = Grammar::valued(&[
    "a", "b", "C", "D", "E", "F", "f", "I", "i", "J", "M", "m", "N", "n", "O", "P", "R", "r", "s", "t", "V", "w", "W", "Y", "z",
    "Z",
]);

fn ssh_keygen(inv: &Invocation<'_>, sink: &mut Sink) {
    // -i and -s differ in taking a value; their files come with -f all the same.
    let parsed = args::parse(inv.args, &KEYGEN);
    for word in parsed.values(&["D", "w"]) {
        sink.opaque(OpaqueCause::Script, "native", &[], word.span);
    }
    let file = parsed.value(&["f"]);
    if parsed.has(&["A"]) {
        return configure("ssh host keys", inv, sink);
    }
    if parsed.has(&["R", "H"]) {
        return match file {
            Some(word) => sink.write(word, WriteMode::Change),
            None => configure("ssh known hosts", inv, sink),
        };
    }
    if parsed.has(&["s", "Y"]) {
        secret("ssh key", inv, sink);
        parsed.values(&["s", "f"]).into_iter().for_each(|word| sink.read(word));
        return parsed.operands.iter().for_each(|word| {
            sink.write(&Word::literal(format!("{}-cert.pub", word.text.trim_end_matches(".pub")), word.span), WriteMode::Replace)
        });
    }
    if parsed.has(&["l", "F", "y", "e", "i", "L", "B", "Q", "r"]) {
        return file.into_iter().for_each(|word| sink.read(word));
    }
    match file {
        Some(word) => {
            sink.write(word, WriteMode::Replace);
            sink.write(&Word::literal(format!("{}.pub", word.text), word.span), WriteMode::Replace);
        }
        None => configure("ssh keys", inv, sink),
    }
}

fn ssh_add(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::valued(&["t", "s", "e", "S", "E", "H", "h"]));
    if parsed.has(&["l", "L", "T"]) {
        return;
    }
    for word in parsed.values(&["s", "S"]) {
        sink.opaque(OpaqueCause::Script, "native", &[], word.span);
    }
    if let Some(word) = inv.env("SSH_ASKPASS") {
        sink.run(std::slice::from_ref(word), inv.stdin);
    }
    parsed.operands.iter().filter(|word| word.text != "-").for_each(|word| sink.read(word));
    configure("ssh agent", inv, sink);
}

fn pass(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &Grammar::PLAIN);
    let Some((verb, rest)) = parsed.operands.split_first() else { return };
    let entry = |word: Option<&Word>| format!("pass {}", word.map_or("*", |word| &word.text));
    match verb.text.as_str() {
        "ls" | "list" | "find" | "search" | "help" | "version" => {}
        "rm" | "remove" | "delete" => lost("password store", inv, sink),
        "init" | "insert" | "add" | "generate" | "edit" | "mv" | "cp" | "rename" | "copy" | "setup" | "sync" => {
            configure("password store", inv, sink)
        }
        "git" => sink.run(&[&[Word::literal("git", verb.span)], rest].concat(), inv.stdin),
        "show" | "grep" | "otp" => secret(entry(rest.first()), inv, sink),
        _ => secret(entry(Some(verb)), inv, sink),
    }
}

fn keyring(inv: &Invocation<'_>, sink: &mut Sink) {
    let verb = inv.args.iter().find(|word| !word.text.starts_with("--")).map_or("", |word| word.text.as_str());
    match verb {
        "" | "diagnose" | "list" => {}
        "store" | "set" | "-w" => configure("secret store", inv, sink),
        "clear" | "del" => lost("secret store", inv, sink),
        _ => secret(
            format!("{} {}", inv.name, inv.args.iter().skip(1).map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "))
                .trim(),
            inv,
            sink,
        ),
    }
}

/// The macOS keychain.
fn security(inv: &Invocation<'_>, sink: &mut Sink) {
    let Some((verb, rest)) = inv.args.split_first() else { return };
    let parsed = args::parse(rest, &Grammar::valued(&["a", "s", "l", "c", "C", "D", "j", "r", "t", "k", "o", "f", "P", "p"]));
    let named = parsed.value(&["s", "l", "a"]).map_or("*", |word| &word.text);
    match verb.text.as_str() {
        "find-generic-password" | "find-internet-password" if parsed.has(&["w", "g"]) || parsed.uncertain => {
            secret(format!("keychain {named}"), inv, sink)
        }
        "find-generic-password"
        | "find-internet-password"
        | "find-certificate"
        | "find-identity"
        | "list-keychains"
        | "default-keychain"
        | "login-keychain"
        | "show-keychain-info"
        | "help"
        | "verify-cert"
        | "error"
        | "find-key"
            if !parsed.has(&["s", "d"]) || verb.text.starts_with("find") => {}
        "dump-keychain" | "export" | "unlock-keychain" | "-i" | "dump-trust-settings" => {
            secret("keychain", inv, sink);
            parsed.values(&["o"]).into_iter().for_each(|word| sink.write(word, WriteMode::Replace));
        }
        "delete-keychain" | "delete-generic-password" | "delete-internet-password" | "delete-certificate" | "delete-identity" => {
            lost("keychain", inv, sink)
        }
        "authorizationdb" | "authorize" | "execute-with-privileges" => {
            sink.deed(Deed::Escalate { how: "macOS authorization".to_owned() }, inv.span);
            if verb.text == "execute-with-privileges" {
                sink.run(rest, inv.stdin);
            }
        }
        "add-trusted-cert" | "remove-trusted-cert" | "trust-settings-import" => configure("trusted certificates", inv, sink),
        _ => configure("keychain", inv, sink),
    }
}

fn vault(inv: &Invocation<'_>, sink: &mut Sink) {
    let valued = ["address", "namespace", "ns", "ca-cert", "ca-path", "client-cert", "client-key", "format", "field", "mount"];
    let parsed = args::parse_with(inv.args, &Grammar { long_with_one_dash: true, ..Grammar::PLAIN }, &valued);
    let address = parsed.value(&["address"]).or_else(|| inv.env("VAULT_ADDR"));
    let words: Vec<&str> = parsed.operands.iter().map(|word| word.text.as_str()).collect();
    if let Some(address) = address.filter(|_| !words.is_empty() && words.first() != Some(&"version")) {
        let host = url::parse(&address.text).map_or_else(String::new, |url| url.host);
        sink.connect(&host, None, "https", None, false, inv.span);
    }
    for word in
        parsed.operands.iter().filter_map(|word| word.text.split_once("=@").map(|(_, path)| Word::literal(path, word.span)))
    {
        sink.read(&word);
    }
    match words.as_slice() {
        []
        | ["status" | "version" | "list" | "path-help" | "server" | "agent", ..]
        | ["kv" | "secrets" | "auth" | "policy" | "audit" | "plugin" | "namespace" | "lease", "list" | "read"] => {}
        [
            "kv" | "secrets" | "auth" | "policy" | "token" | "lease" | "operator" | "namespace",
            "delete" | "destroy" | "disable" | "revoke" | "seal" | "metadata",
            ..,
        ]
        | ["delete", ..] => {
            lost("vault", inv, sink);
        }
        ["kv", "put" | "patch" | "undelete" | "rollback" | "enable-versioning", ..]
        | ["write", ..]
        | ["secrets" | "auth" | "policy" | "operator" | "plugin" | "audit", ..] => {
            sink.deed(
                Deed::Deploy {
                    target: "vault".to_owned(),
                    what: words.iter().take(2).copied().collect::<Vec<_>>().join(" "),
                    destroys: false,
                },
                inv.span,
            );
        }
        _ => secret(format!("vault {}", words.last().copied().unwrap_or_default()), inv, sink),
    }
}

/// sops and age: decrypting uses a key.
fn encrypted_file(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) {
        return;
    }
    let parsed = args::parse(
        inv.args,
        &Grammar::valued(&[
            "o",
            "r",
            "R",
            "i",
            "p",
            "output",
            "recipient",
            "identity",
            "config",
            "input-type",
            "output-type",
            "extract",
            "set",
            "age",
            "k",
            "pgp",
        ]),
    );
    let encrypts = parsed.has(&["e", "encrypt", "r", "R", "recipient"]) || (inv.name == "age" && !parsed.has(&["d", "decrypt"]));
    if !encrypts {
        secret(format!("{} key", inv.name), inv, sink);
    }
    parsed.values(&["i", "identity", "R"]).into_iter().filter(|_| inv.name == "age").for_each(|word| sink.read(word));
    parsed.values(&["o", "output"]).into_iter().for_each(|word| sink.write(word, WriteMode::Replace));
    let files: Vec<&Word> = parsed
        .operands
        .iter()
        .filter(|word| {
            !matches!(
                word.text.as_str(),
                "decrypt" | "encrypt" | "edit" | "updatekeys" | "rotate" | "exec-env" | "exec-file" | "set"
            )
        })
        .collect();
    for word in &files {
        sink.read(word);
        if inv.name == "sops"
            && (parsed.has(&["i", "in-place", "rotate"])
                || parsed
                    .operands
                    .first()
                    .is_some_and(|verb| matches!(verb.text.as_str(), "edit" | "rotate" | "set" | "updatekeys")))
        {
            sink.write(word, WriteMode::Change);
        }
    }
    if let Some(code) = files.get(1).filter(|_| parsed.operands.first().is_some_and(|verb| verb.text.starts_with("exec-"))) {
        sink.shell(code);
    }
}
