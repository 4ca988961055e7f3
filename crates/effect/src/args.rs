//! A program's arguments, read by its grammar: words in, options and operands out. Knows no program.
//!
//! An option whose own text cannot be known sets [`Parsed::uncertain`]; a program to which that matters says so by
//! assuming the worst.

use crate::invocation::{UNKNOWN, Word};

/// How a program's options are written.
#[derive(Clone, Copy, Debug)]
pub struct Grammar {
    /// Options that take a value, attached or in the next word: `"o"`, `"output"`. One letter is a short option.
    pub valued: &'static [&'static str],
    /// Options whose value only comes attached: `--name=value`, and for one letter `-nvalue` (`sed -i.bak`).
    pub optional: &'static [&'static str],
    /// `-name` is one long option, not a bundle of letters (find, java, terraform).
    pub long_with_one_dash: bool,
    /// The first operand ends the options (wrappers).
    pub stop_at_operand: bool,
}

impl Grammar {
    /// No option takes a value.
    pub const PLAIN: Grammar = Grammar { valued: &[], optional: &[], long_with_one_dash: false, stop_at_operand: false };

    /// These options take a value.
    #[must_use]
    pub const fn valued(valued: &'static [&'static str]) -> Grammar {
        Grammar { valued, ..Grammar::PLAIN }
    }

    /// These options take a value, and the first operand ends the options.
    #[must_use]
    pub const fn wrapper(valued: &'static [&'static str]) -> Grammar {
        Grammar { valued, stop_at_operand: true, ..Grammar::PLAIN }
    }
}

/// Arguments after reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Options in order, without dashes, with the value where one is taken.
    pub options: Vec<(String, Option<Word>)>,
    /// Everything else in order.
    pub operands: Vec<Word>,
    /// Where each operand stands among the arguments.
    pub places: Vec<usize>,
    /// Whether a word may hold options that cannot be seen. Such a word is among the operands too.
    pub uncertain: bool,
}

impl Parsed {
    /// Whether one of these options is given. Long names match their abbreviations.
    #[must_use]
    pub fn has(&self, names: &[&str]) -> bool {
        self.options.iter().any(|(given, _)| matches(given, names))
    }

    /// Whether one of these options is given, or may be.
    #[must_use]
    pub fn may_have(&self, names: &[&str]) -> bool {
        self.uncertain || self.has(names)
    }

    /// The last value given to one of these options.
    #[must_use]
    pub fn value(&self, names: &[&str]) -> Option<&Word> {
        self.values(names).last().copied()
    }

    /// Every value given to one of these options, in order.
    #[must_use]
    pub fn values(&self, names: &[&str]) -> Vec<&Word> {
        self.options.iter().filter(|(given, _)| matches(given, names)).filter_map(|(_, value)| value.as_ref()).collect()
    }

    /// The operand at `index`.
    #[must_use]
    pub fn operand(&self, index: usize) -> Option<&Word> {
        self.operands.get(index)
    }

    /// The operands from `index` on.
    #[must_use]
    pub fn operands_from(&self, index: usize) -> &[Word] {
        self.operands.get(index..).unwrap_or(&[])
    }
}

/// Whether the arguments only ask for a description of the program.
#[must_use]
pub fn asks_help(args: &[Word]) -> bool {
    matches!(args, [only] if only.text == "--help" || only.text == "--version")
}

/// Reads arguments.
#[must_use]
pub fn parse(args: &[Word], grammar: &Grammar) -> Parsed {
    parse_with(args, grammar, &[])
}

/// Whether the unknown beginning of a word may make an option of it. What stands before a slash names a directory.
fn may_be_option(word: &Word) -> bool {
    word.text.strip_prefix(UNKNOWN).is_some_and(|rest| !rest.starts_with('/'))
}

/// Reads arguments where the options of `valued` take a value too.
#[must_use]
pub(crate) fn parse_with(args: &[Word], grammar: &Grammar, valued: &[&str]) -> Parsed {
    let taking = Taking { grammar, valued };
    let mut parsed = Parsed::default();
    let mut at = 0;
    while let Some(word) = args.get(at) {
        at += 1;
        if word.text == "--" {
            parsed.take(args, at);
            break;
        }
        if !is_option(word) {
            parsed.uncertain |= may_be_option(word);
            parsed.operand_at(args, at - 1);
            if grammar.stop_at_operand {
                parsed.take(args, at);
                break;
            }
            continue;
        }
        let took_next = if word.text.starts_with("--") || grammar.long_with_one_dash {
            long_option(args, at - 1, taking, &mut parsed)
        } else {
            bundle(args, at - 1, taking, &mut parsed)
        };
        at += usize::from(took_next);
    }
    parsed
}

/// Which options take a value.
#[derive(Clone, Copy)]
struct Taking<'a> {
    grammar: &'a Grammar,
    valued: &'a [&'a str],
}

impl Taking<'_> {
    fn takes(self, name: &str) -> bool {
        self.grammar.valued.contains(&name) || self.valued.contains(&name)
    }

    /// An abbreviation takes the next word if a valued option starts with it and no known other does.
    fn abbreviated(self, name: &str) -> bool {
        let beginning = |valued: &&str| abbreviates(name, valued);
        !self.grammar.optional.contains(&name) && (self.grammar.valued.iter().any(beginning) || self.valued.iter().any(beginning))
    }
}

