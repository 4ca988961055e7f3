//! azcopy: files to and from Azure's stores.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["azcopy"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "azure storage",
    host: "blob.core.windows.net",
    valued: "include-pattern exclude-pattern from-to log-level output-type overwrite put-md5 block-size-mb s2s-preserve-access-tier tenant-id",
    options: &[("list-of-files", Value::Read)],
    dry: "dry-run",
    verbs: &[
        ("list, jobs list|show, env, doc, login status", &[Act::Ask]),
        ("login, logout", &[Act::Configure("azure client")]),
        ("remove, rm", &[Act::Destroy]),
        ("copy, cp, c, sync", &[Act::Convert(0), Act::Upload, Act::Change]),
        ("make, set-properties, jobs", &[Act::Change]),
        ("benchmark, bench", &[Act::Upload]),
    ],
    ..Described::NEW
};
