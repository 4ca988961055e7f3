//! What was really enforced. In: what the kernel said at each step. Out: a record for the ledger, and what of the plan is
//! missing. A part that is missing and not named by the plan refuses the command.

use crate::plan::Weakening;

/// The wall as it stands around one command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Enforced {
    /// Landlock's ABI on this kernel; 0 where absent.
    pub landlock_abi: u32,
    /// Rights on files that Landlock took away, as bits of the kernel's header.
    pub landlock_files: u64,
    /// Rights on TCP (and later UDP) that it took away.
    pub landlock_network: u64,
    /// Scopes: 1 abstract sockets, 2 signals.
    pub landlock_scopes: u64,
    /// How many trees and files may be read.
    pub landlock_rules: u32,
    /// Steps of the seccomp program.
    pub filter_steps: u32,
    /// Rows of the table of system calls.
    pub filter_calls: u32,
    /// Whether the user, mount, pid, network, IPC and host-name namespaces are its own (always, or nothing runs).
    pub namespaces: bool,
    /// Whether /proc shows only what is inside.
    pub fresh_proc: bool,
    /// Whether /dev/shm is its own.
    pub private_shm: bool,
    /// Whether /tmp is its own.
    pub private_tmp: bool,
    /// Whether terminals made inside are in an instance of their own, and those outside cannot be opened.
    pub private_terminals: bool,
    /// Whether no further user namespace can be made (besides the filter, which says so too).
    pub no_more_namespaces: bool,
    /// Whether resolv.conf was replaced.
    pub resolv_conf: bool,
    /// How many hidden places were covered.
    pub covered: u32,
    /// How many hidden places exist and could not be covered.
    pub uncovered: u32,
    /// Whether the number of processes is bounded.
    pub processes_bounded: bool,
    /// Whether the session keyring is an empty one.
    pub fresh_keyring: bool,
}

/// A part of the wall that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// Which weakening of a plan would permit that.
    pub part: Weakening,
    /// What it is, in words.
    pub what: &'static str,
}

/// Rights that every kernel with ABI 6 has; less of Landlock is less than planned.
const LEAST_LANDLOCK_ABI: u32 = 6;

impl Enforced {
    /// What is missing, given whether the plan wants a private /tmp, a resolv.conf of its own, a bound on processes.
    #[must_use]
    pub fn missing(&self, resolv_conf: bool, processes: bool) -> Vec<Missing> {
        let parts = [
            (self.landlock_abi < LEAST_LANDLOCK_ABI, Weakening::Landlock, "Landlock with the rights of ABI 6"),
            (!self.fresh_proc, Weakening::Proc, "a fresh /proc"),
            (!self.private_terminals, Weakening::Terminals, "private terminals"),
            (processes && !self.processes_bounded, Weakening::Processes, "a bound on the number of processes"),
            (self.uncovered > 0, Weakening::Covers, "covers over the hidden places"),
            (resolv_conf && !self.resolv_conf, Weakening::ResolvConf, "a resolv.conf of its own"),
        ];
        parts.into_iter().filter(|(missing, _, _)| *missing).map(|(_, part, what)| Missing { part, what }).collect()
    }
}

impl Enforced {
    fn numbers(&self) -> [u64; 18] {
        [
            self.landlock_abi.into(),
            self.landlock_files,
            self.landlock_network,
            self.landlock_scopes,
            self.landlock_rules.into(),
            self.filter_steps.into(),
            self.filter_calls.into(),
            self.namespaces.into(),
            self.fresh_proc.into(),
            self.private_shm.into(),
            self.private_tmp.into(),
            self.private_terminals.into(),
            self.no_more_namespaces.into(),
            self.resolv_conf.into(),
            self.covered.into(),
            self.uncovered.into(),
            self.processes_bounded.into(),
            self.fresh_keyring.into(),
        ]
    }

    /// As bytes, from process 1 to the supervisor.
    pub(crate) fn encode(&self) -> Vec<u8> {
        self.numbers().iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    /// Back from bytes.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Enforced> {
        let (chunks, []) = bytes.as_chunks::<8>() else { return None };
        let numbers: Vec<u64> = chunks.iter().map(|chunk| u64::from_le_bytes(*chunk)).collect();
        let [
            abi,
            files,
            network,
            scopes,
            rules,
            steps,
            calls,
            spaces,
            proc,
            shm,
            tmp,
            terminals,
            more,
            resolv,
            covered,
            uncovered,
            processes,
            keyring,
        ] = numbers.as_slice()
        else {
            return None;
        };
        let small = |number: &u64| u32::try_from(*number).unwrap_or(u32::MAX);
        Some(Enforced {
            landlock_abi: small(abi),
            landlock_files: *files,
            landlock_network: *network,
            landlock_scopes: *scopes,
            landlock_rules: small(rules),
            filter_steps: small(steps),
            filter_calls: small(calls),
            namespaces: *spaces == 1,
            fresh_proc: *proc == 1,
            private_shm: *shm == 1,
            private_tmp: *tmp == 1,
            private_terminals: *terminals == 1,
            no_more_namespaces: *more == 1,
            resolv_conf: *resolv == 1,
            covered: small(covered),
            uncovered: small(uncovered),
            processes_bounded: *processes == 1,
            fresh_keyring: *keyring == 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_enforced_survives_the_way_to_the_supervisor() {
        let enforced = Enforced { landlock_abi: 7, landlock_files: 0xFFFF, fresh_proc: true, covered: 3, ..Enforced::default() };
        assert_eq!(Enforced::decode(&enforced.encode()), Some(enforced));
        assert_eq!(Enforced::decode(&[1, 2, 3]), None);
    }

    #[test]
    fn less_than_planned_is_named() {
        let all = Enforced { landlock_abi: 7, fresh_proc: true, private_terminals: true, ..Enforced::default() };
        assert_eq!(all.missing(false, false), []);
        let parts: Vec<Weakening> = all.missing(true, true).into_iter().map(|missing| missing.part).collect();
        assert_eq!(parts, [Weakening::Processes, Weakening::ResolvConf]);
        let old = Enforced { landlock_abi: 5, ..all };
        assert_eq!(old.missing(false, false).len(), 1);
    }
}
