//! The files of a scan, one after the other: a large one in windows that overlap, so that memory stays bounded. In: paths.
//! Out: each file's findings with their lines. What cannot be read is a finding, not an end.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use bailiwick_detect::{Limits, scan_bytes};
use bailiwick_vocab::effect::Span;
use bailiwick_vocab::finding::Finding;

use crate::cmd::scan::{Located, shown};
use crate::failure::{Failure, Naming as _};

/// Files up to this size are read at once; documents (PDF, DOCX) beyond it are not taken apart.
const WINDOW: usize = 16 << 20;
/// What two windows of a larger file share: longer than any signature with what stands around it.
const OVERLAP: usize = 64 << 10;

/// What takes a finding.
type Take<'a> = dyn FnMut(Located) -> Result<(), Failure> + 'a;

/// Reads every file, with the classifier from a probability on where one is given; `seen` hears of each with its size.
pub fn each(
    paths: &[PathBuf],
    classifier: Option<f32>,
    seen: &mut dyn FnMut(&str, u64),
    take: &mut Take<'_>,
) -> Result<(), Failure> {
    let limits = Limits { bytes: usize::MAX, findings: 10_000, classifier, ..Limits::default() };
    for path in paths {
        if path.as_os_str() == "-" {
            one("standard input", std::io::stdin().lock(), &limits, seen, take)?;
        } else if path.is_dir() {
            directory(path, &limits, seen, take)?;
        } else {
            // Named by hand: that it is not there is a mistake, not a finding.
            std::fs::metadata(path).naming("read", path)?;
            file(path, &limits, seen, take)?;
        }
    }
    Ok(())
}

/// Hidden files too, since agents read some; not what git ignores, and not git's own.
fn directory(path: &Path, limits: &Limits, seen: &mut dyn FnMut(&str, u64), take: &mut Take<'_>) -> Result<(), Failure> {
    let mut walk = ignore::WalkBuilder::new(path);
    walk.hidden(false).require_git(false).filter_entry(|entry| entry.file_name() != ".git");
    walk.sort_by_file_path(std::path::Path::cmp);
    for entry in walk.build() {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => file(entry.path(), limits, seen, take)?,
            Ok(_) => {}
            Err(error) => take(unread(&path.to_string_lossy(), &error.to_string()))?,
        }
    }
    Ok(())
}

fn file(path: &Path, limits: &Limits, seen: &mut dyn FnMut(&str, u64), take: &mut Take<'_>) -> Result<(), Failure> {
    let name = path.to_string_lossy();
    let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
    match File::open(path) {
        Ok(file) => one(&name, file, limits, seen, take),
        Err(error) => take(unread(&name, &error.to_string())),
    }
}

fn unread(path: &str, why: &str) -> Located {
    let finding = Finding::new("unscanned/unreadable", Span { start: 0, end: 0 }, format!("cannot be read: {why}"));
    Located { path: path.to_owned(), finding, region: None, excerpt: String::new() }
}

/// One file, in windows.
fn one(
    name: &str,
    mut file: impl Read,
    limits: &Limits,
    seen: &mut dyn FnMut(&str, u64),
    take: &mut Take<'_>,
) -> Result<(), Failure> {
    let mut window = Vec::new();
    let mut place = Place::default();
    let mut total = 0_u64;
    loop {
        let had = window.len();
        if let Err(error) = file.by_ref().take((WINDOW - had) as u64).read_to_end(&mut window) {
            take(unread(name, &error.to_string()))?;
        }
        total += (window.len() - had) as u64;
        let last = window.len() < WINDOW;
        let next = if last { window.len() } else { window.len() - OVERLAP };
        let scanned = scan_bytes(&window, limits);
        for finding in scanned.findings {
            // What begins in the overlap is found again, whole, in the next window.
            if last || (finding.span.start as usize) < next {
                let plain = scanned.format.is_none();
                take(place.locate(name, &window, finding, plain))?;
            }
        }
        if last {
            break;
        }
        place.pass(&window, next);
        window.drain(..next);
    }
    seen(name, total);
    Ok(())
}

/// Where a window begins in its file.
#[derive(Default)]
struct Place {
    bytes: usize,
    lines: usize,
    /// Characters of the line that the window begins in the middle of.
    column: usize,
    /// The last place whose line was counted: findings come in order.
    counted: (usize, usize, usize),
}

impl Place {
    fn pass(&mut self, window: &[u8], next: usize) {
        let (lines, column) = self.line_of(window, next);
        self.lines = lines;
        self.column = column;
        self.bytes += next;
        self.counted = (0, lines, column);
    }

    /// Line and column, from 0, of a place in the window; cheap where the last one asked for was before it.
    fn line_of(&mut self, window: &[u8], at: usize) -> (usize, usize) {
        let from = if self.counted.0 <= at && self.counted.0 > 0 { self.counted } else { (0, self.lines, self.column) };
        let part = window.get(from.0..at).unwrap_or_default();
        let lines = part.iter().filter(|byte| **byte == b'\n').count();
        let tail = part.iter().rposition(|byte| *byte == b'\n').map_or(part, |end| part.get(end + 1..).unwrap_or_default());
        let characters = tail.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        let column = if lines > 0 { characters } else { from.2 + characters };
        self.counted = (at, from.1 + lines, column);
        (from.1 + lines, column)
    }

    fn locate(&mut self, name: &str, window: &[u8], mut finding: Finding, plain: bool) -> Located {
        let (start, end) = (finding.span.start as usize, finding.span.end as usize);
        let region = plain.then(|| {
            let first = self.line_of(window, start);
            let counted = self.counted;
            let last = self.line_of(window, end.min(window.len()));
            self.counted = counted;
            [(first.0 + 1, first.1 + 1), (last.0 + 1, last.1 + 1)]
        });
        let shows = plain && finding.family() == "instruction";
        let excerpt = if shows { excerpt(window, start, end) } else { String::new() };
        let offset = |at: u32| u32::try_from(self.bytes.saturating_add(at as usize)).unwrap_or(u32::MAX);
        finding.span = Span { start: offset(finding.span.start), end: offset(finding.span.end) };
        Located { path: name.to_owned(), finding, region, excerpt }
    }
}

/// The beginning of what stands at a place.
fn excerpt(window: &[u8], start: usize, end: usize) -> String {
    const LONGEST: usize = 100;
    let part = window.get(start..end.min(start + 4 * LONGEST)).unwrap_or_default();
    shown(&String::from_utf8_lossy(part)).chars().take(LONGEST).collect()
}
