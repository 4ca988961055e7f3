//! An append-only Merkle log of [`bailiwick_vocab::record::Record`]s that anyone can verify: RFC 6962 hashing, C2SP
//! tiles, entry bundles and signed checkpoints. In come records, out come receipts, entries and proofs.
//!
//! The only crate here that touches files, and it touches nothing else: no clock, no environment, no network. It does
//! not know what a record means.

pub mod bundle;
pub mod canonical;
pub mod damage;
pub mod disk;
pub mod head;
pub mod keys;
pub mod lock;
pub mod log;
pub mod note;
pub mod objects;
mod paths;
pub mod proof;
pub mod reader;
mod recover;
mod seal;
mod tail;
pub mod tile;
pub mod tree;
pub mod verify;
