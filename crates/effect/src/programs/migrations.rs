//! flyway, alembic, knex, sqlx and their kin: a database brought to another shape by a project's own steps.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["flyway", "liquibase"], effects: |inv, sink| FLYWAY.say(inv, sink) },
    Program { names: &["alembic", "yoyo"], effects: |inv, sink| ALEMBIC.say(inv, sink) },
    Program {
        names: &[
            "knex",
            "sequelize",
            "sequelize-cli",
            "typeorm",
            "drizzle-kit",
            "mikro-orm",
            "db-migrate",
            "node-pg-migrate",
            "umzug",
        ],
        effects: |inv, sink| KNEX.say(inv, sink),
    },
    Program {
        names: &["sqlx", "diesel", "dbmate", "goose-db", "atlas", "migrate", "sea-orm-cli", "tern", "refinery", "geni", "sqitch"],
        effects: |inv, sink| SQLX.say(inv, sink),
    },
    Program { names: &["prisma"], effects: |inv, sink| PRISMA.say(inv, sink) },
];

const FLYWAY: Described = Described {
    target: "database",
    valued: "url user password schemas locations configFiles target changelog-file username",
    options: &[("url", Value::Host)],
    verbs: &[
        ("info, validate, status, history, diff, version, check, updateSQL, update-sql", &[Act::Ask]),
        ("clean, dropAll, drop-all, rollback, undo, rollback-count", &[Act::Destroy]),
        ("migrate, update, baseline, repair, changelogSync, tag", &[Act::Project, Act::Change]),
    ],
    ..Described::NEW
};

const ALEMBIC: Described = Described {
    target: "database",
    valued: "c n x config",
    verbs: &[
        ("current, history, heads, show, branches, check, list", &[Act::Project]),
        ("downgrade, rollback", &[Act::Project, Act::Destroy]),
        ("upgrade, stamp, apply, mark", &[Act::Project, Act::Change]),
        ("revision, init, new, merge, edit", &[Act::Project]),
    ],
    ..Described::NEW
};

const KNEX: Described = Described {
    target: "database",
    valued: "env config url t d dataSource name schema out dialect",
    verbs: &[
        (
            "migrate:status, migrate:list, migration:show, db:migrate:status, check, introspect, generate, migrate:make, migration:create, migration:generate, seed:make, model:generate, init",
            &[Act::Project],
        ),
        (
            "db:drop, schema:drop, migrate:rollback, db:migrate:undo, db:migrate:undo:all, migration:revert, down, reset, migration:fresh, schema:fresh, db:seed:undo, drop",
            &[Act::Project, Act::Destroy],
        ),
    ],
    otherwise: &[Act::Project, Act::Change],
    ..Described::NEW
};

const SQLX: Described = Described {
    target: "database",
    valued: "D database-url url u d migrations-dir source path config-file env e dir to",
    options: &[("schema-file", Value::Write)],
    verbs: &[
        (
            "migrate info, migration list, status, version, print-schema, schema inspect, schema diff, migrate status, migrate lint, migrate hash, dump, prepare, wait, log",
            &[Act::Ask],
        ),
        (
            "database drop|reset, database setup, drop, down, rollback, migration revert|redo, migrate revert|down, schema clean, reset, revert",
            &[Act::Destroy],
        ),
        ("migration add|generate, migrate add|diff|new, new, add", &[Act::WriteTreeAt("migrations")]),
    ],
    otherwise: &[Act::Change],
    ..Described::NEW
};

const PRISMA: Described = Described {
    target: "database",
    valued: "schema name url preview-feature from-schema-datamodel to-schema-datamodel",
    flags: &[("force-reset|accept-data-loss", &[Act::Destroy])],
    verbs: &[
        (
            "generate, format, validate, version, studio, migrate status, migrate diff, db pull, init, debug",
            &[Act::Project, Act::WriteTreeAt("prisma")],
        ),
        ("migrate reset, db push --force-reset", &[Act::Project, Act::Destroy]),
        ("db execute", &[Act::Change]),
        ("migrate dev|deploy|resolve, db push|seed", &[Act::Project, Act::Change]),
    ],
    ..Described::NEW
};
