//! redis-cli, mongosh and their dump and restore programs: data stores whose commands are not SQL.

use bailiwick_vocab::effect::{Deed, OpaqueCause, QueryKind, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Stdin, Word};
use crate::programs::Program;
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["redis-cli", "valkey-cli", "keydb-cli"], effects: redis },
    Program { names: &["mongosh", "mongo"], effects: mongo },
    Program { names: &["mongodump", "mongorestore", "mongoexport", "mongoimport"], effects: mongo_tool },
];

const REDIS: Grammar = Grammar {
    valued: &[
        "h",
        "p",
        "s",
        "a",
        "u",
        "r",
        "i",
        "n",
        "d",
        "D",
        "t",
        "eval",
        "user",
        "pass",
        "rdb",
        "functions-rdb",
        "cacert",
        "cert",
        "key",
        "pattern",
        "cluster",
    ],
    stop_at_operand: true,
    ..Grammar::PLAIN
};

#[rustfmt::skip]
const REDIS_READS: &[&str] = &[
    "GET", "MGET", "KEYS", "SCAN", "EXISTS", "TTL", "PTTL", "TYPE", "STRLEN", "GETRANGE", "HGET", "HGETALL", "HMGET", "HKEYS", "HVALS", "HLEN",
    "HEXISTS", "HSCAN", "LRANGE", "LLEN", "LINDEX", "SMEMBERS", "SCARD", "SISMEMBER", "SSCAN", "ZRANGE", "ZCARD", "ZSCORE", "ZRANK", "ZSCAN",
    "ZRANGEBYSCORE", "XRANGE", "XLEN", "XINFO", "XREAD", "INFO", "PING", "DBSIZE", "TIME", "ECHO", "LASTSAVE", "ROLE", "RANDOMKEY", "COMMAND",
    "LOLWUT", "BITCOUNT", "GETBIT", "PFCOUNT", "DUMP", "OBJECT", "MEMORY", "MONITOR", "SUBSCRIBE", "PSUBSCRIBE", "SLOWLOG",
];
const REDIS_DESTROYS: &[&str] = &["FLUSHALL", "FLUSHDB", "SHUTDOWN", "SWAPDB", "FAILOVER"];

fn redis(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) || matches!(inv.args, [only] if only.text == "-v" || only.text == "-h") {
        return;
    }
    let parsed = args::parse(inv.args, &REDIS);
    let mut kind = redis_command(inv, &parsed.operands, sink);
    for word in parsed.values(&["eval"]) {
        sink.read(word);
        kind = QueryKind::Unknown;
    }
    for word in parsed.values(&["rdb", "functions-rdb"]) {
        sink.write(word, WriteMode::Replace);
    }
    if parsed.has(&["pipe", "x", "X", "cluster"]) || parsed.uncertain {
        kind = kind.max(QueryKind::Unknown);
    }
    let from_url = parsed.value(&["u"]).map(|word| url::parse(&word.text).map_or_else(|| "*".to_owned(), |url| url.host));
    let host = from_url.or_else(|| parsed.value(&["h"]).map(|word| word.text.clone())).unwrap_or_else(|| "localhost".to_owned());
    say("redis", &host, parsed.value(&["n"]).map_or("0", |word| &word.text), kind, inv, sink);
}

fn say(server: &str, host: &str, database: &str, kind: QueryKind, inv: &Invocation<'_>, sink: &mut Sink) {
    sink.connect(host, None, server, None, kind != QueryKind::Read, inv.span);
    sink.deed(Deed::Query { database: database.to_owned(), kind }, inv.span);
}

fn redis_command(inv: &Invocation<'_>, words: &[Word], sink: &mut Sink) -> QueryKind {
    let Some((verb, rest)) = words.split_first() else { return redis_input(inv) };
    let second = rest.first().map(|word| word.text.to_ascii_uppercase()).unwrap_or_default();
    let verb_name = verb.text.to_ascii_uppercase();
    match (verb_name.as_str(), second.as_str()) {
        (
            "CONFIG" | "CLIENT" | "ACL" | "CLUSTER" | "SCRIPT" | "FUNCTION" | "LATENCY" | "PUBSUB" | "MODULE",
            "GET" | "LIST" | "INFO" | "WHOAMI" | "NODES" | "HELP" | "STATS" | "NUMSUB" | "CHANNELS",
        ) => QueryKind::Read,
        // The server writes its dump wherever it is told to: a file of one's choice on that machine.
        ("CONFIG", "SET" | "REWRITE") | ("REPLICAOF" | "SLAVEOF" | "MIGRATE" | "DEBUG", _) => {
            sink.opaque(OpaqueCause::Dynamic, "redis", &[], verb.span);
            QueryKind::Unknown
        }
        ("MODULE" | "FUNCTION" | "EVAL" | "EVALSHA" | "FCALL" | "SCRIPT", _) => {
            sink.opaque(OpaqueCause::InlineCode, "lua", &[], verb.span);
            QueryKind::Unknown
        }
        (name, _) if REDIS_READS.contains(&name) => QueryKind::Read,
        (name, _) if REDIS_DESTROYS.contains(&name) => QueryKind::Destroy,
        (name, _) if verb.known() && name.chars().all(|c| c.is_ascii_alphabetic()) => QueryKind::Write,
        _ => QueryKind::Unknown,
    }
}

fn redis_input(inv: &Invocation<'_>) -> QueryKind {
    let Stdin::Text(text) = inv.stdin else { return QueryKind::Unknown };
    let kind = |line: &str| {
        let verb = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        if REDIS_DESTROYS.contains(&verb.as_str()) {
            QueryKind::Destroy
        } else if verb.is_empty() || REDIS_READS.contains(&verb.as_str()) {
            QueryKind::Read
        } else {
            QueryKind::Unknown
        }
    };
    if text.known() { text.text.lines().map(kind).max().unwrap_or(QueryKind::Read) } else { QueryKind::Unknown }
}

