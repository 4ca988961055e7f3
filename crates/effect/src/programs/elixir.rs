//! mix, iex, elixir, rebar3: projects of Elixir and Erlang.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["mix"], effects: |inv, sink| MIX.say(inv, sink) },
    Program { names: &["elixir", "iex", "elixirc"], effects: |inv, sink| ELIXIR.say(inv, sink) },
    Program { names: &["erl", "escript", "erlc"], effects: |inv, sink| ERL.say(inv, sink) },
    Program { names: &["rebar3", "rebar", "gleam"], effects: |inv, sink| REBAR3.say(inv, sink) },
];

const MIX: Described = Described {
    host: "hex.pm",
    valued: "n sname app",
    verbs: &[
        ("ecto.drop, ecto.reset, ecto.rollback, ash.reset, ash_postgres.drop", &[Act::Project, Act::Destroy]),
        ("ecto.migrate, ecto.create, ecto.setup", &[Act::Project, Act::Change]),
        ("hex.publish", &[Act::Project, Act::Publish]),
        ("hex.user, hex.organization, hex.config", &[Act::Secret("hex key")]),
        ("run, eval", &[Act::Project]),
        ("archive.install, escript.install, local.hex, local.rebar", &[Act::Package("hex-package")]),
        ("deps.get, deps.update", &[Act::Fetch, Act::Project]),
        ("deps.clean", &[Act::DeleteTreeAt("deps")]),
        ("clean", &[Act::DeleteTreeAt("_build")]),
        ("new, phx.new", &[Act::Fetch, Act::WriteTreeAt(".")]),
        ("help, hex.info, hex.search, hex.outdated, deps, deps.tree, xref", &[Act::Project]),
        ("phx.server", &[Act::Project, Act::Listen]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const ELIXIR: Described = Described {
    valued: "r S pr pa pz name sname cookie o",
    options: &[("e|eval|rpc-eval", Value::Code("elixir")), ("r", Value::CodeFile("elixir")), ("o", Value::WriteTree)],
    flags: &[("S", &[Act::Project])],
    otherwise: &[Act::CodeFile("elixir", 0)],
    alone: Some(&[Act::Input("elixir")]),
    ..Described::NEW
};

const ERL: Described = Described {
    valued: "o I sname name setcookie pa pz s run",
    one_dash: true,
    options: &[("eval", Value::Code("erlang")), ("o", Value::WriteTree)],
    otherwise: &[Act::CodeFile("erlang", 0)],
    alone: Some(&[Act::Input("erlang")]),
    ..Described::NEW
};

const REBAR3: Described = Described {
    host: "hex.pm",
    verbs: &[
        ("hex publish, publish", &[Act::Project, Act::Publish]),
        ("new", &[Act::WriteTreeAt(".")]),
        ("clean", &[Act::DeleteTreeAt("_build")]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};
