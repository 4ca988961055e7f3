//! Where in a document a passage stands, as far as that says whether a person sees it. In: a text and a place in it. Out: the
//! kind of place. Looked at only where something was found, a few kilobytes back, so that ordinary text pays nothing.

/// A kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `<!-- … -->`.
    HtmlComment,
    /// Within a tag: `alt`, `title`, `content` …
    HtmlAttribute,
    /// An element that is styled so that nobody sees it.
    HiddenElement,
    /// `[//]: # (…)`.
    MarkdownComment,
    /// A picture's or a link's text in Markdown.
    ImageText,
    /// After so much white space that it stands beyond the edge.
    FarRight,
    /// After `//`, `/*` and their like.
    CodeComment,
}

/// How far back is looked.
const BACK: usize = 4096;

impl Place {
    /// The words for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Place::HtmlComment => "an HTML comment",
            Place::HtmlAttribute => "an HTML attribute",
            Place::HiddenElement => "a hidden element",
            Place::MarkdownComment => "a Markdown comment",
            Place::ImageText => "the text of a picture or link",
            Place::FarRight => "text far to the right",
            Place::CodeComment => "a code comment",
        }
    }

    /// Whether people who look at the document do not see it.
    pub(crate) fn is_hidden(self) -> bool {
        match self {
            Place::HtmlComment | Place::HiddenElement | Place::MarkdownComment | Place::FarRight => true,
            Place::HtmlAttribute | Place::ImageText | Place::CodeComment => false,
        }
    }
}

/// The kind of place at `at`, if it is a special one.
pub(crate) fn place(text: &str, at: usize) -> Option<Place> {
    let low = text.ceil_char_boundary(at.saturating_sub(BACK));
    let before = text.get(low..text.floor_char_boundary(at))?;
    // By their rare characters: a search for the whole marks from the end takes several times as long.
    let last = |sign: char, is: &dyn Fn(usize) -> bool| before.rmatch_indices(sign).map(|(at, _)| at).find(|at| is(*at));
    let opens = last('<', &|at| before.get(at..).is_some_and(|rest| rest.starts_with("<!--")));
    if opens > last('>', &|at| before.get(..at).is_some_and(|head| head.ends_with("--"))) {
        return Some(Place::HtmlComment);
    }
    let line = before.rsplit('\n').next().unwrap_or_default();
    let start = line.trim_start();
    if ["[//]: ", "[comment]: ", "[]: "].iter().any(|mark| start.to_ascii_lowercase().starts_with(mark)) {
        return Some(Place::MarkdownComment);
    }
    if in_tag(before) {
        return Some(Place::HtmlAttribute);
    }
    if in_hidden_element(before) {
        return Some(Place::HiddenElement);
    }
    let wide = line.trim_end_matches(|char: char| char != ' ' && char != '\t').len();
    if line.get(..wide).is_some_and(|head| head.len() - head.trim_end().len() >= 80) || line.contains(&" ".repeat(100)) {
        return Some(Place::FarRight);
    }
    if line.rfind("![").is_some_and(|open| !line.get(open..).unwrap_or_default().contains(')')) {
        return Some(Place::ImageText);
    }
    let comment = ["//", "/*", "* ", "--", ";;", "<#"].iter().any(|mark| start.starts_with(mark))
        || line.contains(" // ")
        || line.contains(" # ");
    comment.then_some(Place::CodeComment)
}

/// Whether a tag is open that began before.
fn in_tag(before: &str) -> bool {
    let Some(open) = before.rfind('<') else { return false };
    let tag = before.get(open + 1..).unwrap_or_default();
    tag.starts_with(|char: char| char.is_ascii_alphabetic()) && !tag.contains('>') && tag.contains('=')
}

/// Styles by which nobody sees an element.
const HIDING: [&str; 19] = [
    "display:none",
    "visibility:hidden",
    "font-size:0",
    "font-size:1px",
    "font-size:.1",
    "font-size:2px",
    "opacity:0",
    "color:#fff",
    "color:white",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "left:-9",
    "top:-9",
    "text-indent:-9",
    "width:0",
    "height:0",
    "clip:rect(0",
    "scale(0)",
    "max-height:0",
];

/// Whether an element that is not shown was opened and not closed again.
fn in_hidden_element(before: &str) -> bool {
    before.rmatch_indices('<').take(40).any(|(open, _)| {
        let rest = before.get(open + 1..).unwrap_or_default();
        let Some((tag, inside)) = rest.split_once('>') else { return false };
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        let quoted = before.get(..open).is_some_and(|head| head.ends_with('`'));
        if quoted || name.is_empty() || inside.contains(&format!("</{name}")) {
            return false;
        }
        let style: String = tag.chars().filter(|char| !char.is_whitespace()).collect::<String>().to_ascii_lowercase();
        let attribute = tag
            .split_whitespace()
            .any(|word| word == "hidden" || word.starts_with("hidden=") || word.starts_with("aria-hidden=\"true"));
        let unshown = name == "noscript";
        unshown || attribute || HIDING.iter().any(|hiding| style.contains(hiding))
    })
}
