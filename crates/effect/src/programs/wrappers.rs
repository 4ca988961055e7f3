//! Programs that start another program, whose name and arguments stand among their own: env, timeout, nice, nohup,
//! stdbuf, strace, chroot, flock, watch … A row says what comes before the other program.

use bailiwick_vocab::effect::{Deed, OpaqueCause, WriteMode};

use super::Program;
use crate::args::{Grammar, Parsed, asks_help, parse};
use crate::invocation::{Inner, Invocation, Sink, Word};

/// What stands before the program that is started.
#[derive(Clone, Copy)]
struct Wrapper {
    grammar: Grammar,
    /// Operands before the program.
    skip: usize,
    /// Options whose value is the directory it is started in.
    directory: &'static [&'static str],
    /// Options whose value is a file that is written.
    writes: &'static [&'static str],
    /// Rights that it takes, where it does.
    escalates: Option<&'static str>,
}

const fn plain(valued: &'static [&'static str]) -> Wrapper {
    Wrapper { grammar: Grammar::wrapper(valued), skip: 0, directory: &[], writes: &[], escalates: None }
}

const TIMEOUT: Wrapper = Wrapper { skip: 1, ..plain(&["k", "s", "kill-after", "signal"]) };
const NICE: Wrapper = plain(&["n", "adjustment"]);
const IONICE: Wrapper = plain(&["c", "n", "p", "P", "u", "class", "classdata", "pid", "pgid", "uid"]);
const STDBUF: Wrapper = plain(&["i", "o", "e", "input", "output", "error"]);
const TIME: Wrapper = Wrapper { writes: &["o", "output"], ..plain(&["o", "output", "f", "format"]) };
const FIRST: Wrapper = Wrapper { skip: 1, ..plain(&["T", "P", "D", "sched-runtime", "sched-deadline", "sched-period"]) };
const NUMACTL: Wrapper =
    plain(&["m", "N", "C", "i", "p", "P", "membind", "cpunodebind", "physcpubind", "interleave", "preferred", "preferred-many"]);
const PRLIMIT: Wrapper = plain(&["p", "pid", "o", "output"]);
const CPULIMIT: Wrapper = plain(&["l", "limit", "p", "pid", "e", "exe", "P", "path", "c"]);
const CHPST: Wrapper = plain(&["u", "U", "e", "n", "l", "L", "m", "d", "o", "p", "f", "c", "r", "t", "b", "/"]);
const STRACE: Wrapper = Wrapper {
    writes: &["o", "output"],
    ..plain(&[
        "o",
        "output",
        "e",
        "E",
        "env",
        "p",
        "attach",
        "s",
        "string-limit",
        "a",
        "columns",
        "u",
        "user",
        "b",
        "detach-on",
        "O",
        "S",
        "P",
        "I",
        "X",
        "U",
        "trace",
        "interruptible",
        "trace-path",
        "argv0",
        "kvm",
        "inject",
        "fault",
        "signal",
        "status",
        "quiet",
        "verbose",
        "abbrev",
        "raw",
        "read",
        "write",
        "decode-fds",
        "const-print-style",
        "summary-sort-by",
        "summary-columns",
        "summary-syscall-overhead",
    ])
};
const LTRACE: Wrapper = Wrapper {
    writes: &["o", "output"],
    ..plain(&[
        "o", "output", "a", "align", "A", "D", "e", "F", "config", "l", "library", "n", "indent", "p", "s", "u", "x", "w",
        "where",
    ])
};
const DTRUSS: Wrapper = plain(&["p", "n", "t", "b"]);
const LOADER: Wrapper =
    plain(&["library-path", "preload", "argv0", "inhibit-rpath", "audit", "glibc-hwcaps-prepend", "glibc-hwcaps-mask"]);
