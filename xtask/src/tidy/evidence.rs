//! SAFETY.md names tests and case pages; each must be there. In: tracked files. Out: names without a test or page.

use super::File;

/// Looks at every name in the last column of SAFETY.md's tables.
pub(crate) fn check(files: &[File]) -> Vec<String> {
    let Some(page) = files.iter().find(|file| file.path == "SAFETY.md") else {
        return vec!["SAFETY.md: is not there".to_owned()];
    };
    let mut breaches = Vec::new();
    for (index, line) in page.text.lines().enumerate().filter(|(_, line)| line.starts_with("| ")) {
        let last = line.trim_end_matches(['|', ' ']).rsplit('|').next().unwrap_or_default();
        for name in last.split('`').skip(1).step_by(2).filter(|name| !is_there(name, files)) {
            breaches.push(format!("SAFETY.md:{}: `{name}` is no test and no page", index + 1));
        }
    }
    breaches
}

fn is_there(name: &str, files: &[File]) -> bool {
    let head = format!("fn {name}(");
    files.iter().any(|file| file.path == name || (super::is_rust(&file.path) && file.text.contains(&head)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_was_renamed_away_is_found() {
        let safety = "| hazard | shown by |\n|---|---|\n| x `rm` | `it_holds` `cases/a.md` `gone` |\n";
        let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let files = [file("SAFETY.md", safety), file("a.rs", "fn it_holds() {}"), file("cases/a.md", "# a")];
        assert_eq!(check(&files), ["SAFETY.md:3: `gone` is no test and no page"]);
        assert_eq!(check(&[]).len(), 1);
    }
}
