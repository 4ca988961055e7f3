//! The wall around one command. In: a [`plan::Plan`] and a [`watcher::Watcher`]. Out: how the command ended, and to the
//! watcher everything that it does before it does it. It knows no policy, keeps no journal and speaks no network protocol.
//!
//! Four processes: the **front** ([`front::run`], the caller) behaves as the command; the **supervisor** performs every
//! changing call for what runs inside; **init** is process 1 of the namespaces; the **command** runs under a Landlock domain
//! that lets nothing be changed by path and a seccomp filter that sends every changing call to the supervisor. When the
//! supervisor dies, everything inside dies.

#![cfg(target_os = "linux")]

mod broker;
mod calls;
pub mod closed;
mod command;
pub mod enforced;
pub mod failure;
mod filter;
pub mod front;
mod init;
mod landlock;
mod memory_watch;
mod network;
pub mod plan;
mod ready;
mod shown;
mod supervisor;
mod sys;
pub mod watcher;
mod wire;
