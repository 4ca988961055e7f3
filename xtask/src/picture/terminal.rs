//! Text with terminal colours, taken apart. In: text with SGR sequences. Out: lines of pieces, each in one style.
//! Other escape sequences are dropped.

/// Widest line in columns; longer ones are broken.
const COLUMNS: usize = 112;

/// A stretch of text in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) style: Style,
}

/// How a piece looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    /// 0 is the usual colour, 1 to 7 the terminal's red to white.
    pub(crate) colour: u8,
    pub(crate) bold: bool,
    pub(crate) dim: bool,
}

/// Takes a text apart.
pub(crate) fn lines(text: &str) -> Vec<Vec<Piece>> {
    let mut lines = vec![Vec::new()];
    let mut style = Style::default();
    let mut column = 0;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' => {
                if letters.next_if_eq(&'[').is_some() {
                    style = styled(style, &sequence(&mut letters));
                }
            }
            '\n' => {
                lines.push(Vec::new());
                column = 0;
            }
            letter if letter.is_control() => {}
            letter => {
                if column == COLUMNS {
                    lines.push(Vec::new());
                    column = 0;
                }
                column += 1;
                push(&mut lines, letter, style);
            }
        }
    }
    while lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    lines
}

/// The rest of an escape sequence, with the letter that ends it.
fn sequence(letters: &mut impl Iterator<Item = char>) -> String {
    let mut taken = String::new();
    for letter in letters {
        taken.push(letter);
        if letter.is_ascii_alphabetic() {
            break;
        }
    }
    taken
}

fn push(lines: &mut [Vec<Piece>], letter: char, style: Style) {
    let Some(line) = lines.last_mut() else { return };
    match line.last_mut() {
        Some(piece) if piece.style == style => piece.text.push(letter),
        _ => line.push(Piece { text: letter.to_string(), style }),
    }
}

/// The style after a sequence such as `1;31m`.
fn styled(style: Style, sequence: &str) -> Style {
    let Some(codes) = sequence.strip_suffix('m') else { return style };
    codes.split(';').fold(style, |style, code| match code.parse::<u8>().unwrap_or(0) {
        0 => Style::default(),
        1 => Style { bold: true, ..style },
        2 => Style { dim: true, ..style },
        22 => Style { bold: false, dim: false, ..style },
        39 => Style { colour: 0, ..style },
        code @ 31..=37 => Style { colour: code - 30, ..style },
        code @ 91..=97 => Style { colour: code - 90, ..style },
        _ => style,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_begin_and_end_where_they_are_said_to() {
        let lines = lines("a \u{1b}[1;31mdeny\u{1b}[0m b\n");
        let seen: Vec<_> = lines[0].iter().map(|piece| (piece.text.as_str(), piece.style.colour, piece.style.bold)).collect();
        assert_eq!(seen, [("a ", 0, false), ("deny", 1, true), (" b", 0, false)]);
    }

    #[test]
    fn a_long_line_is_broken_and_empty_lines_at_the_end_are_dropped() {
        let lines = lines(&format!("{}\n\n\n", "x".repeat(COLUMNS + 1)));
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn other_sequences_leave_no_trace() {
        assert_eq!(lines("\u{1b}[2Ka\u{1b}[1Gb")[0][0].text, "ab");
    }
}
