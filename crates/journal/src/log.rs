//! The journal's file: lines `CHECK JSON`, appended with one write before the change is made. CHECK is 16 hexadecimal
//! digits of a hash of the JSON and finds a line that a crash tore; it is no protection against a person.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::budget::Refused;
use crate::disk::IoError;
use crate::facts::Line;

/// An open journal file.
pub(crate) struct Log {
    file: File,
    path: PathBuf,
    /// How long the file is as far as its lines are whole.
    bytes: u64,
    broken: bool,
    buffer: Vec<u8>,
}

impl Log {
    /// Makes the file; it must not be there.
    pub(crate) fn create(path: &Path) -> Result<Log, IoError> {
        let file = OpenOptions::new().append(true).create_new(true).mode(0o600).open(path);
        let file = file.map_err(IoError::at("make", path))?;
        Ok(Log { file, path: path.to_owned(), bytes: 0, broken: false, buffer: Vec::new() })
    }

    /// Appends lines: all, or the file is as before. In the kernel when it returns, so a killed process loses nothing.
    pub(crate) fn append(&mut self, lines: &[Line]) -> Result<(), Refused> {
        if self.broken {
            return Err(Refused::Broken);
        }
        self.buffer.clear();
        for line in lines {
            let text =
                serde_json::to_vec(line).map_err(|error| IoError::at("write", &self.path)(std::io::Error::other(error)))?;
            self.buffer.extend_from_slice(format!("{:016x} ", check(&text)).as_bytes());
            self.buffer.extend_from_slice(&text);
            self.buffer.push(b'\n');
        }
        match self.file.write_all(&self.buffer) {
            Ok(()) => {
                self.bytes += self.buffer.len() as u64;
                Ok(())
            }
            Err(error) => {
                // Half a line must not stay: the next would be glued to it, and with it lost.
                self.broken = self.file.set_len(self.bytes).is_err();
                Err(IoError::at("write", &self.path)(error).into())
            }
        }
    }

    /// Waits until all lines are on the disk.
    pub(crate) fn sync(&self) -> Result<(), IoError> {
        self.file.sync_data().map_err(IoError::at("sync", &self.path))
    }
}

/// Reads lines up to the first that is not whole; the rest's length in bytes comes along.
pub(crate) fn read(path: &Path) -> Result<(Vec<Line>, usize), IoError> {
    let bytes = std::fs::read(path).map_err(IoError::at("read", path))?;
    let mut lines = Vec::new();
    let mut rest = bytes.as_slice();
    while let Some((line, after)) = first(rest) {
        lines.push(line);
        rest = after;
    }
    Ok((lines, rest.len()))
}

fn first(bytes: &[u8]) -> Option<(Line, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (digits, rest) = bytes.split_at_checked(16)?;
    let json = rest.strip_prefix(b" ")?.get(..end.checked_sub(17)?)?;
    let wanted = u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    if check(json) != wanted {
        return None;
    }
    Some((serde_json::from_slice(json).ok()?, bytes.get(end + 1..)?))
}

/// FNV-1a, 64 bits.
fn check(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn line(call: &str) -> Line {
        Line::Journal { version: 1, call: call.to_owned(), at_ms: 5 }
    }

    #[test]
    fn a_torn_last_line_is_recognised_at_every_byte() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("log");
        Log::create(&path).unwrap().append(&[line("one"), line("two")]).unwrap();
        let whole = std::fs::read(&path).unwrap();
        let first_line = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for cut in 0..=whole.len() {
            std::fs::write(&path, whole.get(..cut).unwrap()).unwrap();
            let (lines, torn) = read(&path).unwrap();
            let expected = if cut == whole.len() { 2 } else { usize::from(cut >= first_line) };
            assert_eq!(lines.len(), expected, "cut at {cut}");
            assert_eq!(torn == 0, cut == whole.len() || cut == first_line || cut == 0);
        }
    }

    #[test]
    fn a_changed_byte_ends_what_is_believed() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("log");
        Log::create(&path).unwrap().append(&[line("one"), line("two")]).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        *bytes.get_mut(40).unwrap() ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(read(&path).unwrap().0.len(), 0);
    }
}
