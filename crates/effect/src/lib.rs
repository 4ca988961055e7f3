//! What a tool call may do to the world: [`effects::effects`] turns a call into effects, [`resolve::resolve`] looks at
//! the disk through a [`world::World`] given by the caller and makes paths real.
//!
//! Pure: no file system, network, process, clock or environment. Never fails: what cannot be understood is
//! [`bailiwick_vocab::effect::Deed::Opaque`].

pub mod args;
mod code;
pub mod effects;
mod expand;
pub mod glob;
pub mod invocation;
mod powershell;
pub mod programs;
pub mod resolve;
pub mod shell;
pub mod sql;
mod tools;
mod typed;
mod unfamiliar;
pub mod url;
mod walk;
pub mod world;
