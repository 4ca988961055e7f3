//! prettier: files written anew in one form.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] =
    &[Program { names: &["prettier", "prettierd", "pretty-quick"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    valued: "parser tab-width print-width stdin-filepath log-level end-of-line trailing-comma cache-location",
    options: &[("config|plugin|ignore-path", Value::Foreign)],
    flags: &[("w|write", &[Act::Edit(0)])],
    shows: "find-config-path support-info file-info",
    otherwise: &[Act::ReadTree(0), Act::Project],
    ..Described::NEW
};
