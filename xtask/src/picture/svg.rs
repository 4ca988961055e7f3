//! A terminal window as SVG. In: its title and lines. Out: the picture. It brings its own dark ground, so that it reads
//! the same on light and dark pages, and names only generic monospace fonts.

use std::fmt::Write as _;

use super::terminal::{Piece, Style};

/// Width of a letter and height of a line at 14 px, in px.
const LETTER: f32 = 8.4;
const LINE: f32 = 19.0;
const MARGIN: f32 = 20.0;
const TITLE: f32 = 44.0;

/// The usual colour, then the terminal's red, green, yellow, blue, magenta, cyan, white; each at least 7:1 on the ground.
const COLOURS: [&str; 8] = ["#d8dee9", "#ff8f88", "#8fd694", "#f2cc6b", "#8ab4ff", "#d9a5ff", "#7fdbe6", "#ffffff"];
const GROUND: &str = "#11151c";

/// Draws it.
pub(crate) fn render(title: &str, lines: &[Vec<Piece>]) -> String {
    let columns = lines.iter().map(|line| line.iter().map(|piece| piece.text.chars().count()).sum()).max().unwrap_or(0).max(60);
    let width = px(columns) * LETTER + 2.0 * MARGIN;
    let height = TITLE + px(lines.len()) * LINE + MARGIN;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" aria-label=\"{}\">",
        escape(title)
    );
    let _ = writeln!(out, "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{GROUND}\"/>");
    let _ = writeln!(out, "<g font-family=\"ui-monospace,Menlo,Consolas,monospace\" font-size=\"14\" xml:space=\"preserve\">");
    let prompt = format!("$ {title}");
    row(&mut out, 26.0, &[Piece { text: prompt, style: Style { bold: true, ..Style::default() } }]);
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
        row(&mut out, TITLE + px(index) * LINE + 12.0, line);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// A count as a length; pictures have far fewer lines and columns than would lose a digit.
#[expect(clippy::cast_precision_loss, reason = "counts of lines and columns are small")]
fn px(count: usize) -> f32 {
    count as f32
}

/// One line. Each piece says where it begins, so that a font of another width does not move what follows.
fn row(out: &mut String, y: f32, line: &[Piece]) {
    let _ = write!(out, "<text y=\"{y:.0}\">");
    let mut column = 0;
    for piece in line {
        let x = MARGIN + px(column) * LETTER;
        let colour = COLOURS.get(usize::from(piece.style.colour)).unwrap_or(&"#d8dee9");
        let bold = if piece.style.bold { " font-weight=\"bold\"" } else { "" };
        let dim = if piece.style.dim { " fill-opacity=\"0.75\"" } else { "" };
        let _ = write!(out, "<tspan x=\"{x:.1}\" fill=\"{colour}\"{bold}{dim}>{}</tspan>", escape(&piece.text));
        column += piece.text.chars().count();
    }
    out.push_str("</text>\n");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The text of a row, without the marks around it.
pub(crate) fn text_of(row: &str) -> String {
    let mut text = String::new();
    let mut inside = true;
    for letter in row.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            letter if !inside => text.push(letter),
            _ => {}
        }
    }
    text.replace("&quot;", "\"").replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_again() {
        let piece = Piece { text: "a < b && \"c\" > d".to_owned(), style: Style::default() };
        let picture = render("x", &[vec![piece.clone()]]);
        let rows: Vec<String> = picture.lines().filter_map(|line| line.strip_prefix("<text")).map(text_of).collect();
        assert_eq!(rows, ["$ x".to_owned(), piece.text]);
    }
}
