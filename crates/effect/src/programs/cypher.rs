//! cypher-shell, couchdb, elasticsearch and other stores with clients of their own.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["cypher-shell", "neo4j-admin", "neo4j"], effects: |inv, sink| CYPHER_SHELL.say(inv, sink) },
    Program { names: &["elasticsearch-plugin", "kibana-plugin"], effects: |inv, sink| ELASTICSEARCH_PLUGIN.say(inv, sink) },
    Program { names: &["litestream"], effects: |inv, sink| LITESTREAM.say(inv, sink) },
    Program { names: &["memcached", "memcflush", "memcrm", "memcstat"], effects: |inv, sink| MEMCACHED.say(inv, sink) },
];

const CYPHER_SHELL: Described = Described {
    target: "neo4j",
    valued: "a address u username p password d database P format",
    options: &[("f|file", Value::Read)],
    verbs: &[
        ("status, version, console --help", &[Act::Ask]),
        ("database dump|backup", &[Act::WriteTreeAt(".")]),
        ("database load|import|restore, dbms set-initial-password", &[Act::Destroy]),
    ],
    otherwise: &[Act::Change],
    ..Described::NEW
};

const ELASTICSEARCH_PLUGIN: Described = Described {
    host: "artifacts.elastic.co",
    verbs: &[("list", &[Act::Ask]), ("install", &[Act::Package("elastic-plugin")]), ("remove", &[Act::Change])],
    ..Described::NEW
};

const LITESTREAM: Described = Described {
    target: "sqlite",
    valued: "config",
    options: &[("config", Value::Read), ("o", Value::Write)],
    verbs: &[
        ("databases, generations, snapshots, wal, version, ltx", &[Act::Ask]),
        ("replicate", &[Act::Upload]),
        ("restore", &[Act::WriteAt(".")]),
    ],
    ..Described::NEW
};

const MEMCACHED: Described =
    Described { target: "memcached", verbs: &[("flush", &[Act::Destroy])], otherwise: &[Act::Change], ..Described::NEW };