const PROXY: Wrapper = plain(&["f"]);
const EXEC: Wrapper = plain(&["a"]);
const SETARCH: Wrapper = plain(&[]);
const ARCH: Wrapper = plain(&["e", "d"]);
const CGEXEC: Wrapper = plain(&["g"]);
const RLWRAP: Wrapper = plain(&["b", "C", "D", "f", "F", "g", "H", "l", "m", "M", "O", "p", "P", "q", "s", "S", "t", "w", "z"]);
const VALGRIND: Wrapper = Wrapper { writes: &["log-file", "xml-file"], ..plain(&[]) };
const CHROOT: Wrapper = Wrapper { skip: 1, escalates: Some("chroot"), ..plain(&["u", "g", "G"]) };
const NAMESPACES: Wrapper = Wrapper {
    directory: &["w", "wd"],
    ..plain(&[
        "S",
        "G",
        "R",
        "root",
        "w",
        "wd",
        "setuid",
        "setgid",
        "propagation",
        "setgroups",
        "map-user",
        "map-group",
        "load-interp",
    ])
};
const NSENTER: Wrapper = Wrapper { escalates: Some("nsenter"), ..plain(&["t", "target", "S", "G", "setuid", "setgid"]) };
const SETPRIV: Wrapper = plain(&[
    "reuid",
    "regid",
    "ruid",
    "euid",
    "rgid",
    "egid",
    "groups",
    "inh-caps",
    "ambient-caps",
    "bounding-set",
    "securebits",
    "pdeathsig",
    "ptracer",
    "selinux-label",
    "apparmor-profile",
    "landlock-access",
    "landlock-rule",
    "seccomp-filter",
]);
const GOSU: Wrapper = Wrapper { skip: 1, escalates: Some("gosu"), ..plain(&[]) };
const SYSTEMD: Wrapper = Wrapper {
    directory: &["working-directory"],
    ..plain(&[
        "p",
        "property",
        "u",
        "unit",
        "E",
        "setenv",
        "M",
        "machine",
        "H",
        "host",
        "slice",
        "uid",
        "gid",
        "description",
        "working-directory",
        "what",
        "who",
        "why",
        "mode",
        "on-calendar",
        "on-active",
        "on-boot",
    ])
};
const CAFFEINATE: Wrapper = plain(&["t", "w"]);
const XVFB: Wrapper =
    Wrapper { writes: &["e", "error-file"], ..plain(&["e", "error-file", "n", "server-num", "s", "server-args", "f", "p", "w"]) };
const ENTR: Wrapper = plain(&[]);

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["env", "genv"], effects: env },
    Program { names: &["timeout", "gtimeout"], effects: |invocation, sink| TIMEOUT.wrap(invocation, sink) },
    Program { names: &["nice", "gnice", "renice"], effects: nice },
    Program { names: &["ionice"], effects: |invocation, sink| IONICE.wrap(invocation, sink) },
    Program {
        names: &[
            "nohup",
            "setsid",
            "fakeroot",
            "unbuffer",
            "linux64",
            "linux32",
            "dbus-run-session",
            "catchsegv",
            "nocache",
            "eatmydata",
            "winpty",
            "chronic",
            "torsocks",
            "tsocks",
            "busybox",
            "toybox",
            "coreutils",
            "command",
            "builtin",
        ],
        effects: |invocation, sink| plain(&[]).wrap(invocation, sink),
    },
    Program {
        names: &["ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "ld-linux.so.2", "ld-musl-x86_64.so.1", "ld-musl-aarch64.so.1"],
        effects: |invocation, sink| LOADER.wrap(invocation, sink),
    },
    Program { names: &["proxychains", "proxychains4"], effects: |invocation, sink| PROXY.wrap(invocation, sink) },
    Program { names: &["exec"], effects: |invocation, sink| EXEC.wrap(invocation, sink) },
    Program { names: &["setarch"], effects: setarch },
    Program { names: &["arch"], effects: |invocation, sink| ARCH.wrap(invocation, sink) },
    Program { names: &["cgexec"], effects: |invocation, sink| CGEXEC.wrap(invocation, sink) },
    Program { names: &["rlwrap"], effects: |invocation, sink| RLWRAP.wrap(invocation, sink) },
    Program { names: &["stdbuf", "gstdbuf"], effects: |invocation, sink| STDBUF.wrap(invocation, sink) },
    Program { names: &["time", "gtime"], effects: |invocation, sink| TIME.wrap(invocation, sink) },
    Program { names: &["taskset", "chrt", "faketime"], effects: placed },
    Program { names: &["numactl"], effects: |invocation, sink| NUMACTL.wrap(invocation, sink) },
    Program { names: &["prlimit"], effects: |invocation, sink| PRLIMIT.wrap(invocation, sink) },
    Program { names: &["cpulimit"], effects: |invocation, sink| CPULIMIT.wrap(invocation, sink) },
    Program { names: &["runcon"], effects: runcon },
    Program { names: &["strace"], effects: |invocation, sink| STRACE.wrap(invocation, sink) },
    Program { names: &["ltrace"], effects: |invocation, sink| LTRACE.wrap(invocation, sink) },
    Program { names: &["dtruss"], effects: |invocation, sink| DTRUSS.wrap(invocation, sink) },
    Program { names: &["valgrind"], effects: |invocation, sink| VALGRIND.wrap(invocation, sink) },
    Program { names: &["chroot", "gchroot"], effects: |invocation, sink| CHROOT.wrap(invocation, sink) },
    Program { names: &["unshare"], effects: |invocation, sink| NAMESPACES.wrap(invocation, sink) },
    Program { names: &["nsenter"], effects: |invocation, sink| NSENTER.wrap(invocation, sink) },
    Program { names: &["setpriv", "capsh"], effects: setpriv },
    Program { names: &["gosu", "su-exec", "setuidgid"], effects: |invocation, sink| GOSU.wrap(invocation, sink) },
    Program { names: &["chpst"], effects: |invocation, sink| CHPST.wrap(invocation, sink) },
    Program { names: &["systemd-inhibit"], effects: |invocation, sink| SYSTEMD.wrap(invocation, sink) },
    Program { names: &["systemd-run"], effects: systemd_run },
    Program { names: &["caffeinate"], effects: |invocation, sink| CAFFEINATE.wrap(invocation, sink) },
    Program { names: &["xvfb-run"], effects: |invocation, sink| XVFB.wrap(invocation, sink) },
    Program { names: &["entr"], effects: entr },
    Program { names: &["flock"], effects: flock },
];

