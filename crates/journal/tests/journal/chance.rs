//! Programs by chance, the same for the same seed.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use crate::broker::{Act, Blob};

/// The seeds to run: these, or others for a longer look: `BAILIWICK_SEEDS=17..18`.
pub fn seeds(default: std::ops::Range<u64>) -> std::ops::Range<u64> {
    let Ok(wanted) = std::env::var("BAILIWICK_SEEDS") else { return default };
    let (from, to) = wanted.split_once("..").unwrap();
    from.parse().unwrap()..to.parse().unwrap()
}

/// A small generator of numbers (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub fn bytes(&mut self) -> Vec<u8> {
        let length = match self.below(60) {
            0..=2 => 0,
            3 => 300_000,
            4..=7 => self.below(70_000),
            _ => self.below(200),
        };
        let fill = self.next();
        (0..length).map(|index| (fill.rotate_left((index % 61) as u32) ^ index) as u8).collect()
    }

    /// A path below a root: few names, so that acts meet; some odd.
    pub fn path(&mut self, root: &Path) -> PathBuf {
        const NAMES: [&[u8]; 9] = [b"a", b"b", b"c", b"d", b"e", b"a b", b"new\nline", b"\xff\xfe", b"100%"];
        let mut path = root.to_owned();
        for _ in 0..=self.below(3) {
            let most = if self.below(3) == 0 { 9 } else { 4 };
            let name = NAMES[self.below(most) as usize];
            path.push(OsString::from_vec(name.to_vec()));
        }
        path
    }

    pub fn act(&mut self, root: &Path) -> Act {
        let path = self.path(root);
        match self.below(24) {
            0..=2 => Act::Create(path, Blob(self.bytes())),
            3 | 4 => Act::Overwrite(path, Blob(self.bytes())),
            5 => Act::Append(path, Blob(self.bytes())),
            6 => Act::WriteAt(path, self.below(3 << 20), Blob(b"far".to_vec())),
            7 => Act::Truncate(path, self.below(100)),
            8 | 9 => Act::Remove(path),
            10 => Act::RemoveTree(path),
            11..=14 => Act::Rename(path, self.path(root)),
            15 => Act::Exchange(path, self.path(root)),
            16 | 17 => Act::Link(path, self.path(root)),
            18 => Act::Symlink(self.path(Path::new("..")), path),
            19 | 20 => Act::MakeDir(path),
            21 => Act::Chmod(path, 0o700 | (self.below(64) as u32)),
            22 => {
                if self.below(2) == 0 {
                    Act::Touch(path, self.below(2_000_000_000) as i64)
                } else {
                    Act::MakeFifo(path)
                }
            }
            _ => Act::SetAttribute(path, Blob(b"value".to_vec())),
        }
    }
}
