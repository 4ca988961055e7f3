//! Programs that send mail: to whom, and which files go along. The text comes over standard input and is not looked at.

use bailiwick_vocab::effect::{Deed, OpaqueCause};

use crate::args::{self, Grammar};
use crate::invocation::{Invocation, Sink, Stdin, Word};
use crate::programs::Program;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["mail", "mailx", "s-nail", "mutt", "neomutt"], effects: mail },
    Program { names: &["sendmail", "msmtp", "ssmtp", "exim", "exim4", "swaks", "mailgun", "sendemail"], effects: sendmail },
];

fn send(recipient: &Word, sink: &mut Sink) {
    let to = if recipient.known() { recipient.text.clone() } else { "*".to_owned() };
    sink.deed(Deed::Send { channel: "mail".to_owned(), recipient: to }, recipient.span);
}

fn mail(inv: &Invocation<'_>, sink: &mut Sink) {
    // mutt takes every word after -a as a file, up to `--`.
    let attaches = |word: &&Word| word.text == "-a" || word.text == "-A";
    if inv.name.contains("mutt") && inv.args.iter().any(|word| attaches(&word)) {
        let files = inv.args.iter().skip_while(|word| !attaches(word)).skip(1).take_while(|word| word.text != "--");
        files.for_each(|word| sink.read(word));
    }
    let parsed = args::parse(
        inv.args,
        &Grammar::valued(&["s", "a", "A", "c", "b", "r", "q", "S", "u", "f", "i", "F", "H", "e", "attach"]),
    );
    let attached = parsed.values(&["a", "A", "attach"]).into_iter().filter(|_| !inv.name.contains("mutt"));
    for word in attached.chain(parsed.values(&["q", "i", "H"])).filter(|word| !word.text.contains(':')) {
        sink.read(word);
    }
    if inv.name.contains("mutt") && parsed.has(&["e", "F"]) {
        sink.opaque(OpaqueCause::InlineCode, "mutt", &[], inv.span);
    }
    for word in parsed.operands.iter().chain(parsed.values(&["c", "b"])) {
        send(word, sink);
    }
    // `~!` in the text starts a shell where mail believes that a person types; -S may set that.
    if parsed.has(&["S"]) || (parsed.has(&["~"]) && !matches!(inv.stdin, Stdin::Inherited)) {
        sink.opaque(OpaqueCause::Dynamic, "mail", &[], inv.span);
    }
}

fn sendmail(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) {
        return;
    }
    let parsed = args::parse(
        inv.args,
        &Grammar::valued(&[
            "f", "F", "C", "t", "o", "X", "to", "from", "server", "attach", "body", "header", "h", "account", "a", "file", "au",
            "ap",
        ]),
    );
    for word in parsed.values(&["C", "file"]) {
        sink.read(word);
        sink.opaque(OpaqueCause::Script, inv.name, &[], word.span);
    }
    if inv.name.starts_with("exim") && inv.args.iter().any(|word| word.text.starts_with("-be") || word.text.contains("${run")) {
        sink.opaque(OpaqueCause::InlineCode, "exim", &[], inv.span);
    }
    for word in parsed.values(&["attach"]) {
        sink.read(&word.after("@").unwrap_or_else(|| word.clone()));
    }
    let to: Vec<&Word> = parsed.operands.iter().chain(parsed.values(&["to"])).collect();
    if to.is_empty() {
        send(&Word::literal(crate::invocation::UNKNOWN, inv.span), sink);
    }
    to.into_iter().for_each(|word| send(word, sink));
    if let Some(word) = parsed.value(&["server"]) {
        sink.connect(&word.text, None, "smtp", None, true, word.span);
    }
}
