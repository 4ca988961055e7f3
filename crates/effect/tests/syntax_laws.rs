//! Laws of the shell parser on arbitrary text and on command lines cut, spliced and repeated: it ends, never panics, and
//! every span is a stretch of the source.
#![expect(clippy::unwrap_used, reason = "tests")]

use bailiwick_effect::shell::ast::{Assign, Command, CommandKind, ParamOp, Piece, Redirect, Script, Word};
use bailiwick_effect::shell::{Limits, parse};
use bailiwick_vocab::effect::Span;
use proptest::prelude::*;

/// Walks a tree and looks at every span.
struct Spans<'s> {
    source: &'s str,
}

impl Spans<'_> {
    fn span(&self, span: Span) {
        let found = self.source.get(span.start as usize..span.end as usize);
        assert!(found.is_some(), "{span:?} is no stretch of {:?}", self.source);
    }

    fn script(&self, script: &Script) {
        for item in &script.items {
            let rest = item.rest.iter().map(|(_, pipeline)| pipeline);
            for pipeline in std::iter::once(&item.first).chain(rest) {
                assert!(!pipeline.commands.is_empty());
                pipeline.commands.iter().for_each(|command| self.command(command));
            }
        }
    }

    fn command(&self, command: &Command) {
        self.span(command.span);
        match &command.kind {
            CommandKind::Simple { assigns, words } => {
                assigns.iter().for_each(|assign| self.assign(assign));
                self.words(words);
            }
            CommandKind::Group(script) | CommandKind::Subshell(script) => self.script(script),
            CommandKind::If { arms, otherwise } => {
                arms.iter().for_each(|(condition, body)| self.scripts(&[condition, body]));
                otherwise.iter().for_each(|body| self.script(body));
            }
            CommandKind::Loop { condition, body } => self.scripts(&[condition, body]),
            CommandKind::For { words, body, .. } => {
                words.iter().for_each(|words| self.words(words));
                self.script(body);
            }
            CommandKind::ForArith { arith, body } => {
                self.word(arith);
                self.script(body);
            }
            CommandKind::Case { word, arms } => {
                self.word(word);
                arms.iter().for_each(|(patterns, body)| {
                    self.words(patterns);
                    self.script(body);
                });
            }
            CommandKind::Test(words) => self.words(words),
            CommandKind::Arith(word) => self.word(word),
            CommandKind::Function { body, .. } | CommandKind::Coproc(body) => self.command(body),
        }
        command.redirects.iter().for_each(|redirect| self.redirect(redirect));
    }

    fn scripts(&self, scripts: &[&Script]) {
        scripts.iter().for_each(|script| self.script(script));
    }

    fn assign(&self, assign: &Assign) {
        self.span(assign.span);
        assign.subscript.iter().for_each(|subscript| self.word(subscript));
        self.words(&assign.values);
    }

    fn redirect(&self, redirect: &Redirect) {
        self.span(redirect.span);
        assert!(redirect.target.span.is_some(), "a redirection without its target in {:?}", self.source);
        self.word(&redirect.target);
    }

    fn words(&self, words: &[Word]) {
        words.iter().for_each(|word| self.word(word));
    }

    fn word(&self, word: &Word) {
        word.span.iter().for_each(|&span| self.span(span));
        word.pieces.iter().for_each(|piece| self.piece(piece));
    }

    fn piece(&self, piece: &Piece) {
        match piece {
            Piece::Text { .. } | Piece::Tilde(_) => {}
            Piece::Param { op, .. } => match op {
                ParamOp::Plain => {}
                ParamOp::Default(word)
                | ParamOp::Assign(word)
                | ParamOp::Alternative(word)
                | ParamOp::Error(word)
                | ParamOp::Other(word) => self.word(word),
            },
            Piece::Command { script, .. } | Piece::Process { script, .. } => self.script(script),
            Piece::Arith(pieces) | Piece::Pattern(pieces) => pieces.iter().for_each(|piece| self.piece(piece)),
            Piece::Brace(words) => self.words(words),
        }
    }
}

fn check(source: &str) {
    if let Ok(script) = parse(source, &Limits::default()) {
        Spans { source }.script(&script);
    }
}

