//! `bailiwick trust`: lets a project's own policy and map count in full, by digest: a changed file is untrusted again.

use std::fs;
use std::path::PathBuf;

use bailiwick_guard::trust::Trusted;

use crate::dirs::{Dirs, create_private, workspace_of};
use crate::failure::{Failure, Kind, Naming as _};
use crate::setup::{digest_of, optional};
use crate::terminal::{line, shown};

/// Let a project's own policy and map count in full
///
/// A repository's files are controlled by whoever can push to it. Until you trust them, as they are now, only what they
/// forbid counts.
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick trust          (this project's files, after showing them)")]
pub struct Arguments {
    /// The files [default: bailiwick.toml and .bailiwick/*.cedar of this project]
    files: Vec<PathBuf>,
    /// List what is trusted
    #[arg(long)]
    list: bool,
    /// Trust these files no longer
    #[arg(long)]
    remove: bool,
}

/// Shows, then trusts.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let store = dirs.config.join("trusted");
    let mut trusted = Trusted::parse(&optional(&store)?.unwrap_or_default());
    if arguments.list {
        return line(trusted.to_text().trim_end());
    }
    let files = if arguments.files.is_empty() { project_files()? } else { arguments.files.clone() };
    for file in &files {
        let path = fs::canonicalize(file).naming("find", file)?;
        let name = path.to_string_lossy();
        if arguments.remove {
            trusted.remove(&name);
            line(&format!("no longer trusted: {name}"))?;
            continue;
        }
        let text = fs::read_to_string(&path).naming("read", &path)?;
        line(&format!("--- {name}"))?;
        text.lines().try_for_each(|text| line(&format!("  {}", shown(text, usize::MAX))))?;
        trusted.add(&name, &digest_of(&text));
        line(&format!("trusted as it is now: {name}"))?;
    }
    create_private(&dirs.config)?;
    fs::write(&store, trusted.to_text()).naming("write", &store)
}

fn project_files() -> Result<Vec<PathBuf>, Failure> {
    let here = std::env::current_dir().map_err(|error| Failure::new(Kind::Environment, "no working directory").because(error))?;
    let workspace = PathBuf::from(workspace_of(&here.to_string_lossy()));
    let mut files: Vec<PathBuf> = Some(workspace.join("bailiwick.toml")).into_iter().filter(|file| file.is_file()).collect();
    if let Ok(entries) = fs::read_dir(workspace.join(".bailiwick")) {
        let paths = entries.flatten().map(|entry| entry.path());
        files.extend(paths.filter(|path| path.extension().is_some_and(|extension| extension == "cedar")));
    }
    if files.is_empty() {
        let heading = format!("{} has no bailiwick.toml and no .bailiwick/*.cedar", workspace.display());
        return Err(Failure::new(Kind::Usage, heading));
    }
    Ok(files)
}
