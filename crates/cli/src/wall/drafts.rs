//! Names beside a file under which programs write what then takes its place. In: what a call was judged to run and to
//! write. Out: for each file outside the trees that it may change, the names that the wall lets it make there and nothing
//! else do. What they look like was read off each program's own system calls.

use std::path::{Path, PathBuf};

use bailiwick_sandbox::plan::{Draft, DraftName};
use bailiwick_vocab::effect::{Deed, Effect};

/// Programs whose names for drafts do not hold the file's own: how these begin, and how many characters are made up.
const TOOLS: &[(&str, &str, usize)] = &[("sed", "sed", 6), ("gsed", "sed", 6), ("perl", "XX", 6)];

/// What stands before and behind the file's own name, and how many characters are made up then.
const KINDS: &[(&str, &str, usize)] = &[
    ("", ".lock", 0),
    ("", ".tmp", 0),
    ("", ".new", 0),
    // mktemp, and rsync with a dot.
    ("", ".", 6),
    (".", ".", 6),
    // npm's writers: a number.
    ("", ".", 8),
    ("", ".", 9),
    ("", ".", 10),
    // gawk and patch.
    ("", ".gawk.", 6),
    ("", ".o", 6),
    // vim looks first whether it can.
    (".", ".swp", 0),
    (".", ".swx", 0),
];

/// Beginnings of names that the programs of a call make.
pub fn beginnings(effects: &[Effect]) -> Vec<(String, usize)> {
    let runs = |tool: &str| {
        effects.iter().any(|effect| {
            let Deed::Execute { program, .. } = &effect.deed else { return false };
            program.rsplit('/').next() == Some(tool)
        })
    };
    TOOLS.iter().filter(|(tool, _, _)| runs(tool)).map(|(_, before, made_up)| ((*before).to_owned(), *made_up)).collect()
}

/// The drafts of these files; `beginnings` are those of the call's programs.
pub fn of<'a>(files: impl Iterator<Item = &'a PathBuf>, beginnings: &[(String, usize)]) -> Vec<Draft> {
    files.filter(|file| !file.is_dir()).filter_map(|file| draft(file, beginnings)).collect()
}

fn draft(file: &Path, beginnings: &[(String, usize)]) -> Option<Draft> {
    let own = file.file_name()?.to_str()?;
    let tools = beginnings.iter().map(|(before, made_up)| DraftName { before: before.clone(), made_up: *made_up });
    let kinds = KINDS.iter().map(|(front, back, made_up)| DraftName { before: format!("{front}{own}{back}"), made_up: *made_up });
    Some(Draft { of: file.to_owned(), names: tools.chain(kinds).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_programs_make_are_drafts_and_no_others() {
        let file = PathBuf::from("/h/notes.txt");
        let drafts = of([&file].into_iter(), &[("sed".to_owned(), 6)]);
        let is_one = |name: &str| drafts.iter().any(|draft| draft.is_at(&Path::new("/h").join(name)));
        for name in
            ["sedXq2wsd", "notes.txt.lock", "notes.txt.a1B2c3", ".notes.txt.swp", "notes.txt.gawk.WbfEkp", "notes.txt.12345678"]
        {
            assert!(is_one(name), "{name}");
        }
        for name in ["notes.txt", "sedition", "sed.rc1", ".bashrc", "XXbashrc", "notes.txt.sh", "Makefile", "other.txt.lock"] {
            assert!(!is_one(name), "{name}");
        }
        assert!(!drafts.iter().any(|draft| draft.is_at(Path::new("/h/sub/sedXq2wsd"))));
    }
}
