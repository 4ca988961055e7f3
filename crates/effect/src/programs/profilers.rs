//! perf, heaptrack, py-spy: programs run under a measure, processes looked into.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["perf"], effects: |inv, sink| PERF.say(inv, sink) },
    Program {
        names: &["heaptrack", "memray", "scalene", "kernprof", "pyinstrument", "samply", "flamegraph", "coz"],
        effects: |inv, sink| HEAPTRACK.say(inv, sink),
    },
    Program {
        names: &["py-spy", "rbspy", "austin", "jstack", "jmap", "jcmd", "jstat", "jinfo", "jps", "asprof", "phpspy"],
        effects: |inv, sink| PY_SPY.say(inv, sink),
    },
];

const PERF: Described = Described {
    valued: "e event F freq p pid c t C call-graph D delay r repeat",
    options: &[("o|output", Value::Write), ("i|input", Value::Read)],
    verbs: &[
        ("record, stat, trace, mem, c2c, lock, sched", &[Act::WriteAt("perf.data"), Act::Run(0)]),
        ("report, annotate, list, script, diff, evlist, buildid-list, test, top, kallsyms", &[Act::Ask]),
    ],
    ..Described::NEW
};

const HEAPTRACK: Described = Described {
    valued: "r m",
    wrapper: true,
    options: &[("o|output|outfile", Value::Write)],
    verbs: &[
        ("report, analyze, table, tree, summary, stats, load, display", &[Act::ReadTree(0)]),
        ("run", &[Act::RunWith("python", 0)]),
        ("record, collect", &[Act::Run(0)]),
    ],
    otherwise: &[Act::Run(0)],
    ..Described::NEW
};

const PY_SPY: Described = Described {
    valued: "p pid d duration r rate f format i",
    options: &[("o|output|dump", Value::Write)],
    verbs: &[("record, top", &[Act::Run(0)])],
    otherwise: &[Act::Ask],
    ..Described::NEW
};
