//! wrangler: Cloudflare's workers, buckets, databases.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["wrangler"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "cloudflare",
    host: "api.cloudflare.com",
    valued: "c config e env name cwd compatibility-date var define port ip command ttl",
    options: &[("file|env-file|command-file|path", Value::Read), ("outdir|output", Value::WriteTree)],
    dry: "dry-run",
    verbs: &[
        ("dev, pages dev", &[Act::Project, Act::Listen]),
        ("login, logout", &[Act::Configure("hosting client")]),
        ("init, generate", &[Act::Fetch, Act::WriteTreeAt(".")]),
        ("types", &[Act::WriteAt("worker-configuration.d.ts")]),
        (
            "whoami, tail, deployments, versions list|view, kv key get|list, kv namespace list, r2 bucket list|info, d1 list|info, d1 migrations list, pages project list, pages deployment list, secret list, queues list, check, docs, telemetry",
            &[Act::Ask],
        ),
        ("rollback, deployments rollback, versions deploy, triggers deploy", &[Act::Change]),
        ("r2 object get", &[Act::Ask, Act::WriteAt(".")]),
        ("r2 object put", &[Act::Upload, Act::Change]),
        ("r2 object delete", &[Act::Destroy]),
        ("kv:key delete, kv key delete, d1 delete, delete, secret delete, pages project delete", &[Act::Destroy]),
        ("d1 execute", &[Act::Change]),
        ("deploy, publish, pages deploy", &[Act::Project, Act::Upload, Act::Change]),
    ],
    ..Described::NEW
};
