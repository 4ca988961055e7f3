//! gdb, lldb, rr: another program started under them, and commands of their own that may start anything.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "gdb",
            "gdb-multiarch",
            "cgdb",
            "rust-gdb",
            "lldb",
            "rust-lldb",
            "ipdb",
            "dlv",
            "pudb",
            "rr",
            "radare2",
            "r2",
            "rizin",
        ],
        effects: |inv, sink| GDB.say(inv, sink),
    },
    Program {
        names: &["bpftrace", "opensnoop", "execsnoop", "dtrace", "stap", "sysdig", "csysdig", "trace-cmd", "bpftool", "uftrace"],
        effects: |inv, sink| BPFTRACE.say(inv, sink),
    },
];

const GDB: Described = Described {
    valued: "p pid c core d directory b tty cd e exec s symbols D l n attach-pid arch k",
    one_dash: true,
    options: &[(
        "ex|eval-command|iex|init-eval-command|o|one-line|O|one-line-before-file|q|i|x|command|init-command|ix|S|source-before-file",
        Value::Script("debugger commands"),
    )],
    verbs: &[("record, replay, debug, test, exec, attach, connect", &[Act::Opaque(OpaqueCause::Script, "debugger")])],
    otherwise: &[Act::Opaque(OpaqueCause::Script, "debugger"), Act::ReadOne(0)],
    alone: Some(&[Act::Opaque(OpaqueCause::Dynamic, "debugger")]),
    ..Described::NEW
};

const BPFTRACE: Described = Described {
    valued: "e p n s",
    options: &[("c", Value::Shell), ("o", Value::Write)],
    verbs: &[("list, show", &[Act::Ask])],
    otherwise: &[Act::Escalate("kernel tracing")],
    alone: Some(&[Act::Escalate("kernel tracing")]),
    ..Described::NEW
};