/// What command lines are made of; joined at random they are often nearly right.
const PARTS: [&str; 92] = [
    "echo", "a", "é", "$x", "${x", "}", "${x:-", "${#x}", "${!x}", "$(", ")", "(", "((", "))", "$((", "`", "\\`", "\"", "'",
    "$'", "\\", "\\\n", "\n", " ", "\t", ";", ";;", ";&", "&", "&&", "|", "||", "|&", "<", ">", ">>", "<<", "<<E", "<<-E",
    "<<'E'", "<<<", "E", "\nE\n", "<(", ">(", ">&", "&>", "2>", "{fd}>", "{", "{a,b}", "{1..3}", ",", "~", "~/x", "=", "x=",
    "x+=", "x[1]=", "x=(", "[", "]", "[[", "]]", "=~", "==", "-f", "if", "then", "elif", "else", "fi", "while", "do", "done",
    "for", "in", "case", "esac", "select", "function", "f()", "coproc", "time", "!", "@(", "!(", "*", "?", "#", "$[", "declare",
];

fn pieced() -> impl Strategy<Value = String> {
    let part = (proptest::sample::select(PARTS.as_slice()), any::<bool>());
    proptest::collection::vec(part, 0..40)
        .prop_map(|parts| parts.iter().fold(String::new(), |text, (part, blank)| text + part + if *blank { " " } else { "" }))
}

/// Right command lines, to be cut and spliced.
const LINES: [&str; 12] = [
    "for f in a \"b$x\" ~/c{d,e}; do echo `ls \\`pwd\\`` > \"$f\" 2>&1 & done",
    "cat <<E | grep -v x && y\n$(a \"b\") ${c:-d}\nE\nz",
    "cat <<-'E' >f\n\ta\n\tE\n",
    "if [[ -f $a && ( b =~ (c d)+ || ! e < f ) ]]; then g; elif ((h++)); then i; else j; fi",
    "case $x in a|\"b\") c;; (d) e;& *) f; esac",
    "x=(a 'b c' [2]=d) y+=\"z$((1 + $(a)))\" cmd --o=<(b) >(c)",
    "f() { local a=\"${1:?\"no $x\"}\"; } 2>/dev/null; f é",
    "while read -r l; do echo \"${l//$'\\n'/'%'}\"; done < <(find . -name '*.rs' -exec wc -l {} +)",
    "coproc N { a; }; exec {fd}<>x; select s in a b; do break; done",
    "echo \"a $(b \"c $(d 'e' `f`)\") g\" @(h|i$(j)) $[k[1]]",
    "for ((i=0; i<3; i++)) { time -p a | b |& c; }; ! (d; e)",
    "awk '{print $1}' a\\ b | sed -e \"s/x/y/\" # done",
];

fn spliced() -> impl Strategy<Value = String> {
    let line = || proptest::sample::select(LINES.as_slice());
    (line(), line(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1..4_usize).prop_map(|(a, b, i, j, times)| {
        let cut = |text: &str, index: prop::sample::Index| {
            let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
            places[index.index(places.len())]
        };
        let (head, tail) = (&a[..cut(a, i)], &b[cut(b, j)..]);
        format!("{head}{tail}").repeat(times)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_is_read_or_refused(source in any::<String>()) {
        check(&source);
    }

    #[test]
    fn arbitrary_parts_are_read_or_refused(source in pieced()) {
        check(&source);
    }

    #[test]
    fn spliced_lines_are_read_or_refused(source in spliced()) {
        check(&source);
    }

    /// A word in single quotes is that word, whatever it holds.
    #[test]
    fn single_quotes_hold_anything(text in "[^'\0]{1,40}") {
        let source = format!("cmd '{text}'");
        let script = parse(&source, &Limits::default()).unwrap();
        let CommandKind::Simple { words, .. } = &script.items[0].first.commands[0].kind else { unreachable!() };
        prop_assert_eq!(&words[1].pieces, &vec![Piece::Text { text, quoted: true }]);
    }

    /// What stands in a quoted here-document is text, whatever it holds.
    #[test]
    fn a_quoted_document_holds_anything(text in "[^\0]{0,60}") {
        prop_assume!(!text.lines().any(|line| line == "END"));
        let source = format!("cmd <<'END'\n{text}\nEND\n");
        let script = parse(&source, &Limits::default()).unwrap();
        let body = &script.items[0].first.commands[0].redirects[0].target;
        prop_assert_eq!(&body.pieces, &vec![Piece::Text { text: text + "\n", quoted: true }]);
    }
}

#[test]
fn the_lines_to_splice_are_right() {
    for line in LINES {
        assert!(parse(line, &Limits::default()).is_ok(), "{line}");
    }
}
