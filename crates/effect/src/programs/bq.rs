//! bq: questions to BigQuery, tables made and removed.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["bq"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "bigquery",
    host: "googleapis.com",
    valued: "project_id dataset_id location format max_results n schema description source_format replace time_partitioning_field destination_table job_id api maximum_bytes_billed",
    optional: &["replace", "use_legacy_sql"],
    options: &[("flagfile|service_account_credential_file|apilog", Value::Read)],
    dry: "dry_run",
    verbs: &[
        ("query", &[Act::Sql(0)]),
        ("ls, show, head, version, wait, get-iam-policy, help", &[Act::Ask]),
        ("rm, cancel", &[Act::Destroy]),
        ("extract", &[Act::Change]),
        ("load, insert", &[Act::Upload, Act::Change]),
        ("init, shell", &[Act::Configure("gcloud client")]),
    ],
    ..Described::NEW
};
