//! Pre-images and undo. In: each change of the file system just before it is made, with real absolute paths. Out: a
//! journal from which the tree is put back as it was, and a list of what was put back, what was left alone and why.
//!
//! A journal holds facts about the tree before the call, not operations: which inode a name led to, and what that inode
//! was. Names are held by their directory's inode, so a renamed directory carries its facts along, and the order of
//! concurrent changes does not matter.
//!
//! Limits. Inodes are known by device, number and time of making; where the store is on another file system than the tree,
//! a removed file cannot be held, is copied instead, and comes back as another inode: then names that shared one with it
//! and were never touched are looked for nearby, and may part when several calls are undone. Sockets and devices do not
//! come back. What is written through a descriptor that was open for writing before the call is not seen. Access times
//! are not kept; `security.*` attributes only as far as the system lets their owner set them.
//!
//! It decides nothing about permission, knows no agent and no ledger, and talks to nobody.

pub mod budget;
mod builds;
pub mod change;
pub mod collect;
pub mod diff;
pub mod disk;
mod escape;
mod facts;
pub mod forecast;
mod index;
pub mod journal;
mod keep;
mod log;
pub mod past;
pub mod plan;
pub mod store;
mod strays;
mod survey;
pub mod undo;
