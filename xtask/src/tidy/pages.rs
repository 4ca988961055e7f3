//! Files that must exist together: a program and its case page, a pure crate and its ban on input and output.

use super::File;

/// Crates that take the world as arguments.
const PURE: &[&str] = &["vocab", "effect", "detect", "policy", "dialect", "guard"];

/// What a pure crate's `clippy.toml` must ban, one of each kind.
const BANNED: &[&str] =
    &["std::fs::File", "std::env::var", "std::net::TcpStream", "std::process::Command", "std::time::SystemTime"];

const PROGRAMS: &str = "crates/effect/src/programs/";
const CASES: &str = "crates/effect/cases/programs/";

/// Holds both rules.
pub(crate) fn check(files: &[File]) -> Vec<String> {
    let mut breaches: Vec<String> = PURE.iter().flat_map(|name| bans(files, name)).collect();
    for file in files.iter().filter(|file| file.text.contains(": Program = ") || file.text.contains(": &[Program] = ")) {
        let stem = file.path.strip_prefix(PROGRAMS).and_then(|path| path.strip_suffix(".rs"));
        let Some(stem) = stem else { continue };
        let page = format!("{CASES}{stem}.md");
        // Files of one family may share the family's page.
        let family = format!("{CASES}{}.md", stem.split('/').next().unwrap_or(stem));
        if !files.iter().any(|other| other.path == page || other.path == family) {
            breaches.push(format!("{}:1: a program without its case page {page}", file.path));
        }
    }
    breaches
}

fn bans(files: &[File], name: &str) -> Vec<String> {
    let path = format!("crates/{name}/clippy.toml");
    let Some(file) = files.iter().find(|file| file.path == path) else {
        return vec![format!("{path}: a pure crate without its bans")];
    };
    let missing = BANNED.iter().filter(|banned| !file.text.contains(&format!("\"{banned}\"")));
    missing.map(|banned| format!("{path}:1: does not ban {banned}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_program_needs_a_page_and_another_file_does_not() {
        let program = || file("crates/effect/src/programs/rm.rs", "pub(super) const PROGRAM: Program = x;");
        let helper = file("crates/effect/src/programs/remote.rs", "fn f() {}");
        let count = |files: &[File]| check(files).iter().filter(|breach| breach.contains("case page")).count();
        assert_eq!(count(&[program(), helper]), 1);
        assert_eq!(count(&[program(), file("crates/effect/cases/programs/rm.md", "# x")]), 0);
    }

    #[test]
    fn a_pure_crate_bans_files_environment_network_processes_and_clocks() {
        let all: String = BANNED.iter().map(|banned| format!("\"{banned}\",")).collect();
        assert!(bans(&[file("crates/effect/clippy.toml", &all)], "effect").is_empty());
        assert_eq!(bans(&[file("crates/effect/clippy.toml", "")], "effect").len(), BANNED.len());
        assert_eq!(bans(&[], "effect").len(), 1);
    }
}
