//! Builds the words that one word becomes: text and pattern side by side, split where the shell would split.

use bailiwick_vocab::effect::Span;

use crate::invocation::{UNKNOWN, Word};

/// Words under construction.
pub(crate) struct Fields {
    done: Vec<Word>,
    text: String,
    pattern: String,
    glob: bool,
    /// Whether an unquoted `[` waits for its `]`.
    bracket: bool,
    /// Whether a word has begun, be it an empty quoted one.
    open: bool,
    span: Option<Span>,
}

impl Fields {
    /// Nothing yet; every word made will stand at `span`.
    pub(crate) fn new(span: Option<Span>) -> Fields {
        Fields { done: Vec::new(), text: String::new(), pattern: String::new(), glob: false, bracket: false, open: false, span }
    }

    /// Text that stays in this word; its glob characters count unless it is quoted.
    pub(crate) fn text(&mut self, text: &str, quoted: bool) {
        self.open |= quoted || !text.is_empty();
        self.text.push_str(text);
        for character in text.chars() {
            let special = is_glob(character);
            if special && !quoted {
                self.bracket |= character == '[';
                // A lone bracket is the program of that name, or a plain character.
                self.glob |= character == '*' || character == '?' || (character == ']' && self.bracket);
            }
            if (special && quoted) || character == '\\' {
                self.pattern.push('\\');
            }
            self.pattern.push(character);
        }
    }

    /// A value that is split at white space, since it stands without quotes.
    pub(crate) fn split(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find([' ', '\t', '\n']) {
            let (head, tail) = rest.split_at(at);
            self.text(head, false);
            self.cut();
            rest = tail.trim_start_matches([' ', '\t', '\n']);
        }
        self.text(rest, false);
    }

    /// A stretch that is not known.
    pub(crate) fn unknown(&mut self) {
        self.open = true;
        self.text.push(UNKNOWN);
        self.pattern.push(UNKNOWN);
    }

    /// A number that is not known: it names no directory, so a pattern says it.
    pub(crate) fn number(&mut self) {
        self.open = true;
        self.glob = true;
        self.text.push('*');
        self.pattern.push('*');
    }

    /// A variable's value; one that is a pattern stays one, quoted or not.
    pub(crate) fn value(&mut self, value: &Word, quoted: bool) {
        match &value.pattern {
            Some(pattern) => {
                self.open = true;
                self.glob = true;
                self.text.push_str(&value.text);
                self.pattern.push_str(pattern);
            }
            None if quoted => self.text(&value.text, true),
            None => self.split(&value.text),
        }
    }

    /// Ends the word, if one has begun.
    pub(crate) fn cut(&mut self) {
        if !self.open {
            return;
        }
        let pattern = std::mem::take(&mut self.pattern);
        let text = std::mem::take(&mut self.text);
        self.done.push(Word { text, pattern: self.glob.then_some(pattern), span: self.span });
        self.glob = false;
        self.bracket = false;
        self.open = false;
    }

    /// Every word made.
    pub(crate) fn finish(mut self) -> Vec<Word> {
        self.cut();
        self.done
    }

    /// Bytes built so far in this word.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }
}

/// Characters that mean something in a pattern.
pub(crate) fn is_glob(character: char) -> bool {
    matches!(character, '*' | '?' | '[' | ']')
}
