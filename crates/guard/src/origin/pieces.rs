//! A structured text in its pieces, whatever its form. In: a text. Out: values, lists and fields in their order, or nothing
//! where it has no structure that everybody would read the same way.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser};
use serde::de::IgnoredAny;

use crate::origin::python;

/// A piece of a structured text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A value, or the name of a field.
    Scalar(Cow<'a, str>),
    /// A list begins.
    List,
    /// Fields begin: names and values in turn.
    Fields,
    /// The list or the fields that began last end.
    End,
}

/// The pieces of a text. What begins with a bracket is JSON, or what Python prints; as YAML it is read only where no
/// backslash stands in it, because with one the two readings of a string differ.
pub(crate) fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let bracket = text.trim_start().starts_with(['[', '{', '(', '<']);
    if bracket && serde_json::from_str::<IgnoredAny>(text).is_ok() {
        return yaml(text);
    }
    let calls = |end: usize| text.trim_start().get(end..).is_some_and(|rest| rest.starts_with(['(', '=']));
    let called = text.trim_start().find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).is_some_and(calls);
    if bracket || called {
        return python::pieces(text).or_else(|| if text.contains('\\') { None } else { yaml(text) });
    }
    yaml(text)
}

fn yaml(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut found = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        // Half a document is none: whoever broke it may have wanted its fields to be read otherwise.
        let (event, _) = event.ok()?;
        match event {
            Event::Scalar(value, ..) => found.push(Piece::Scalar(value)),
            Event::SequenceStart(..) => found.push(Piece::List),
            Event::MappingStart(..) => found.push(Piece::Fields),
            Event::SequenceEnd | Event::MappingEnd => found.push(Piece::End),
            // What it stands for was seen where it was named.
            Event::Alias(_) => found.push(Piece::Scalar(Cow::Borrowed(""))),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_types, reason = "how long reading takes is what is tested")]
    use std::time::{Duration, Instant};

    use super::*;

    /// What structured texts are made of.
    const PARTS: &[&str] = &[
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "'",
        "\"",
        "\\",
        ",",
        ":",
        "=",
        "- ",
        "\n",
        "  ",
        "&a ",
        "*a",
        "<x: ",
        ">",
        "|\n",
        "? ",
        "!!t ",
        "---\n",
        "datetime(",
        "Mail(",
        "id=",
        "None",
        "1",
        "-1.5e3",
        "\\u00e4",
        "b'",
        "ä",
        "\u{202e}",
        "a b",
        "# c\n",
        "%YAML 1.2\n",
    ];

    /// A text of so many parts; the same for the same seed.
    fn made(seed: u64, parts: usize) -> String {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % 1_000_003).unwrap_or(0)
        };
        (0..parts).filter_map(|_| PARTS.get(next() % PARTS.len()).copied()).collect()
    }

    #[test]
    fn no_text_stops_the_reader() {
        for seed in 1..60_000 {
            let _ = pieces(&made(seed, 1 + usize::try_from(seed % 40).unwrap_or(0)));
        }
    }

    #[test]
    fn a_megabyte_takes_no_second() {
        let mut texts: Vec<String> = (1..12).map(|seed| made(seed, 300_000)).collect();
        texts.extend(PARTS.iter().map(|part| part.repeat(1_000_000 / part.len())));
        texts.extend(
            ["[1, ", "{'a': ", "'a' ", "1\n", "a=1 ", "- - ", "a: {", "Mail(x="].map(|part| part.repeat(1_000_000 / part.len())),
        );
        for text in texts {
            let begin = Instant::now();
            let _ = pieces(&text);
            // Unoptimised, on a busy machine.
            assert!(begin.elapsed() < Duration::from_secs(10), "{} s: {:?}", begin.elapsed().as_secs(), text.get(..40));
        }
    }
}
