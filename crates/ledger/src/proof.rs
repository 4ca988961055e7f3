//! Inclusion and consistency proofs (RFC 9162 sections 2.1.3 and 2.1.4): made from a source of node hashes, verified
//! from roots alone.
//!
//! Pure: where node hashes come from (tiles, head) is the caller's.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::tree::{Hash, node_hash};

/// A hash that is base64 in text, as in checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashText(pub Hash);

impl fmt::Display for HashText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl Serialize for HashText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HashText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(serde::de::Error::custom)?;
        bytes.try_into().map(HashText).map_err(|_| serde::de::Error::custom("a hash has 32 bytes"))
    }
}

/// That an entry stands in a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InclusionProof {
    /// The entry's number, from 0.
    pub entry: u64,
    /// The tree's size.
    pub size: u64,
    /// The entry's leaf hash.
    pub leaf: HashText,
    /// The hashes beside the way to the root, from the leaf up.
    pub path: Vec<HashText>,
}

/// That one tree begins with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsistencyProof {
    /// The smaller tree's size.
    pub old: u64,
    /// The larger tree's size.
    pub new: u64,
    /// The hashes that both roots can be computed from.
    pub path: Vec<HashText>,
}

impl InclusionProof {
    /// Whether the proof leads from the leaf to `root` (RFC 9162 section 2.1.3.2).
    #[must_use]
    pub fn verify(&self, root: &Hash) -> bool {
        if self.entry >= self.size {
            return false;
        }
        let (mut at, mut last, mut hash) = (self.entry, self.size - 1, self.leaf.0);
        for HashText(beside) in &self.path {
            if last == 0 {
                return false;
            }
            if at & 1 == 1 || at == last {
                hash = node_hash(beside, &hash);
                (at, last) = skip_to_right_child(at, last);
            } else {
                hash = node_hash(&hash, beside);
            }
            at >>= 1;
            last >>= 1;
        }
        last == 0 && hash == *root
    }
}

/// Where the node is the last and a left child, its subtree goes up unchanged until it is a right child.
fn skip_to_right_child(mut at: u64, mut last: u64) -> (u64, u64) {
    while at & 1 == 0 && at != 0 {
        at >>= 1;
        last >>= 1;
    }
    (at, last)
}

impl ConsistencyProof {
    /// Whether the proof binds both roots (RFC 9162 section 2.1.4.2). From the empty tree everything follows; equal
    /// sizes need equal roots and an empty path.
    #[must_use]
    pub fn verify(&self, old_root: &Hash, new_root: &Hash) -> bool {
        if self.old > self.new {
            return false;
        }
        if self.old == self.new {
            return self.path.is_empty() && old_root == new_root;
        }
        if self.old == 0 {
            return self.path.is_empty() && *old_root == crate::tree::empty_root();
        }
        self.fold(old_root).is_some_and(|(old, new)| old == *old_root && new == *new_root)
    }

    fn fold(&self, old_root: &Hash) -> Option<(Hash, Hash)> {
        let mut path = self.path.iter().map(|hash| hash.0);
        let first = if self.old.is_power_of_two() { *old_root } else { path.next()? };
        let (mut at, mut last) = (self.old - 1, self.new - 1);
        let ones = at.trailing_ones();
        at >>= ones;
        last >>= ones;
        let (mut old, mut new) = (first, first);
        for beside in path {
            if last == 0 {
                return None;
            }
            if at & 1 == 1 || at == last {
                old = node_hash(&beside, &old);
                new = node_hash(&beside, &new);
                (at, last) = skip_to_right_child(at, last);
            } else {
                new = node_hash(&new, &beside);
            }
            at >>= 1;
            last >>= 1;
        }
        (last == 0).then_some((old, new))
    }
}

/// Gives the hash of the perfect subtree of `2^height` leaves that begins at leaf `index << height`.
pub trait Nodes {
    /// What can go wrong in getting one.
    type Error;

