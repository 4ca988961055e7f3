//! Turns the table of system calls into a seccomp program. In: the table and the few switches a plan has. Out: BPF.
//!
//! The program first refuses foreign architectures, then searches the number by halves: a linear list would cost the
//! kernel 0.3 ms more at each start, because it runs the program once for every number to cache which are always allowed.

use rustix::io::Errno;

use crate::calls::{Row, Rule, Test};
use crate::sys::seccomp::Instruction;

const LOAD: u16 = 0x20; // BPF_LD | BPF_W | BPF_ABS
const AND: u16 = 0x54; // BPF_ALU | BPF_AND | BPF_K
const EQUAL: u16 = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const AT_LEAST: u16 = 0x35; // BPF_JMP | BPF_JGE | BPF_K
const ANY_BIT: u16 = 0x45; // BPF_JMP | BPF_JSET | BPF_K
const JUMP: u16 = 0x05; // BPF_JMP | BPF_JA
const RETURN: u16 = 0x06; // BPF_RET | BPF_K

#[cfg(target_arch = "x86_64")]
const NATIVE: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
const NATIVE: u32 = 0xC000_00B7;

/// Numbers with this bit are the x32 form of x86_64's calls.
const X32: u32 = 0x4000_0000;

/// Every flag of clone and unshare that makes a namespace.
const NAMESPACES: u32 = (libc::CLONE_NEWUSER
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWCGROUP) as u32
    | NEW_TIME;

/// CLONE_NEWTIME; in clone's flags this bit belongs to the exit signal, so there it is not a namespace.
const NEW_TIME: u32 = 0x80;

/// Flags with which open may change something. Without them it is Landlock's alone.
pub(crate) const CHANGING: u32 =
    (libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC | (libc::O_TMPFILE & !libc::O_DIRECTORY)) as u32;

/// Requests that type into a terminal, or change a file past the broker.
const DENIED_REQUESTS: &[(u32, &str)] = &[
    (0x5412, "TIOCSTI: types into the terminal as if the user did"),
    (0x541C, "TIOCLINUX: pastes into the console"),
    (0x540C, "TIOCEXCL: nobody else may open the terminal any more"),
    (0x541D, "TIOCCONS: takes the console's output"),
    (0x4008_6602, "FS_IOC_SETFLAGS: makes a file immutable or append-only"),
    (0x4004_6602, "FS_IOC32_SETFLAGS: the same, from a 32-bit word"),
    (0x401C_5820, "FS_IOC_FSSETXATTR: the same, by project"),
    (0x4080_6685, "FS_IOC_ENABLE_VERITY: makes a file unchangeable for good"),
    (0x4008_7602, "FS_IOC_SETVERSION: gives a file another generation, which a descriptor for reading is enough for"),
    (0x4004_7211, "FAT_IOCTL_SET_ATTRIBUTES: attributes of a file by a descriptor for reading"),
    (0x5423, "TIOCSETD: loads a line discipline, old kernel code that nobody needs"),
];

/// Kinds of requests that file systems have of their own: some make files, volumes or settings by a descriptor for reading,
/// and no kernel check on names sees it.
const FILE_SYSTEMS: &[(u32, &str)] = &[(0x9400, "btrfs"), (0x6600, "ext, f2fs"), (0x5800, "xfs")];

/// Of these, the ones that read, or write to a descriptor that is open for it.
const KNOWN_REQUESTS: &[(u32, &str)] = &[
    (0x4004_9409, "FICLONE: writes to its own descriptor"),
    (0x4020_940D, "FICLONERANGE: the same, of a part"),
    (0xC018_9436, "FIDEDUPERANGE: shares what is equal already"),
    (0x8100_9431, "FS_IOC_GETFSLABEL"),
    (0x8008_6601, "FS_IOC_GETFLAGS"),
    (0x8004_6601, "FS_IOC32_GETFLAGS"),
    (0xC020_660B, "FS_IOC_FIEMAP: where a file's parts lie"),
    (0xC004_6686, "FS_IOC_MEASURE_VERITY"),
    (0x801C_581F, "FS_IOC_FSGETXATTR"),
];

