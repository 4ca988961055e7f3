//! temporal, airflow's kin, jenkins, argo: work started, watched, ended elsewhere.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program {
    names: &[
        "temporal",
        "tctl",
        "argo",
        "tkn",
        "jenkins-cli",
        "concourse",
        "prefect",
        "dagster",
        "dbt",
        "snakemake",
        "nextflow",
        "luigi",
        "mlflow",
        "ray",
        "kedro",
        "metaflow",
        "great_expectations",
        "conductor-cli",
        "n8n",
        "camunda",
        "zbctl",
        "kestra",
        "windmill",
    ],
    effects: |inv, sink| DESCRIBED.say(inv, sink),
}];

const DESCRIBED: Described = Described {
    target: "workflow",
    valued: "n namespace w workflow-id t type input i task-queue address config profile target select s models project-dir profiles-dir",
    options: &[("address", Value::Host), ("input-file|vars-file|f|filename", Value::Read)],
    verbs: &[
        (
            "workflow list|show|describe|count, list, get, logs, ls, status, describe, debug, docs generate, show, lint, config view|list, version, deps, parse, compile",
            &[Act::Project],
        ),
        ("workflow terminate|cancel|reset|delete, delete, terminate, stop, cancel, namespace delete, retry", &[Act::Destroy]),
        ("server, dev, start, ui, serve, worker", &[Act::Listen, Act::Project]),
        ("docs serve", &[Act::Listen, Act::Project]),
    ],
    otherwise: &[Act::Project, Act::Change],
    ..Described::NEW
};
