//! Programs that touch nothing which anybody guards: true, test, sleep, seq, whoami, uname, ps … They stand in the table
//! so that being known differs from being unknown.

use bailiwick_vocab::effect::Deed;

use super::Program;
use crate::args::{Grammar, parse};
use crate::invocation::{Invocation, Sink};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            ":",
            "true",
            "false",
            "test",
            "[",
            "sleep",
            "gsleep",
            "usleep",
            "seq",
            "gseq",
            "yes",
            "pwd",
            "gpwd",
            "realpath",
            "grealpath",
            "readlink",
            "greadlink",
            "which",
            "whereis",
            "type",
            "hash",
            "whoami",
            "id",
            "groups",
            "users",
            "who",
            "w",
            "last",
            "uname",
            "nproc",
            "uptime",
            "free",
            "vmstat",
            "iostat",
            "lscpu",
            "lsblk",
            "lsusb",
            "lspci",
            "df",
            "gdf",
            "ps",
            "pgrep",
            "top",
            "htop",
            "pstree",
            "lsof",
            "printenv",
            "logname",
            "tty",
            "stty",
            "tput",
            "clear",
            "reset",
            "cal",
            "expr",
            "factor",
            "tr",
            "gtr",
            "wait",
            "jobs",
            "bg",
            "fg",
            "disown",
            "umask",
            "ulimit",
            "set",
            "unset",
            "shift",
            "export",
            "local",
            "declare",
            "typeset",
            "readonly",
            "return",
            "break",
            "continue",
            "exit",
            "times",
            "locale",
            "getconf",
            "uuidgen",
            "whatis",
            "apropos",
            "tldr",
            "figlet",
            "cowsay",
            "numfmt",
            "pathchk",
            "sync",
            "netstat",
            "sw_vers",
            "system_profiler",
            "lsb_release",
            "mountpoint",
            "findmnt",
            "dmidecode",
            "getfacl",
            "lsattr",
            "runlevel",
            "getopt",
            "getopts",
            "shopt",
            "complete",
            "dirs",
            "help",
            "let",
            "read",
            "mapfile",
            "pidof",
            "nvidia-smi",
            "sar",
            "mpstat",
            "pmap",
            "slabtop",
        ],
        effects: |_, _| {},
    },
    Program { names: &["date", "gdate"], effects: date },
    Program { names: &["hostname"], effects: hostname },
    Program { names: &["ip"], effects: ip },
    Program { names: &["dmesg"], effects: dmesg },
];

fn configures(what: &str, invocation: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::Configure { what: what.to_owned() }, invocation.span);
}

fn date(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar {
        optional: &["iso-8601", "rfc-3339", "I"],
        ..Grammar::valued(&["d", "date", "f", "file", "r", "reference", "s", "set", "v", "z"])
    };
    let parsed = parse(invocation.args, &grammar);
    for path in parsed.values(&["f", "file", "r", "reference"]) {
        super::readers::read_path(path, false, sink);
    }
    let sets =
        parsed.operand(0).is_some_and(|word| word.known() && !word.text.starts_with('+')) && !parsed.has(&["j", "d", "v", "r"]);
    if parsed.has(&["s", "set"]) || sets {
        configures("clock", invocation, sink);
    }
}

fn hostname(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["F", "file"]));
    if !parsed.operands.is_empty() || parsed.has(&["F", "file"]) {
        configures("host-name", invocation, sink);
    }
}

fn ip(invocation: &Invocation<'_>, sink: &mut Sink) {
    const CHANGES: &[&str] = &["add", "del", "delete", "set", "flush", "replace", "change", "append", "a", "d", "s", "f", "exec"];
    let changes = invocation.args.iter().skip(1).any(|word| CHANGES.contains(&word.text.as_str()) || !word.known());
    if changes {
        configures("network", invocation, sink);
    }
    let runs = invocation.args.iter().position(|word| word.text == "exec").and_then(|at| invocation.args.get(at + 2..));
    runs.into_iter().for_each(|words| sink.run(words, invocation.stdin));
}

fn dmesg(invocation: &Invocation<'_>, sink: &mut Sink) {
    if parse(invocation.args, &Grammar::valued(&["f", "F", "l", "n", "s"])).has(&["C", "c", "clear", "read-clear", "n", "D", "E"])
    {
        configures("kernel-log", invocation, sink);
    }
}
