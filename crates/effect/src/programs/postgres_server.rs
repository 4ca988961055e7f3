//! pg_ctl, initdb, vacuumdb and other tools of a PostgreSQL server.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["pg_ctl", "pg_ctlcluster"], effects: |inv, sink| PG_CTL.say(inv, sink) },
    Program { names: &["initdb", "pg_createcluster"], effects: |inv, sink| INITDB.say(inv, sink) },
    Program {
        names: &[
            "pg_isready",
            "pg_config",
            "pg_amcheck",
            "pg_controldata",
            "pg_lsclusters",
            "pg_waldump",
            "pg_test_fsync",
            "pg_verifybackup",
        ],
        effects: |inv, sink| PG_ISREADY.say(inv, sink),
    },
    Program {
        names: &["dropuser", "pg_dropcluster", "pg_resetwal", "pg_rewind", "pg_archivecleanup"],
        effects: |inv, sink| DROPUSER.say(inv, sink),
    },
    Program {
        names: &[
            "createuser",
            "vacuumdb",
            "reindexdb",
            "clusterdb",
            "pgbench",
            "pg_upgrade",
            "pg_receivewal",
            "pg_recvlogical",
            "pgloader",
            "pg_repack",
            "pgbouncer",
            "pg_upgradecluster",
        ],
        effects: |inv, sink| CREATEUSER.say(inv, sink),
    },
];

const PG_CTL: Described = Described {
    valued: "D pgdata o l log w t m mode s U W",
    options: &[("l|log", Value::Write), ("o|options", Value::Read)],
    verbs: &[
        ("status", &[Act::Ask]),
        ("* * stop|restart|reload", &[Act::Change]),
        ("start, stop, restart, reload, promote, init, initdb", &[Act::Change]),
    ],
    ..Described::NEW
};

const INITDB: Described = Described {
    valued: "U E A locale auth username encoding pwfile",
    options: &[("D|pgdata", Value::WriteTree), ("pwfile", Value::Read)],
    otherwise: &[Act::WriteTree(0)],
    ..Described::NEW
};

const PG_ISREADY: Described = Described { valued: "h p U d D t", otherwise: &[Act::Ask], ..Described::NEW };

const DROPUSER: Described = Described {
    target: "postgresql",
    valued: "h p U D",
    options: &[("D", Value::WriteTree)],
    otherwise: &[Act::Destroy],
    ..Described::NEW
};

const CREATEUSER: Described = Described {
    target: "postgresql",
    valued: "h p U d t j c T s D host port username",
    options: &[("f|file|D", Value::Read)],
    otherwise: &[Act::Change],
    ..Described::NEW
};
