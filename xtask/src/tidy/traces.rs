//! Traces of the machine that a text was written on. In: tracked files, and what this machine is called. Out: where a
//! file names one of its folders or its package mirrors.
//!
//! What to look for is asked of the machine, so that the list itself is no trace.

use std::path::PathBuf;
use std::process::Command;

use super::File;
use crate::shell;

/// Hosts that everybody's tools name.
const PUBLIC_HOSTS: &[&str] = &["crates.io", "github.com", "registry.npmjs.org", "localhost", "127.0.0.1"];
/// A folder of fewer letters is too common a word to look for.
const SHORTEST_FOLDER: usize = 8;

/// Folders and hosts that belong to this machine.
pub(crate) fn of_this_machine() -> Vec<String> {
    let root = shell::root();
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let folders = [Some(root), shell::target().ok(), cargo_home.clone()].into_iter().flatten();
    let mut traces: Vec<String> =
        folders.map(|folder| folder.display().to_string()).filter(|folder| folder.len() >= SHORTEST_FOLDER).collect();
    let settings = cargo_home.and_then(|home| std::fs::read_to_string(home.join("config.toml")).ok()).unwrap_or_default();
    let npm = Command::new("npm").args(["config", "get", "registry"]).output();
    let npm = npm.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    traces.extend(hosts(&settings));
    traces.extend(hosts(&npm));
    traces
}

/// Hosts of the addresses in a text, the public ones apart.
fn hosts(text: &str) -> Vec<String> {
    let after = text.split("://").skip(1);
    let hosts =
        after.map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-').next().unwrap_or_default());
    let public = |host: &str| PUBLIC_HOSTS.iter().any(|known| host == *known || host.ends_with(&format!(".{known}")));
    hosts.filter(|host| host.contains('.') && !public(host)).map(str::to_owned).collect()
}

/// Finds them.
pub(crate) fn check(files: &[File], traces: &[String]) -> Vec<String> {
    let mut breaches = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            if traces.iter().any(|trace| line.contains(trace.as_str())) {
                breaches.push(format!("{}:{}: names a folder or host of this machine", file.path, index + 1));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_this_machine_is_found_and_others_are_not() {
        let file = |text: &str| [File { path: "README.md".to_owned(), text: text.to_owned() }];
        let traces = ["/home/me/bailiwick".to_owned()];
        assert_eq!(
            check(&file("one\nsee /home/me/bailiwick/x\n"), &traces),
            ["README.md:2: names a folder or host of this machine"]
        );
        assert!(check(&file("see /home/you/project\n"), &traces).is_empty());
    }

    #[test]
    fn a_mirror_is_a_trace_and_a_public_registry_is_none() {
        assert_eq!(hosts("registry = \"sparse+https://mirror.example.net/index/\""), ["mirror.example.net"]);
        assert!(hosts("https://index.crates.io/ https://registry.npmjs.org/").is_empty());
    }
}