/// Commands of fcntl that act on others: a lease makes them wait, a notice tells of them.
const DENIED_COMMANDS: &[u32] = &[libc::F_SETLEASE as u32, libc::F_NOTIFY as u32];

/// Socket families whose sockets end in the network namespace.
const FAMILIES: &[i32] = &[libc::AF_INET, libc::AF_INET6];

/// What a plan may switch.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Switches {
    /// Whether programs may ask the namespace's own interfaces by netlink.
    pub(crate) netlink: bool,
    /// Whether opens for reading are notified as well: of what Landlock has no rule for.
    pub(crate) reads: bool,
}

/// The program for `rows`, which are sorted by number.
pub(crate) fn program(rows: &[Row], switches: Switches) -> Vec<Instruction> {
    let mut code =
        vec![load(4), step(EQUAL, NATIVE, 1, 0), deny(Errno::NOSYS), load(0), step(AT_LEAST, X32, 0, 1), deny(Errno::NOSYS)];
    code.extend(search(&leaves(rows), switches));
    code
}

/// From this number on, this rule holds.
#[derive(Clone, Copy)]
struct Leaf {
    from: u32,
    rule: Rule,
}

/// Neighbours with one rule become one leaf; gaps become "not implemented".
fn leaves(rows: &[Row]) -> Vec<Leaf> {
    let mut leaves: Vec<Leaf> = Vec::new();
    let mut next = 0_u32;
    let mut add = |from: u32, rule: Rule| {
        if leaves.last().is_none_or(|last| last.rule != rule) {
            leaves.push(Leaf { from, rule });
        }
    };
    for row in rows {
        let number = u32::try_from(row.number).unwrap_or(u32::MAX);
        if number > next {
            add(next, Rule::Deny(Errno::NOSYS));
        }
        add(number, row.rule);
        next = number.saturating_add(1);
    }
    add(next, Rule::Deny(Errno::NOSYS));
    leaves
}

fn search(leaves: &[Leaf], switches: Switches) -> Vec<Instruction> {
    let [_, _, ..] = leaves else {
        return leaves.first().map_or_else(|| vec![deny(Errno::NOSYS)], |leaf| ending(leaf.rule, switches));
    };
    let (low, high) = leaves.split_at(leaves.len() / 2);
    let low = search(low, switches);
    let middle = high.first().map_or(0, |leaf| leaf.from);
    // A conditional jump reaches 255 steps; only the top of the tree needs a far one.
    let mut code = match u8::try_from(low.len()) {
        Ok(near) => vec![step(AT_LEAST, middle, near, 0)],
        Err(_) => vec![step(AT_LEAST, middle, 0, 1), step(JUMP, u32::try_from(low.len()).unwrap_or(u32::MAX), 0, 0)],
    };
    code.extend(low);
    code.extend(search(high, switches));
    code
}

fn ending(rule: Rule, switches: Switches) -> Vec<Instruction> {
    match rule {
        Rule::Allow => vec![allow()],
        Rule::Deny(errno) => vec![deny(errno)],
        Rule::Notify => vec![notify()],
        Rule::Check(test) => check(test, switches),
    }
}

