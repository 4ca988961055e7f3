//! ccache, sccache, distcc, bear: programs around a compiler.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &["ccache", "sccache", "distcc", "bear", "intercept-build", "scan-build", "icecc", "fastbuild", "compiledb"],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    valued: "o output d cache-dir M max-size o append",
    wrapper: true,
    options: &[("o|output", Value::Write)],
    flags: &[("s|show-stats|p|show-config|z|zero-stats|c|cleanup|C|clear|stop-server|start-server|V", &[Act::Ask])],
    otherwise: &[Act::Run(0)],
    ..Described::NEW
};
