//! What would not come back, said before a call runs. In: a path that the call may change or lose, and the budget. Out:
//! what of it would be noted only, with the reason. Looks, keeps nothing.

use std::fs;
use std::path::{Path, PathBuf};

use crate::budget::{Budget, Why};
use crate::builds::{Builds, Standing};
use crate::disk;
use crate::facts::{Kind, Meta};

/// Most names that are looked at: a larger tree is answered by its largest part. A tenth of a second here.
const NAMES: usize = 50_000;

/// Most reasons given; a person reads the first few.
const REASONS: usize = 100;

/// What of a file or a whole tree would not be kept if a call changed or removed it, the first hundred; nothing where all
/// of it would come back. What is only removed costs no copy, so `lost` takes the budget of held files.
#[must_use]
pub fn will_not_keep(path: &Path, budget: &Budget, lost: bool) -> Vec<(PathBuf, Why)> {
    let mut look = Look { budget, lost, builds: Builds::default(), names: 0, bytes: 0, files: 0, found: Vec::new() };
    look.at(path);
    look.found
}

struct Look<'a> {
    budget: &'a Budget,
    lost: bool,
    builds: Builds,
    names: usize,
    bytes: u64,
    files: u64,
    found: Vec<(PathBuf, Why)>,
}

impl Look<'_> {
    fn at(&mut self, path: &Path) {
        self.names += 1;
        if self.names > NAMES || self.found.len() >= REASONS {
            return;
        }
        let Ok(Some(stat)) = disk::look(path) else { return };
        let meta = Meta::of(&stat);
        if let Some(build) = self.builds.above(path, &|_| Standing::Untouched) {
            let name = build.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let build = build.to_owned();
            if !self.found.iter().any(|(path, _)| *path == build) {
                self.found.push((build, Why::BuildDirectory { name }));
            }
            return;
        }
        match meta.kind {
            Kind::Dir => {
                for entry in fs::read_dir(path).into_iter().flatten().flatten() {
                    self.at(&entry.path());
                }
            }
            Kind::File => self.file(path, &meta),
            Kind::Special => self.found.push((path.to_owned(), Why::Special)),
            Kind::Link | Kind::Fifo => {}
        }
    }

    fn file(&mut self, path: &Path, meta: &Meta) {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(meta.size);
        let most = if self.lost { self.budget.held_bytes } else { self.budget.copied_bytes };
        let why = if !self.lost && meta.size > self.budget.file_bytes {
            Why::TooLarge { bytes: meta.size }
        } else if self.bytes > most || self.files > self.budget.files {
            Why::OverBudget
        } else if !self.lost && disk::open_read(path).is_err_and(|error| error.is_denied()) {
            Why::Unreadable
        } else {
            return;
        };
        self.found.push((path.to_owned(), why));
    }
}