fn check(test: Test, switches: Switches) -> Vec<Instruction> {
    match test {
        // By a descriptor of O_PATH nothing is read.
        Test::OpenFlags { flags } if switches.reads => {
            vec![load_low(flags), step(ANY_BIT, libc::O_PATH as u32, 0, 1), allow(), notify()]
        }
        Test::OpenFlags { flags } => {
            vec![load_low(flags), step(ANY_BIT, libc::O_PATH as u32, 1, 0), step(ANY_BIT, CHANGING, 1, 0), allow(), notify()]
        }
        Test::SocketFamily => sockets(switches),
        Test::PairFamily => unix_streams(Errno::OPNOTSUPP),
        Test::CloneFlags => vec![load_low(0), step(ANY_BIT, NAMESPACES & !NEW_TIME, 0, 1), deny(Errno::PERM), allow()],
        Test::UnshareFlags => vec![load_low(0), step(ANY_BIT, NAMESPACES, 0, 1), deny(Errno::PERM), allow()],
        Test::PrctlOption => vec![load_low(0), step(EQUAL, libc::PR_SET_MM as u32, 0, 1), deny(Errno::PERM), allow()],
        Test::Personality => {
            vec![load_low(0), step(EQUAL, 0, 2, 0), step(EQUAL, u32::MAX, 1, 0), deny(Errno::PERM), allow()]
        }
        Test::SeccompFlags => {
            let listener = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER as u32;
            vec![load_low(1), step(ANY_BIT, listener, 0, 1), deny(Errno::BUSY), allow()]
        }
        Test::IoctlRequest => {
            let mut code = vec![load_low(1)];
            for (request, _) in DENIED_REQUESTS {
                code.extend([step(EQUAL, *request, 0, 1), deny(Errno::PERM)]);
            }
            for (request, _) in KNOWN_REQUESTS {
                code.extend([step(EQUAL, *request, 0, 1), allow()]);
            }
            code.push(step(AND, 0xFF00, 0, 0));
            for (kind, _) in FILE_SYSTEMS {
                code.extend([step(EQUAL, *kind, 0, 1), deny(Errno::NOTTY)]);
            }
            code.push(allow());
            code
        }
        Test::FcntlCommand => {
            let mut code = vec![load_low(1)];
            for command in DENIED_COMMANDS {
                code.extend([step(EQUAL, *command, 0, 1), deny(Errno::INVAL)]);
            }
            code.push(allow());
            code
        }
        // It would connect unseen.
        Test::SendFlags { flags } => {
            vec![load_low(flags), step(ANY_BIT, libc::MSG_FASTOPEN as u32, 0, 1), deny(Errno::OPNOTSUPP), allow()]
        }
    }
}

/// socket(family, type, protocol).
fn sockets(switches: Switches) -> Vec<Instruction> {
    let mut code = vec![load_low(0)];
    for family in FAMILIES {
        // Raw and packet types need a capability that nobody inside has; streams and datagrams are what remains.
        code.extend([step(EQUAL, family.cast_unsigned(), 0, 1), allow()]);
    }
    if switches.netlink {
        // Route only: asking for the namespace's own interfaces.
        let netlink = libc::AF_NETLINK as u32;
        code.extend([step(EQUAL, netlink, 0, 4), load_low(2), step(EQUAL, 0, 0, 1), allow()]);
        code.extend([deny(Errno::PROTONOSUPPORT)]);
    }
    let unix = unix_streams(Errno::PROTONOSUPPORT);
    code.extend([step(EQUAL, libc::AF_UNIX as u32, 1, 0), deny(Errno::AFNOSUPPORT)]);
    code.extend(unix);
    code
}

/// Allows streams and packets in sequence; a datagram socket could send to any path.
fn unix_streams(errno: Errno) -> Vec<Instruction> {
    vec![
        load_low(1),
        step(AND, 0xF, 0, 0),
        step(EQUAL, libc::SOCK_STREAM as u32, 2, 0),
        step(EQUAL, libc::SOCK_SEQPACKET as u32, 1, 0),
        deny(errno),
        allow(),
    ]
}

const fn step(code: u16, value: u32, yes: u8, no: u8) -> Instruction {
    Instruction { code, yes, no, value }
}

const fn load(offset: u32) -> Instruction {
    step(LOAD, offset, 0, 0)
}

/// The low half of an argument; every argument that is looked at is an int or a word of flags that fits.
const fn load_low(argument: u8) -> Instruction {
    load(16 + 8 * argument as u32)
}

