//! Reads a notification as a call. In: the number and six registers. Out: which call, with its arguments named. Every
//! number that the table marks as notified has its form here; a test holds the two together.

/// What is to be found: by a path (from a descriptor's directory) or by a descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// A path.
    Path {
        start: i32,
        path: u64,
        follow: bool,
        /// An empty path means the descriptor itself.
        empty: bool,
    },
    /// A descriptor.
    Descriptor(i32),
}

/// A path and where it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) start: i32,
    pub(crate) path: u64,
}

/// What of a file's description is to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Mode(u32),
    Owner(u32, u32),
    /// Address of the times and their form; 0 for now.
    Times(u64, TimeForm),
    SetAttribute {
        name: u64,
        value: u64,
        size: u64,
        flags: u32,
    },
    RemoveAttribute {
        name: u64,
    },
}

/// How times lie in memory: two pairs of 64-bit words, or two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeForm {
    /// Seconds and nanoseconds.
    Nano,
    /// Seconds and microseconds.
    Micro,
    /// Seconds alone.
    Seconds,
}

/// A notified call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Open { at: Named, flags: u32, mode: u32 },
    MakeDirectory { at: Named, mode: u32 },
    MakeNode { at: Named, mode: u32 },
    Remove { at: Named, directory: bool },
    Rename { from: Named, to: Named, flags: u32 },
    Link { from: Target, to: Named },
    Symlink { target: u64, at: Named },
    Truncate { path: u64, length: i64 },
    Describe { target: Target, change: Change },
    Execute { at: Target, arguments: u64, environment: u64 },
    Connect { socket: i32, address: u64, length: u64 },
    Bind { socket: i32, address: u64, length: u64 },
    Memory { name: u64, flags: u32 },
    Watch { notices: i32, path: u64, what: u32 },
}

const HERE: i32 = libc::AT_FDCWD;

/// Registers hold ints in their low half.
fn int(register: u64) -> i32 {
    (register & 0xFFFF_FFFF) as u32 as i32
}

fn word(register: u64) -> u32 {
    (register & 0xFFFF_FFFF) as u32
}

fn named(start: u64, path: u64) -> Named {
    Named { start: int(start), path }
}

fn here(path: u64) -> Named {
    Named { start: HERE, path }
}

fn path(path: u64, follow: bool) -> Target {
    Target::Path { start: HERE, path, follow, empty: false }
}

/// A path with AT_SYMLINK_NOFOLLOW and AT_EMPTY_PATH among its flags.
fn flagged(start: u64, path: u64, flags: u64) -> Target {
    let flags = int(flags);
    Target::Path {
        start: int(start),
        path,
        follow: flags & libc::AT_SYMLINK_NOFOLLOW == 0,
        empty: flags & libc::AT_EMPTY_PATH != 0,
    }
}

fn describe(target: Target, change: Change) -> Call {
    Call::Describe { target, change }
}

