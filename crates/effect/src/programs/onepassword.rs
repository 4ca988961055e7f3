//! op: 1Password's vaults.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["op"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "1password",
    valued: "account vault format session config cache fields category title tags",
    options: &[("o|out-file|output", Value::Write), ("i|in-file|env-file|template", Value::Read)],
    verbs: &[
        ("run", &[Act::Secret("1password items"), Act::Run(0)]),
        (
            "inject, read, item get, item share, document get, signin, connect token create, service-account create",
            &[Act::Secret("1password items")],
        ),
        (
            "whoami, vault list|get, item list, account list|get, user list, group list, document list, events-api, plugin list|inspect, environment list, item template",
            &[Act::Ask],
        ),
        ("item delete, vault delete, document delete, user delete|suspend, account forget, group delete", &[Act::Destroy]),
        ("plugin run", &[Act::Secret("1password items"), Act::Run(0)]),
        ("plugin, account, signout", &[Act::Configure("secret store")]),
    ],
    ..Described::NEW
};
