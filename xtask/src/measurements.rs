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
    let (begin, end) = (format!("<!-- {mark} -->"), format!("<!-- /{mark} -->"));
    let (Some((head, _)), Some((_, tail))) = (page.split_once(&begin), page.split_once(&end)) else {
        return Err(format!("{} has no place for {mark}", path.display()));
    };
    let page = format!("{head}{begin}\n{text}{end}{tail}");
    std::fs::write(&path, page).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
