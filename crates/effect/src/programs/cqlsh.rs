//! cqlsh, clickhouse-client and other clients that speak a kind of SQL.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["cqlsh"], effects: |inv, sink| CQLSH.say(inv, sink) },
    Program { names: &["clickhouse-client", "clickhouse"], effects: |inv, sink| CLICKHOUSE_CLIENT.say(inv, sink) },
    Program {
        names: &[
            "usql",
            "sqlcmd",
            "snowsql",
            "snow",
            "trino",
            "presto",
            "beeline",
            "hive",
            "impala-shell",
            "spark-sql",
            "osql",
            "isql",
            "isql-fb",
            "firebird",
            "vsql",
            "rsql",
            "bteq",
            "db2",
            "cockroach-sql",
            "ysqlsh",
            "databricks-sql",
        ],
        effects: |inv, sink| USQL.say(inv, sink),
    },
];

const CQLSH: Described = Described {
    target: "cassandra",
    valued: "u p k keyspace username password encoding connect-timeout request-timeout",
    options: &[("f|file", Value::SqlFile), ("cqlshrc|credentials", Value::Read), ("e|execute", Value::Sql)],
    otherwise: &[Act::SqlInput],
    alone: Some(&[Act::SqlInput]),
    ..Described::NEW
};

const CLICKHOUSE_CLIENT: Described = Described {
    target: "clickhouse",
    valued: "h host port u user password d database format max_threads",
    options: &[("q|query", Value::Sql), ("queries-file", Value::SqlFile), ("config-file|C", Value::Read)],
    verbs: &[("client|local", &[Act::SqlInput]), ("server|keeper", &[Act::Listen])],
    otherwise: &[Act::SqlInput],
    alone: Some(&[Act::SqlInput]),
    ..Described::NEW
};

const USQL: Described = Described {
    target: "database",
    valued: "S U P d h p u w s n database username password host port schema warehouse role account format v var",
    options: &[
        ("c|q|Q|e|execute|command|query", Value::Sql),
        ("i|f|file|filename|init-file", Value::SqlFile),
        ("o|out|output", Value::Write),
    ],
    otherwise: &[Act::SqlInput],
    alone: Some(&[Act::SqlInput]),
    ..Described::NEW
};