impl Wrapper {
    fn wrap(&self, invocation: &Invocation<'_>, sink: &mut Sink) {
        if asks_help(invocation.args) {
            return;
        }
        let parsed = parse(invocation.args, &self.grammar);
        for path in parsed.values(self.writes) {
            sink.write(path, WriteMode::Replace);
        }
        if let Some(how) = self.escalates {
            sink.deed(Deed::Escalate { how: how.to_owned() }, invocation.span);
        }
        let words = parsed.operands_from(self.skip);
        start(words, parsed.value(self.directory), Vec::new(), invocation, sink);
        hidden(&parsed, invocation, sink);
    }
}

/// An option that cannot be seen may hold the program.
fn hidden(parsed: &Parsed, invocation: &Invocation<'_>, sink: &mut Sink) {
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "shell", &[], invocation.span);
    }
}

/// Starts `words`, in `directory`, with `env` on top.
pub(super) fn start(
    words: &[Word],
    directory: Option<&Word>,
    env: Vec<(String, Word)>,
    invocation: &Invocation<'_>,
    sink: &mut Sink,
) {
    if !words.is_empty() {
        let stdin = invocation.stdin.clone();
        sink.inner.push(Inner::Argv { words: words.to_vec(), stdin, cwd: directory.cloned(), env });
    }
}

/// `NAME=value` words at the beginning, and the rest.
pub(super) fn assignments(words: &[Word]) -> (Vec<(String, Word)>, &[Word]) {
    let mut env = Vec::new();
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        let name = first.text.split('=').next().unwrap_or("");
        let Some(value) = first.after(&format!("{name}=")).filter(|_| !name.is_empty() && !name.contains('/')) else { break };
        env.push((name.to_owned(), value));
        rest = after;
    }
    (env, rest)
}

fn env(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar {
        optional: &["block-signal", "default-signal", "ignore-signal"],
        ..Grammar::wrapper(&["u", "unset", "C", "chdir", "S", "split-string", "a", "argv0", "P"])
    };
    let parsed = parse(invocation.args, &grammar);
    hidden(&parsed, invocation, sink);
    if let Some(text) = parsed.value(&["S", "split-string"]) {
        // Split like a shell's words, without running anything; what cannot be split so simply is not followed.
        return env_string(text, &parsed, invocation, sink);
    }
    let (env, words) = assignments(&parsed.operands);
    start(words, parsed.value(&["C", "chdir"]), env, invocation, sink);
}

