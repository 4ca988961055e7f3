//! The Merkle tree of RFC 6962 (section 2.1), as hashes only: leaves and nodes, the frontier of a growing tree, roots.
//!
//! Pure. Knows nothing of tiles, files or entries' meaning.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// The hash of an entry: `SHA-256(0x00 || entry)`.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash of an inner node: `SHA-256(0x01 || left || right)`.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of the tree without entries: `SHA-256("")`.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The right edge of a tree: the roots of the perfect subtrees that its size splits into, largest first. It is all
/// that is needed to append and to know the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of `size` entries with these `peaks`; `None` where their number does not fit the size.
    #[must_use]
    pub fn new(size: u64, peaks: Vec<Hash>) -> Option<Frontier> {
        (u64::from(size.count_ones()) == peaks.len() as u64).then_some(Frontier { size, peaks })
    }

    /// Number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the perfect subtrees, largest first.
    #[must_use]
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Adds one leaf.
    pub fn push(&mut self, leaf: Hash) {
        self.push_subtree(leaf, 0);
    }

    /// Adds a perfect subtree of `2^height` leaves; the size so far is a multiple of that.
    pub fn push_subtree(&mut self, root: Hash, height: u32) {
        let mut hash = root;
        let mut above = self.size >> height;
        while above & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
            above >>= 1;
        }
        self.peaks.push(hash);
        self.size += 1 << height;
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return empty_root() };
        peaks.fold(*last, |right, left| node_hash(left, &right))
    }
}

/// The frontier of a list of leaves (or of subtree roots taken as leaves).
#[must_use]
pub fn frontier_of(leaves: &[Hash]) -> Frontier {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.push(*leaf);
    }
    frontier
}

#[cfg(test)]
pub(crate) mod oracle {
    //! RFC 6962 section 2.1 word for word, slow: what everything else is held against.
    use super::*;

    /// MTH of leaf hashes.
    pub(crate) fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [one] => *one,
            more => {
                let (left, right) = more.split_at(split(more.len()));
                node_hash(&root(left), &root(right))
            }
        }
    }

    /// The largest power of two below `n`.
    pub(crate) fn split(n: usize) -> usize {
        let mut k = 1;
        while k * 2 < n {
            k *= 2;
        }
        k
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn hex(text: &str) -> Hash {
        let bytes: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect();
        bytes.try_into().unwrap()
    }

    #[test]
    fn the_empty_tree_and_the_empty_leaf_have_their_published_hashes() {
        assert_eq!(empty_root(), hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        assert_eq!(leaf_hash(b""), hex("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"));
    }

    #[test]
    fn the_roots_of_the_certificate_transparency_vectors_come_out() {
        let inputs: [&[u8]; 8] = [
            b"",
            &[0x00],
            &[0x10],
            &[0x20, 0x21],
            &[0x30, 0x31],
            &[0x40, 0x41, 0x42, 0x43],
            &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut frontier = Frontier::default();
        for (input, root) in inputs.iter().zip(roots) {
            frontier.push(leaf_hash(input));
            assert_eq!(frontier.root(), hex(root), "size {}", frontier.size());
        }
    }

    #[test]
    fn the_frontier_gives_the_root_that_the_definition_gives() {
        let leaves: Vec<Hash> = (0..300u32).map(|i| leaf_hash(&i.to_be_bytes())).collect();
        for n in 0..=leaves.len() {
            assert_eq!(frontier_of(&leaves[..n]).root(), oracle::root(&leaves[..n]), "size {n}");
        }
    }

    #[test]
    fn whole_subtrees_may_be_pushed_at_once() {
        let leaves: Vec<Hash> = (0..29u32).map(|i| leaf_hash(&i.to_be_bytes())).collect();
        let mut frontier = Frontier::default();
        for four in leaves[..28].chunks(4) {
            frontier.push_subtree(frontier_of(four).root(), 2);
        }
        frontier.push(leaves[28]);
        assert_eq!(frontier, frontier_of(&leaves));
    }
}