const MONGO: Grammar = Grammar {
    valued: &[
        "eval",
        "host",
        "port",
        "u",
        "p",
        "username",
        "authenticationDatabase",
        "authenticationMechanism",
        "f",
        "file",
        "uri",
        "d",
        "db",
        "c",
        "collection",
        "o",
        "out",
        "q",
        "query",
        "type",
        "fields",
    ],
    optional: &["archive", "password"],
    ..Grammar::PLAIN
};

fn mongo(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) {
        return;
    }
    let parsed = args::parse(inv.args, &MONGO);
    let codes = parsed.values(&["eval"]);
    let mut kind = codes.iter().map(|code| mongo_code(code, sink)).max().unwrap_or(QueryKind::Read);
    let scripts = parsed.operands.iter().filter(|word| word.text.ends_with(".js") || word.text.ends_with(".mongodb"));
    for word in scripts.chain(parsed.values(&["f", "file"])) {
        sink.inner.push(crate::invocation::Inner::CodeFile { language: "javascript", path: word.clone() });
        kind = QueryKind::Unknown;
    }
    if codes.is_empty() && kind == QueryKind::Read {
        kind = match inv.stdin {
            Stdin::Text(text) => mongo_code(text, sink),
            Stdin::File(_) | Stdin::Pipe | Stdin::Inherited => {
                sink.opaque(OpaqueCause::Dynamic, "javascript", &[], inv.span);
                QueryKind::Unknown
            }
        };
    }
    mongo_say(&parsed, kind, inv, sink);
}

fn mongo_say(parsed: &Parsed, kind: QueryKind, inv: &Invocation<'_>, sink: &mut Sink) {
    let address = parsed.value(&["uri"]).or_else(|| parsed.operands.iter().find(|word| word.text.starts_with("mongodb")));
    let from_address = address.map(|word| url::parse(&word.text).map_or_else(|| "*".to_owned(), |url| url.host));
    let host =
        from_address.or_else(|| parsed.value(&["host"]).map(|word| word.text.clone())).unwrap_or_else(|| "localhost".to_owned());
    let database = parsed.value(&["d", "db"]).filter(|word| word.known()).map_or("*", |word| &word.text);
    say("mongodb", &host, database, kind, inv, sink);
}

/// The shell's JavaScript. Only code whose every call is a known reader passes for reading.
fn mongo_code(code: &Word, sink: &mut Sink) -> QueryKind {
    let calls = calls(&code.text);
    let any = |names: &[&str]| calls.iter().any(|call| names.iter().any(|name| call == name));
    let reads = !calls.is_empty() && !code.text.contains('`') && calls.iter().all(|call| MONGO_READS.contains(&call.as_str()));
    let shows = code.text.trim().starts_with("show ") && !code.text.contains([';', '(']);
    let sweeps = any(&["deleteMany", "remove"]) && code.text.replace(' ', "").contains("({})");
    if code.known() && (reads || shows) {
        return QueryKind::Read;
    }
    if any(&["drop", "dropDatabase", "dropIndexes", "dropIndex", "shutdownServer", "dropUser"]) || sweeps {
        return QueryKind::Destroy;
    }
    if code.known()
        && !code.text.contains('`')
        && !calls.is_empty()
        && calls.iter().all(|call| MONGO_READS.contains(&call.as_str()) || MONGO_WRITES.contains(&call.as_str()))
    {
        return QueryKind::Write;
    }
    sink.code("javascript", code);
    QueryKind::Unknown
}

#[rustfmt::skip]
const MONGO_READS: &[&str] = &[
    "find", "findOne", "count", "countDocuments", "estimatedDocumentCount", "distinct", "limit", "sort", "skip", "toArray", "pretty", "stats",
    "getCollectionNames", "getCollection", "getSiblingDB", "getIndexes", "explain", "printjson", "print", "serverStatus", "status", "hello",
    "isMaster", "version", "getMongo", "listDatabases", "forEach", "map", "ObjectId", "ISODate", "projection", "size",
];
#[rustfmt::skip]
const MONGO_WRITES: &[&str] = &[
    "insert", "insertOne", "insertMany", "update", "updateOne", "updateMany", "deleteOne", "deleteMany", "remove", "replaceOne", "save",
    "findOneAndUpdate", "findOneAndDelete", "bulkWrite",
];

/// The names before each opening bracket.
fn calls(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (before, _) in code.match_indices('(').filter_map(|(at, bracket)| Some((code.get(..at)?, bracket))) {
        let trimmed = before.trim_end();
        let start = trimmed
            .rfind(|c: char| !c.is_alphanumeric() && c != '_')
            .map_or(0, |at| at + trimmed.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
        names.push(trimmed.get(start..).unwrap_or_default().to_owned());
    }
    names
}

fn mongo_tool(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) {
        return;
    }
    let parsed = args::parse(inv.args, &MONGO);
    let writes_here = matches!(inv.name, "mongodump" | "mongoexport");
    for word in parsed.values(&["o", "out", "archive", "file"]) {
        if writes_here { sink.write_tree(word, WriteMode::Replace) } else { sink.read_tree(word) }
    }
    if inv.name == "mongodump" && parsed.values(&["o", "out", "archive"]).is_empty() {
        sink.write_tree(&Word::literal("dump", inv.span), WriteMode::Replace);
    }
    let kind = match (writes_here, parsed.may_have(&["drop"])) {
        (true, _) => QueryKind::Read,
        (false, true) => QueryKind::Destroy,
        (false, false) => QueryKind::Write,
    };
    mongo_say(&parsed, kind, inv, sink);
}
