//! The table of system calls: each one's number, what becomes of it, and why. In: nothing. Out: rows, sorted by number.
//! A call that has no row is answered "not implemented": what is newer than this table is not let through unread.

mod files;
mod memory;
mod network;
mod processes;
mod system;

use rustix::io::Errno;

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// The kernel does it, under Landlock.
    Allow,
    /// It fails with this error.
    Deny(Errno),
    /// The broker answers it.
    Notify,
    /// What becomes of it stands in its arguments.
    Check(Test),
}

/// How arguments decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Test {
    /// Notified where the flags could change something.
    OpenFlags {
        /// Which argument holds the flags.
        flags: u8,
    },
    /// Only families that end in the network namespace.
    SocketFamily,
    /// No pairs of datagram sockets.
    PairFamily,
    /// No namespace flags.
    CloneFlags,
    /// No namespace flags.
    UnshareFlags,
    /// Some options are denied.
    PrctlOption,
    /// Only a few values.
    Personality,
    /// No listener.
    SeccompFlags,
    /// Some requests are denied.
    IoctlRequest,
    /// Some commands are denied.
    FcntlCommand,
    /// Nothing is sent that connects by the way.
    SendFlags {
        /// Which argument holds the flags.
        flags: u8,
    },
}

/// One call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its number on this architecture.
    pub(crate) number: i64,
    /// What becomes of it.
    pub(crate) rule: Rule,
    /// Why; for those who review the table.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by people and tests"))]
    pub(crate) why: &'static str,
}

/// A row of the table; a function so that each stays on one line.
const fn row(name: &'static str, number: i64, rule: Rule, why: &'static str) -> Row {
    Row { name, number, rule, why }
}

/// Every row, sorted by number.
pub(crate) fn table() -> Vec<Row> {
    let groups = [
        files::ROWS,
        files::OLDER_ROWS,
        memory::ROWS,
        memory::OLDER_ROWS,
        network::ROWS,
        network::OLDER_ROWS,
        processes::ROWS,
        processes::OLDER_ROWS,
        system::ROWS,
        system::OLDER_ROWS,
    ];
    let mut rows: Vec<Row> = groups.concat();
    rows.sort_by_key(|row| row.number);
    rows
}

/// The name of a call, for what is told to people.
pub(crate) fn name(number: i64) -> &'static str {
    table().iter().find(|row| row.number == number).map_or("unknown", |row| row.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_has_two_rows_and_every_row_says_why() {
        let rows = table();
        for pair in rows.windows(2) {
            if let [first, second] = pair {
                assert_ne!(first.number, second.number, "{} and {}", first.name, second.name);
            }
        }
        assert!(rows.iter().all(|row| !row.why.is_empty()));
        assert!(rows.len() > 330, "{} rows", rows.len());
    }
}
