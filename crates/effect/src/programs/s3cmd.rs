//! s3cmd and s5cmd: objects in buckets.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[Program { names: &["s3cmd", "s5cmd"], effects: |inv, sink| DESCRIBED.say(inv, sink) }];

const DESCRIBED: Described = Described {
    target: "bucket storage",
    host: "amazonaws.com",
    valued: "region access_key secret_key exclude include rexclude rinclude storage-class mime-type acl-grant acl-revoke numworkers profile",
    options: &[
        ("c|config|exclude-from|include-from|credentials-file", Value::Read),
        ("host|endpoint-url|host-bucket", Value::Host),
    ],
    dry: "n dry-run",
    verbs: &[
        ("ls, la, du, info, head, accesslog, getlifecycle, getpolicy, getcors, multipart, listmp, version", &[Act::Ask]),
        ("get, cat", &[Act::Ask, Act::Convert(0)]),
        ("put, cp, sync, mv, modify, move, pipe", &[Act::Convert(0), Act::Upload, Act::Change]),
        ("del, rm, rb, delete, abortmp, dellifecycle, delpolicy", &[Act::Destroy]),
        ("signurl, presign, sign", &[Act::Secret("signed address")]),
        ("run", &[Act::CodeFile("s5cmd", 0)]),
    ],
    ..Described::NEW
};