/// The call of a notification; `None` where the number is not one that is notified.
pub(crate) fn read(number: i64, [a, b, c, d, e, _]: [u64; 6]) -> Option<Call> {
    let set = |name, value, size, flags| Change::SetAttribute { name, value, size, flags: word(flags) };
    Some(match number {
        libc::SYS_openat => Call::Open { at: named(a, b), flags: word(c), mode: word(d) },
        libc::SYS_mkdirat => Call::MakeDirectory { at: named(a, b), mode: word(c) },
        libc::SYS_mknodat => Call::MakeNode { at: named(a, b), mode: word(c) },
        libc::SYS_unlinkat => Call::Remove { at: named(a, b), directory: int(c) & libc::AT_REMOVEDIR != 0 },
        libc::SYS_renameat => Call::Rename { from: named(a, b), to: named(c, d), flags: 0 },
        libc::SYS_renameat2 => Call::Rename { from: named(a, b), to: named(c, d), flags: word(e) },
        libc::SYS_linkat => Call::Link {
            from: Target::Path {
                start: int(a),
                path: b,
                follow: int(e) & libc::AT_SYMLINK_FOLLOW != 0,
                empty: int(e) & libc::AT_EMPTY_PATH != 0,
            },
            to: named(c, d),
        },
        libc::SYS_symlinkat => Call::Symlink { target: a, at: named(b, c) },
        libc::SYS_truncate => Call::Truncate { path: a, length: b.cast_signed() },
        libc::SYS_fchmod => describe(Target::Descriptor(int(a)), Change::Mode(word(b))),
        libc::SYS_fchmodat => describe(flagged(a, b, 0), Change::Mode(word(c))),
        libc::SYS_fchmodat2 => describe(flagged(a, b, d), Change::Mode(word(c))),
        libc::SYS_fchown => describe(Target::Descriptor(int(a)), Change::Owner(word(b), word(c))),
        libc::SYS_fchownat => describe(flagged(a, b, e), Change::Owner(word(c), word(d))),
        libc::SYS_utimensat if b == 0 => describe(Target::Descriptor(int(a)), Change::Times(c, TimeForm::Nano)),
        libc::SYS_utimensat => describe(flagged(a, b, d), Change::Times(c, TimeForm::Nano)),
        libc::SYS_setxattr => describe(path(a, true), set(b, c, d, e)),
        libc::SYS_lsetxattr => describe(path(a, false), set(b, c, d, e)),
        libc::SYS_fsetxattr => describe(Target::Descriptor(int(a)), set(b, c, d, e)),
        libc::SYS_removexattr => describe(path(a, true), Change::RemoveAttribute { name: b }),
        libc::SYS_lremovexattr => describe(path(a, false), Change::RemoveAttribute { name: b }),
        libc::SYS_fremovexattr => describe(Target::Descriptor(int(a)), Change::RemoveAttribute { name: b }),
        libc::SYS_execve => Call::Execute { at: path(a, true), arguments: b, environment: c },
        libc::SYS_execveat => Call::Execute { at: flagged(a, b, e), arguments: c, environment: d },
        libc::SYS_connect => Call::Connect { socket: int(a), address: b, length: c & 0xFFFF_FFFF },
        libc::SYS_bind => Call::Bind { socket: int(a), address: b, length: c & 0xFFFF_FFFF },
        libc::SYS_inotify_add_watch => Call::Watch { notices: int(a), path: b, what: word(c) },
        libc::SYS_memfd_create => Call::Memory { name: a, flags: word(b) },
        number => return older(number, [a, b, c, d]),
    })
}

#[cfg(target_arch = "x86_64")]
fn older(number: i64, [a, b, c, _]: [u64; 4]) -> Option<Call> {
    let creating = (libc::O_CREAT | libc::O_WRONLY | libc::O_TRUNC) as u32;
    Some(match number {
        libc::SYS_open => Call::Open { at: here(a), flags: word(b), mode: word(c) },
        libc::SYS_creat => Call::Open { at: here(a), flags: creating, mode: word(b) },
        libc::SYS_mkdir => Call::MakeDirectory { at: here(a), mode: word(b) },
        libc::SYS_mknod => Call::MakeNode { at: here(a), mode: word(b) },
        libc::SYS_unlink => Call::Remove { at: here(a), directory: false },
        libc::SYS_rmdir => Call::Remove { at: here(a), directory: true },
        libc::SYS_rename => Call::Rename { from: here(a), to: here(b), flags: 0 },
        libc::SYS_link => Call::Link { from: path(a, false), to: here(b) },
        libc::SYS_symlink => Call::Symlink { target: a, at: here(b) },
        libc::SYS_chmod => describe(path(a, true), Change::Mode(word(b))),
        libc::SYS_chown => describe(path(a, true), Change::Owner(word(b), word(c))),
        libc::SYS_lchown => describe(path(a, false), Change::Owner(word(b), word(c))),
        libc::SYS_utime => describe(path(a, true), Change::Times(b, TimeForm::Seconds)),
        libc::SYS_utimes => describe(path(a, true), Change::Times(b, TimeForm::Micro)),
        libc::SYS_futimesat if b == 0 => describe(Target::Descriptor(int(a)), Change::Times(c, TimeForm::Micro)),
        libc::SYS_futimesat => describe(flagged(a, b, 0), Change::Times(c, TimeForm::Micro)),
        _ => return None,
    })
}

#[cfg(not(target_arch = "x86_64"))]
fn older(_: i64, _: [u64; 4]) -> Option<Call> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::{Rule, Test, table};

    #[test]
    fn every_notified_call_can_be_read_and_no_other() {
        for row in table() {
            let notified = matches!(row.rule, Rule::Notify | Rule::Check(Test::OpenFlags { .. }));
            assert_eq!(read(row.number, [1, 1, 1, 1, 1, 1]).is_some(), notified, "{}", row.name);
        }
    }

    #[test]
    fn negative_descriptors_are_read_from_the_low_half() {
        let at = Named { start: HERE, path: 5 };
        assert_eq!(named(0xFFFF_FF9C, 5), at);
        assert_eq!(named(0xFFFF_FFFF_FFFF_FF9C, 5), at);
    }
}