impl Parsed {
    /// The argument at `at` is an operand.
    fn operand_at(&mut self, args: &[Word], at: usize) {
        self.operands.extend(args.get(at).cloned());
        self.places.push(at);
    }

    /// So is everything from `at` on.
    fn take(&mut self, args: &[Word], at: usize) {
        (at..args.len()).for_each(|at| self.operand_at(args, at));
    }
}

fn is_option(word: &Word) -> bool {
    word.text.starts_with('-') && word.text != "-"
}

/// `--name`, `--name=value`, `--name value`. Returns whether the next word was the value.
fn long_option(args: &[Word], at: usize, taking: Taking<'_>, parsed: &mut Parsed) -> bool {
    let Some(word) = args.get(at) else { return false };
    let dashes = if word.text.starts_with("--") { 2 } else { 1 };
    let rest = word.text.get(dashes..).unwrap_or("");
    let name = rest.split('=').next().unwrap_or("").to_owned();
    if name.contains(UNKNOWN) {
        parsed.uncertain = true;
        parsed.operand_at(args, at);
        return false;
    }
    let value = word.after(word.text.get(..=dashes + name.len()).filter(|prefix| prefix.ends_with('=')).unwrap_or("\0"));
    let takes_next = value.is_none() && (taking.takes(&name) || taking.abbreviated(&name));
    let value = if takes_next { args.get(at + 1).cloned() } else { value };
    let took = takes_next && value.is_some();
    parsed.options.push((name, value));
    took
}

/// `-abc`, `-ovalue`, `-o value`. Returns whether the next word was the value.
fn bundle(args: &[Word], at: usize, taking: Taking<'_>, parsed: &mut Parsed) -> bool {
    let Some(word) = args.get(at) else { return false };
    for (index, letter) in word.text.char_indices().skip(1) {
        if letter == UNKNOWN {
            parsed.uncertain = true;
            parsed.operand_at(args, at);
            return false;
        }
        let name = letter.to_string();
        let end = index + letter.len_utf8();
        let attached = if end < word.text.len() { word.text.get(..end).and_then(|prefix| word.after(prefix)) } else { None };
        if taking.grammar.optional.contains(&name.as_str()) {
            parsed.options.push((name, attached));
            return false;
        }
        if taking.takes(&name) {
            let next = args.get(at + 1);
            let took = attached.is_none() && next.is_some();
            parsed.options.push((name, attached.or_else(|| next.cloned())));
            return took;
        }
        parsed.options.push((name, None));
    }
    false
}

fn matches(given: &str, names: &[&str]) -> bool {
    names.iter().any(|name| given == *name || abbreviates(given, name))
}

/// GNU programs accept any unambiguous beginning of a long option. Three letters keep unrelated options apart.
fn abbreviates(given: &str, name: &str) -> bool {
    given.len() >= 3 && given.len() < name.len() && name.starts_with(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, grammar: &Grammar) -> Parsed {
        let words: Vec<Word> = line.split(' ').map(|word| Word::literal(word.replace('?', "\u{FFFC}"), None)).collect();
        parse(&words, grammar)
    }

    fn text(word: Option<&Word>) -> Option<&str> {
        word.map(|word| word.text.as_str())
    }

    #[test]
    fn bundles_and_attached_values_are_taken_apart() {
        let parsed = read("-rf -ofile -o next --output=x a -- -b", &Grammar::valued(&["o", "output"]));
        assert!(parsed.has(&["r"]) && parsed.has(&["f"]) && !parsed.has(&["i"]));
        let values: Vec<_> = parsed.values(&["o", "output"]).iter().map(|word| word.text.as_str()).collect();
        assert_eq!(values, ["file", "next", "x"]);
        assert_eq!(parsed.operands.len(), 2);
    }

    #[test]
    fn abbreviations_of_long_options_count_and_take_their_value() {
        let parsed = read("--recurs --target-dir d a", &Grammar::valued(&["target-directory"]));
        assert!(parsed.has(&["recursive"]));
        assert_eq!(text(parsed.value(&["target-directory"])), Some("d"));
        assert_eq!(parsed.operands.len(), 1);
    }

    #[test]
    fn a_word_that_may_be_an_option_makes_the_reading_uncertain() {
        assert!(read("? a", &Grammar::PLAIN).uncertain);
        assert!(read("-r? a", &Grammar::PLAIN).uncertain);
        assert!(read("--?=1 a", &Grammar::PLAIN).uncertain);
        assert!(!read("--x=? a/?", &Grammar::PLAIN).uncertain);
        assert!(!read("-- ?", &Grammar::PLAIN).uncertain);
        assert!(!read("?/a", &Grammar::PLAIN).uncertain);
    }

    #[test]
    fn an_optional_value_never_takes_the_next_word() {
        let parsed = read("-i.bak -i s/a/b/", &Grammar { optional: &["i"], ..Grammar::PLAIN });
        assert_eq!(parsed.operands.len(), 1);
        assert_eq!(text(parsed.value(&["i"])), Some(".bak"));
    }

    #[test]
    fn an_empty_argument_list_and_odd_dashes_are_read() {
        assert_eq!(parse(&[], &Grammar::PLAIN), Parsed::default());
        assert_eq!(read("- --= ---", &Grammar::valued(&["="])).operands.len(), 1);
    }
}
