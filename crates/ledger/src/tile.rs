//! Where things lie in a C2SP tlog-tiles log (c2sp.org/tlog-tiles): tile coordinates and their paths.
//!
//! Pure: paths are relative to the log's directory.

use std::fmt::Write as _;

use crate::tree::Hash;

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u64 = 256;

/// Height of a tile: it spans eight levels of the tree.
pub const TILE_HEIGHT: u32 = 8;

/// A 64-bit size has hashes at tile levels 0 to 7 only.
pub const MAX_LEVEL: u32 = 7;

/// The path of a hash tile: `tile/<level>/<index>`, with `.p/<width>` where it is not full.
#[must_use]
pub fn hash_tile_path(level: u32, index: u64, width: u64) -> String {
    format!("tile/{level}/{}{}", index_path(index), partial_suffix(width))
}

/// The path of an entry bundle: `tile/entries/<index>`, with `.p/<width>` where it is not full.
#[must_use]
pub fn bundle_path(index: u64, width: u64) -> String {
    format!("tile/entries/{}{}", index_path(index), partial_suffix(width))
}

/// How many hashes tile level `level` has in a tree of `size` entries.
#[must_use]
pub fn level_len(size: u64, level: u32) -> u64 {
    size.checked_shr(TILE_HEIGHT * level).unwrap_or(0)
}

/// The bytes of a tile.
#[must_use]
pub fn tile_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.concat()
}

/// The hashes of a tile; what is left of an odd length is dropped, so check the length first.
#[must_use]
pub fn tile_hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.as_chunks::<32>().0.to_vec()
}

/// The index in groups of three digits, all but the last with an `x` before it: 1234067 is `x001/x234/067`.
fn index_path(index: u64) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path.insert_str(0, &format!("x{:03}/", rest % 1000));
        rest /= 1000;
    }
    path
}

fn partial_suffix(width: u64) -> String {
    let mut suffix = String::new();
    if width < TILE_WIDTH {
        let _ = write!(suffix, ".p/{width}");
    }
    suffix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        assert_eq!(hash_tile_path(0, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(hash_tile_path(1, 0, 1), "tile/1/000.p/1");
        assert_eq!(bundle_path(273, 112), "tile/entries/273.p/112");
        assert_eq!(bundle_path(1000, 256), "tile/entries/x001/000");
    }

    #[test]
    fn a_level_holds_one_hash_for_each_full_tile_below() {
        assert_eq!(level_len(70_000, 0), 70_000);
        assert_eq!(level_len(70_000, 1), 273);
        assert_eq!(level_len(70_000, 2), 1);
        assert_eq!(level_len(70_000, 3), 0);
        assert_eq!(level_len(u64::MAX, 8), 0);
    }
}