const fn allow() -> Instruction {
    step(RETURN, libc::SECCOMP_RET_ALLOW, 0, 0)
}

const fn notify() -> Instruction {
    step(RETURN, libc::SECCOMP_RET_USER_NOTIF, 0, 0)
}

fn deny(errno: Errno) -> Instruction {
    let code = u32::try_from(errno.raw_os_error()).unwrap_or(0) & libc::SECCOMP_RET_DATA;
    step(RETURN, libc::SECCOMP_RET_ERRNO | code, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::table;

    /// What the kernel would do: runs the program over one call.
    fn run(code: &[Instruction], architecture: u32, number: u32, arguments: [u64; 6]) -> u32 {
        let mut data = vec![number, architecture, 0, 0];
        data.extend(arguments.iter().flat_map(|argument| [(*argument & 0xFFFF_FFFF) as u32, (*argument >> 32) as u32]));
        let (mut at, mut accumulator) = (0_usize, 0_u32);
        loop {
            let Instruction { code: operation, yes, no, value } = code[at];
            at += 1;
            let jump = |condition: bool| usize::from(if condition { yes } else { no });
            match operation {
                LOAD => accumulator = data[value as usize / 4],
                AND => accumulator &= value,
                EQUAL => at += jump(accumulator == value),
                AT_LEAST => at += jump(accumulator >= value),
                ANY_BIT => at += jump(accumulator & value != 0),
                JUMP => at += value as usize,
                RETURN => return value,
                other => unreachable!("{other}"),
            }
        }
    }

    fn filter() -> Vec<Instruction> {
        program(&table(), Switches::default())
    }

    fn errno(errno: Errno) -> u32 {
        libc::SECCOMP_RET_ERRNO | errno.raw_os_error() as u32
    }

    #[test]
    fn every_row_without_a_check_gets_what_the_table_says() {
        let code = filter();
        for row in table() {
            let expected = match row.rule {
                Rule::Allow => libc::SECCOMP_RET_ALLOW,
                Rule::Deny(denied) => errno(denied),
                Rule::Notify => libc::SECCOMP_RET_USER_NOTIF,
                Rule::Check(_) => continue,
            };
            assert_eq!(run(&code, NATIVE, row.number as u32, [0; 6]), expected, "{}: {}", row.name, row.why);
        }
        assert_eq!(run(&code, NATIVE, 4000, [0; 6]), errno(Errno::NOSYS), "what has no row");
    }

    #[test]
    fn other_architectures_and_x32_do_not_exist() {
        let code = filter();
        assert_eq!(run(&code, 0x4000_0003, 4, [0; 6]), errno(Errno::NOSYS));
        assert_eq!(run(&code, NATIVE, X32 | 1, [0; 6]), errno(Errno::NOSYS));
    }

    #[test]
    fn arguments_decide_where_the_table_says_so() {
        let code = filter();
        let call = |number: i64, arguments: [u64; 6]| run(&code, NATIVE, number as u32, arguments);
        let (allow, notify) = (libc::SECCOMP_RET_ALLOW, libc::SECCOMP_RET_USER_NOTIF);
        let open = |flags: i32| call(libc::SYS_openat, [0, 0, flags as u64, 0, 0, 0]);
        assert_eq!(open(libc::O_RDONLY | libc::O_CLOEXEC), allow);
        for flags in [libc::O_WRONLY, libc::O_RDWR, libc::O_CREAT, libc::O_TRUNC, libc::O_TMPFILE] {
            assert_eq!(open(flags), notify, "{flags:o}");
        }
        assert_eq!(open(libc::O_PATH | libc::O_RDWR), allow);
        let socket = |family: i32, kind: i32| call(libc::SYS_socket, [family as u64, kind as u64, 0, 0, 0, 0]);
        assert_eq!(socket(libc::AF_INET, libc::SOCK_DGRAM), allow);
        assert_eq!(socket(libc::AF_UNIX, libc::SOCK_STREAM | libc::SOCK_CLOEXEC), allow);
        assert_eq!(socket(libc::AF_UNIX, libc::SOCK_DGRAM), errno(Errno::PROTONOSUPPORT));
        for family in [libc::AF_NETLINK, libc::AF_PACKET, libc::AF_VSOCK, libc::AF_ALG, libc::AF_BLUETOOTH] {
            assert_eq!(socket(family, libc::SOCK_RAW), errno(Errno::AFNOSUPPORT), "{family}");
        }
        let clone = |flags: i32| call(libc::SYS_clone, [flags as u64, 0, 0, 0, 0, 0]);
        assert_eq!(clone(libc::CLONE_VM | libc::SIGCHLD), allow);
        assert_eq!(clone(libc::CLONE_NEWUSER | libc::SIGCHLD), errno(Errno::PERM));
        let ioctl = |request: u64| call(libc::SYS_ioctl, [0, request, 0, 0, 0, 0]);
        assert_eq!(ioctl(0x5401), allow);
        assert_eq!(ioctl(0x5412), errno(Errno::PERM));
        assert_eq!(ioctl(0xFFFF_FFFF_0000_5412), errno(Errno::PERM), "the kernel looks at the low half");
        for (request, expected) in [
            (0x4004_9409_u64, allow),
            (0x8008_6601, allow),
            (0x5000_940E, errno(Errno::NOTTY)),
            (0x5000_9401, errno(Errno::NOTTY)),
            (0x800C_6613, errno(Errno::NOTTY)),
            (0x4008_7602, errno(Errno::PERM)),
        ] {
            assert_eq!(ioctl(request), expected, "{request:x}");
        }
        let fcntl = |command: i32| call(libc::SYS_fcntl, [0, command as u64, 0, 0, 0, 0]);
        assert_eq!((fcntl(libc::F_SETLK), fcntl(libc::F_SETLEASE)), (allow, errno(Errno::INVAL)));
        let send = |flags: i32| call(libc::SYS_sendto, [0, 0, 0, flags as u64, 0, 0]);
        assert_eq!((send(libc::MSG_NOSIGNAL), send(libc::MSG_FASTOPEN)), (allow, errno(Errno::OPNOTSUPP)));
        assert_eq!(call(libc::SYS_sendmsg, [0, 0, libc::MSG_FASTOPEN as u64, 0, 0, 0]), errno(Errno::OPNOTSUPP));
        let personality = |value: u64| call(libc::SYS_personality, [value, 0, 0, 0, 0, 0]);
        assert_eq!((personality(0), personality(0xFFFF_FFFF), personality(0x40000)), (allow, allow, errno(Errno::PERM)));
    }

    #[test]
    fn reading_is_notified_where_the_plan_says() {
        let code = program(&table(), Switches { reads: true, ..Switches::default() });
        let open = |flags: i32| run(&code, NATIVE, libc::SYS_openat as u32, [0, 0, flags as u64, 0, 0, 0]);
        for flags in [libc::O_RDONLY, libc::O_DIRECTORY, libc::O_RDWR] {
            assert_eq!(open(flags), libc::SECCOMP_RET_USER_NOTIF, "{flags:o}");
        }
        assert_eq!(open(libc::O_PATH), libc::SECCOMP_RET_ALLOW);
    }

    #[test]
    fn netlink_is_for_routes_only_and_only_where_the_plan_says() {
        let code = program(&table(), Switches { netlink: true, ..Switches::default() });
        let socket = |protocol: u64| {
            run(&code, NATIVE, libc::SYS_socket as u32, [libc::AF_NETLINK as u64, libc::SOCK_RAW as u64, protocol, 0, 0, 0])
        };
        assert_eq!(socket(0), libc::SECCOMP_RET_ALLOW);
        assert_eq!(socket(4), errno(Errno::PROTONOSUPPORT));
    }
}
