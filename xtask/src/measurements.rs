//! Puts what a chore measured between its marks in docs/measurements.md.

use crate::shell;

/// Replaces what stands between the marks by a text under the command that repeats it, and today's date.
pub(crate) fn put(mark: &str, command: &str, text: &str) -> Result<(), String> {
    let date = shell::output(shell::at_root("date").arg("+%F")).unwrap_or_default();
    replace(mark, &format!("`{command}`, {}.\n\n{}\n", date.trim(), text.trim_end()))
}

/// Replaces what stands between `<!-- MARK -->` and `<!-- /MARK -->`.
pub(crate) fn replace(mark: &str, text: &str) -> Result<(), String> {
    let path = shell::root().join("docs/measurements.md");
    let page = std::fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let page = between(&page, mark, text).ok_or_else(|| format!("{} has no place for {mark}", path.display()))?;
    std::fs::write(&path, page).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// The page with the text between its marks; `None` where it has none.
fn between(page: &str, mark: &str, text: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- {mark} -->"), format!("<!-- /{mark} -->"));
    let (head, rest) = page.split_once(&begin)?;
    let (_, tail) = rest.split_once(&end)?;
    Some(format!("{head}{begin}\n{text}{end}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_replaces_what_stood_between_its_marks_and_nothing_else() {
        let page = "a\n<!-- x -->\nold\n<!-- /x -->\nb\n";
        assert_eq!(between(page, "x", "new\n"), Some("a\n<!-- x -->\nnew\n<!-- /x -->\nb\n".to_owned()));
        assert_eq!(between(page, "y", "new"), None);
    }
}
