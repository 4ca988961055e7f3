//! The places that everybody has. Data: to know what `secrets` holds, read its file below.
//!
//! Patterns are as in the map (`vocab::map::Place`). A place may be given in several rows. What a place *means* is the
//! policy's to say; a row only says where things lie.

mod hosts;
mod secrets;
mod settings;
mod system;
mod work;

/// Some patterns of one place.
pub(super) struct BuiltIn {
    pub(super) name: &'static str,
    pub(super) paths: &'static [&'static str],
    pub(super) except: &'static [&'static str],
    pub(super) hosts: &'static [&'static str],
    /// Compared with regard to case: for places that policies are generous to.
    pub(super) exact: bool,
}

const NONE: BuiltIn = BuiltIn { name: "", paths: &[], except: &[], hosts: &[], exact: false };

const fn sensitive(name: &'static str, paths: &'static [&'static str], except: &'static [&'static str]) -> BuiltIn {
    BuiltIn { name, paths, except, ..NONE }
}

const fn generous(name: &'static str, paths: &'static [&'static str], except: &'static [&'static str]) -> BuiltIn {
    BuiltIn { name, paths, except, exact: true, ..NONE }
}

const fn network(name: &'static str, hosts: &'static [&'static str]) -> BuiltIn {
    BuiltIn { name, hosts, ..NONE }
}

/// All of them. The order is that of [`super::Places::names`].
pub(super) const PLACES: [&[BuiltIn]; 5] = [work::PLACES, secrets::PLACES, settings::PLACES, system::PLACES, hosts::PLACES];
