//! Calls on sockets. The sandbox has a network namespace of its own; what matters here is what passes it. In: nothing. Out: rows of the table; what a check looks at stands in `filter.rs`.

use crate::calls::Rule::{Allow, Check, Notify};
use crate::calls::{Row, Test, row};

/// On every architecture.
pub(super) const ROWS: &[Row] = &[
    row(
        "socket",
        libc::SYS_socket,
        Check(Test::SocketFamily),
        "internet sockets end in the namespace; datagrams to paths and other families do not",
    ),
    row("socketpair", libc::SYS_socketpair, Check(Test::PairFamily), "a pair of datagram sockets could still send to a path"),
    row("connect", libc::SYS_connect, Notify, "a path leads out of any network namespace"),
    row("bind", libc::SYS_bind, Notify, "a path leads out of any network namespace"),
    row(
        "sendto",
        libc::SYS_sendto,
        Check(Test::SendFlags { flags: 3 }),
        "acts on a socket that it has, but for one flag that connects it",
    ),
    row(
        "sendmsg",
        libc::SYS_sendmsg,
        Check(Test::SendFlags { flags: 2 }),
        "acts on a socket that it has, but for one flag that connects it",
    ),
    row(
        "sendmmsg",
        libc::SYS_sendmmsg,
        Check(Test::SendFlags { flags: 3 }),
        "acts on a socket that it has, but for one flag that connects it",
    ),
    row("recvfrom", libc::SYS_recvfrom, Allow, "acts on a socket that it has; none of them can send to a path"),
    row("recvmsg", libc::SYS_recvmsg, Allow, "acts on a socket that it has; none of them can send to a path"),
    row("recvmmsg", libc::SYS_recvmmsg, Allow, "acts on a socket that it has; none of them can send to a path"),
    row("accept", libc::SYS_accept, Allow, "acts on a socket that it has"),
    row("accept4", libc::SYS_accept4, Allow, "acts on a socket that it has"),
    row("listen", libc::SYS_listen, Allow, "acts on a socket that it has"),
    row("shutdown", libc::SYS_shutdown, Allow, "acts on a socket that it has"),
    row("getsockname", libc::SYS_getsockname, Allow, "acts on a socket that it has"),
    row("getpeername", libc::SYS_getpeername, Allow, "acts on a socket that it has"),
    row("setsockopt", libc::SYS_setsockopt, Allow, "acts on a socket that it has"),
    row("getsockopt", libc::SYS_getsockopt, Allow, "acts on a socket that it has"),
];

/// Calls that newer architectures left out.
#[cfg(target_arch = "x86_64")]
pub(super) const OLDER_ROWS: &[Row] = &[];

/// Calls that this architecture left out.
#[cfg(not(target_arch = "x86_64"))]
pub(super) const OLDER_ROWS: &[Row] = &[];