    /// The subtree's root.
    ///
    /// # Errors
    /// Where it cannot be got.
    fn node(&mut self, height: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// The path of a leaf in a tree of `size` leaves. The caller has checked `leaf < size`.
///
/// # Errors
/// What the source of nodes gives.
pub fn inclusion_path<N: Nodes>(nodes: &mut N, leaf: u64, size: u64) -> Result<Vec<HashText>, N::Error> {
    let mut path = Vec::new();
    let (mut from, mut to) = (0, size);
    while to - from > 1 {
        let middle = from + split(to - from);
        if leaf < middle {
            path.push(range_root(nodes, middle, to)?);
            to = middle;
        } else {
            path.push(range_root(nodes, from, middle)?);
            from = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The path between two sizes of a tree. The caller has checked `old <= new`.
///
/// # Errors
/// What the source of nodes gives.
pub fn consistency_path<N: Nodes>(nodes: &mut N, old: u64, new: u64) -> Result<Vec<HashText>, N::Error> {
    let mut path = Vec::new();
    let (mut from, mut to) = (0, new);
    if old == 0 || old == new {
        return Ok(path);
    }
    while to != old {
        let middle = from + split(to - from);
        if old <= middle {
            path.push(range_root(nodes, middle, to)?);
            to = middle;
        } else {
            path.push(range_root(nodes, from, middle)?);
            from = middle;
        }
    }
    if from > 0 {
        path.push(range_root(nodes, from, to)?);
    }
    path.reverse();
    Ok(path)
}

/// The root of leaves `from..to`, where `from` is a multiple of the power of two that their number rounds up to.
fn range_root<N: Nodes>(nodes: &mut N, from: u64, to: u64) -> Result<HashText, N::Error> {
    let mut hash = None;
    let (mut end, mut rest) = (to, to - from);
    while rest > 0 {
        let height = rest.trailing_zeros();
        let width = 1 << height;
        let left = nodes.node(height, (end - width) >> height)?;
        hash = Some(hash.map_or(left, |right| node_hash(&left, &right)));
        end -= width;
        rest -= width;
    }
    Ok(HashText(hash.unwrap_or_else(crate::tree::empty_root)))
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (u64::BITS - 1 - (count - 1).leading_zeros())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::convert::Infallible;

    use super::*;
    use crate::tree::{frontier_of, leaf_hash, oracle};

    struct Leaves(Vec<Hash>);

    impl Nodes for Leaves {
        type Error = Infallible;

        fn node(&mut self, height: u32, index: u64) -> Result<Hash, Infallible> {
            let (width, start) = (1usize << height, usize::try_from(index << height).unwrap());
            Ok(oracle::root(&self.0[start..start + width]))
        }
    }

    fn leaves(n: u32) -> Leaves {
        Leaves((0..n).map(|i| leaf_hash(&i.to_be_bytes())).collect())
    }

    /// PATH of RFC 6962 section 2.1.1, word for word.
    fn oracle_path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let (left, right) = leaves.split_at(oracle::split(leaves.len()));
        let (mut path, beside) = if m < left.len() {
            (oracle_path(m, left), oracle::root(right))
        } else {
            (oracle_path(m - left.len(), right), oracle::root(left))
        };
        path.push(beside);
        path
    }

    /// SUBPROOF of RFC 6962 section 2.1.2, word for word.
    fn oracle_subproof(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
        if m == leaves.len() {
            return if whole { Vec::new() } else { vec![oracle::root(leaves)] };
        }
        let (left, right) = leaves.split_at(oracle::split(leaves.len()));
        let (mut path, beside) = if m <= left.len() {
            (oracle_subproof(m, left, whole), oracle::root(right))
        } else {
            (oracle_subproof(m - left.len(), right, false), oracle::root(left))
        };
        path.push(beside);
        path
    }

    fn hashes(path: &[HashText]) -> Vec<Hash> {
        path.iter().map(|hash| hash.0).collect()
    }

    #[test]
    fn every_inclusion_proof_to_size_70_is_that_of_the_rfc_and_verifies() {
        let mut nodes = leaves(70);
        for size in 1..=70u64 {
            let some = nodes.0[..usize::try_from(size).unwrap()].to_vec();
            let root = frontier_of(&some).root();
            for entry in 0..size {
                let at = usize::try_from(entry).unwrap();
                let path = inclusion_path(&mut nodes, entry, size).unwrap();
                assert_eq!(hashes(&path), oracle_path(at, &some));
                let proof = InclusionProof { entry, size, leaf: HashText(some[at]), path };
                assert!(proof.verify(&root));
                assert!(!proof.verify(&[0; 32]));
                assert!(!InclusionProof { entry: (entry + 1) % (size + 1), ..proof.clone() }.verify(&root));
                assert!(!InclusionProof { leaf: HashText([1; 32]), ..proof }.verify(&root));
            }
        }
    }

    #[test]
    fn every_consistency_proof_to_size_70_is_that_of_the_rfc_and_verifies() {
        let mut nodes = leaves(70);
        for new in 1..=70u64 {
            let some = nodes.0[..usize::try_from(new).unwrap()].to_vec();
            let new_root = frontier_of(&some).root();
            for old in 1..=new {
                let at = usize::try_from(old).unwrap();
                let old_root = frontier_of(&some[..at]).root();
                let path = consistency_path(&mut nodes, old, new).unwrap();
                assert_eq!(hashes(&path), oracle_subproof(at, &some, true), "{old} to {new}");
                let proof = ConsistencyProof { old, new, path };
                assert!(proof.verify(&old_root, &new_root), "{old} to {new}");
                assert!(!proof.verify(&[0; 32], &new_root));
                assert!(!proof.verify(&old_root, &[0; 32]));
                if old < new {
                    assert!(
                        !ConsistencyProof { path: [proof.path.clone(), vec![HashText([0; 32])]].concat(), ..proof }
                            .verify(&old_root, &new_root)
                    );
                }
            }
        }
    }

    #[test]
    fn the_empty_tree_is_consistent_with_every_tree_and_a_larger_with_no_smaller() {
        let root = [5; 32];
        assert!(ConsistencyProof { old: 0, new: 9, path: Vec::new() }.verify(&crate::tree::empty_root(), &root));
        assert!(!ConsistencyProof { old: 0, new: 9, path: Vec::new() }.verify(&root, &root));
        assert!(!ConsistencyProof { old: 9, new: 8, path: Vec::new() }.verify(&root, &root));
        assert!(!ConsistencyProof { old: 1, new: u64::MAX, path: Vec::new() }.verify(&root, &root));
    }

    #[test]
    fn proofs_come_back_from_json() {
        let path = inclusion_path(&mut leaves(7), 3, 7).unwrap();
        let proof = InclusionProof { entry: 3, size: 7, leaf: HashText([1; 32]), path };
        let text = serde_json::to_string(&proof).unwrap();
        assert_eq!(serde_json::from_str::<InclusionProof>(&text).unwrap(), proof);
    }
}
