//! The table of programs: a name in, the function that says what the program's arguments do out. A program that is
//! not here is judged by its name alone.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::invocation::{Invocation, Sink};

mod address;
mod awk;
mod builders;
mod cargo;
mod cloud;
mod compress;
mod copy;
mod create;
mod curl;
mod databases;
mod destination;
mod disks;
mod docker;
mod editors;
mod elevate;
mod find;
mod forge;
mod git;
mod interpreter;
mod javascript;
mod kubernetes;
mod linters;
mod listing;
mod mail;
mod names;
mod netcat;
mod npm;
mod openssl;
mod permissions;
mod pip;
mod printing;
mod processes;
mod python;
mod quiet;
mod readers;
mod registry;
mod remove;
mod rsync;
mod scripting;
mod search;
mod secrets;
mod sed;
mod services;
mod sessions;
mod shells;
mod ssh;
mod stores;
mod system;
mod system_packages;
mod tar;
mod terraform;
mod wget;
mod wrappers;
mod xargs;
mod yq;

/// One program: its names and what its arguments do.
#[derive(Clone, Copy)]
pub struct Program {
    /// Every name it is found under, without directories.
    pub names: &'static [&'static str],
    /// What it does beyond being started.
    pub effects: fn(&Invocation<'_>, &mut Sink),
}

/// A line a file. A name stands once.
static TABLE: &[&[Program]] = &[
    builders::PROGRAMS,
    cargo::PROGRAMS,
    cloud::PROGRAMS,
    curl::PROGRAMS,
    copy::PROGRAMS,
    create::PROGRAMS,
    databases::PROGRAMS,
    disks::PROGRAMS,
    docker::PROGRAMS,
    editors::PROGRAMS,
    forge::PROGRAMS,
    javascript::PROGRAMS,
    kubernetes::PROGRAMS,
    linters::PROGRAMS,
    mail::PROGRAMS,
    names::PROGRAMS,
    netcat::PROGRAMS,
    npm::PROGRAMS,
    openssl::PROGRAMS,
    permissions::PROGRAMS,
    pip::PROGRAMS,
    python::PROGRAMS,
    readers::PROGRAMS,
    search::PROGRAMS,
    find::PROGRAMS,
    secrets::PROGRAMS,
    stores::PROGRAMS,
    system_packages::PROGRAMS,
    terraform::PROGRAMS,
    xargs::PROGRAMS,
    sed::PROGRAMS,
    awk::PROGRAMS,
    wrappers::PROGRAMS,
    shells::PROGRAMS,
    elevate::PROGRAMS,
    git::PROGRAMS,
    printing::PROGRAMS,
    quiet::PROGRAMS,
    processes::PROGRAMS,
    tar::PROGRAMS,
    compress::PROGRAMS,
    system::PROGRAMS,
    services::PROGRAMS,
    sessions::PROGRAMS,
    yq::PROGRAMS,
    remove::PROGRAMS,
    rsync::PROGRAMS,
    scripting::PROGRAMS,
    ssh::PROGRAMS,
    wget::PROGRAMS,
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Program>> = LazyLock::new(|| {
    let programs = TABLE.iter().copied().flatten();
    programs.flat_map(|program| program.names.iter().map(move |name| (*name, program))).collect()
});

/// Every program of the table.
pub fn all() -> impl Iterator<Item = &'static Program> {
    TABLE.iter().copied().flatten()
}

/// The program known by `name`; a version at the end (`python3.12`), `.exe`, and the case of the letters (a disk may
/// ignore it) do not hide it.
#[must_use]
pub fn lookup(name: &str) -> Option<&'static Program> {
    BY_NAME.get(name).copied().or_else(|| lookup_altered(name))
}

fn lookup_altered(name: &str) -> Option<&'static Program> {
    let lower = name.to_ascii_lowercase();
    let stem = lower.strip_suffix(".exe").unwrap_or(&lower);
    let bare = stem.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').trim_end_matches('-');
    [stem, bare].iter().find_map(|name| BY_NAME.get(name).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_stands_twice() {
        let mut names: Vec<&str> = TABLE.iter().copied().flatten().flat_map(|program| program.names).copied().collect();
        names.sort_unstable();
        let twice: Vec<&[&str]> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn case_version_and_suffix_do_not_hide_a_program() {
        for name in ["rm", "RM", "rm.exe", "rm-9.4"] {
            assert!(lookup(name).is_some(), "{name}");
        }
        assert!(lookup("rmx").is_none() && lookup("").is_none() && lookup("3").is_none());
    }
}