fn env_string(text: &Word, parsed: &Parsed, invocation: &Invocation<'_>, sink: &mut Sink) {
    if !text.known() || text.text.contains(['\'', '"', '\\', '$', '#']) {
        return sink.opaque(OpaqueCause::Dynamic, "shell", &[], text.span);
    }
    let split: Vec<Word> = text.text.split_whitespace().map(|word| Word::literal(word, text.span)).collect();
    let all: Vec<Word> = split.into_iter().chain(parsed.operands.iter().cloned()).collect();
    env(&Invocation { args: &all, ..invocation.clone() }, sink);
}

fn nice(invocation: &Invocation<'_>, sink: &mut Sink) {
    if invocation.name != "renice" {
        NICE.wrap(invocation, sink);
    }
}

/// A mask, priority or time stands before the program; `-p` is about a process that runs already.
fn placed(invocation: &Invocation<'_>, sink: &mut Sink) {
    if !parse(invocation.args, &FIRST.grammar).has(&["p", "pid"]) {
        FIRST.wrap(invocation, sink);
    }
}

/// A context stands before the program, unless options give its parts.
fn runcon(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parts = plain(&["t", "type", "u", "user", "r", "role", "l", "range"]);
    let by_parts =
        parse(invocation.args, &parts.grammar).has(&["t", "type", "u", "user", "r", "role", "l", "range", "c", "compute"]);
    Wrapper { skip: usize::from(!by_parts), ..parts }.wrap(invocation, sink);
}

/// An architecture may stand before the options.
fn setarch(invocation: &Invocation<'_>, sink: &mut Sink) {
    const NAMES: &[&str] =
        &["x86_64", "i386", "i486", "i586", "i686", "aarch64", "arm", "armv7l", "linux32", "linux64", "uname26", "ppc64le"];
    let args = match invocation.args {
        [first, rest @ ..] if NAMES.contains(&first.text.as_str()) => rest,
        args => args,
    };
    SETARCH.wrap(&Invocation { args, ..invocation.clone() }, sink);
}

/// `-s` hands the words to a shell.
fn entr(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &ENTR.grammar);
    if parsed.has(&["s"]) {
        return shell_line(&parsed.operands, invocation, sink);
    }
    ENTR.wrap(invocation, sink);
}

fn setpriv(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    if invocation.name == "capsh" {
        // `--` or `-c` hand the rest to a shell.
        let code = invocation.args.iter().position(|word| word.text == "-c").and_then(|at| invocation.args.get(at + 1));
        sink.deed(Deed::Escalate { how: "capsh".to_owned() }, invocation.span);
        return code.into_iter().for_each(|code| sink.shell(code));
    }
    SETPRIV.wrap(invocation, sink);
}

/// Runs as a service of its own: now, or later at a time.
fn systemd_run(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    sink.deed(Deed::Persist { how: "systemd".to_owned() }, invocation.span);
    if !parse(invocation.args, &SYSTEMD.grammar).has(&["user"]) {
        sink.deed(Deed::Escalate { how: "systemd-run".to_owned() }, invocation.span);
    }
    SYSTEMD.wrap(invocation, sink);
}

/// `flock FILE program …`, `flock FILE -c text`, `flock 9`.
fn flock(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::wrapper(&["w", "wait", "timeout", "E", "conflict-exit-code"]));
    let Some((lock, rest)) = parsed.operands.split_first() else { return };
    if !lock.text.bytes().all(|byte| byte.is_ascii_digit()) {
        sink.write(lock, WriteMode::Change);
    }
    match rest {
        [flag, code, ..] if flag.text == "-c" || flag.text == "--command" => sink.shell(code),
        words => start(words, None, Vec::new(), invocation, sink),
    }
}

/// Words joined with spaces and read by a shell.
pub(super) fn shell_line(words: &[Word], invocation: &Invocation<'_>, sink: &mut Sink) {
    if !words.is_empty() {
        let line: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        sink.shell(&Word::literal(line.join(" "), invocation.span));
    }
}
