//! psql, mysql, sqlite3, redis-cli, mongosh and their dump and restore programs: which server, what kind of statement,
//! which files. What the statement says is read by [`crate::sql`]; a script's file is not opened.

use bailiwick_vocab::effect::{Deed, Hint, OpaqueCause, QueryKind, WriteMode};

use crate::args::{self, Grammar, Parsed};
use crate::invocation::{Invocation, Sink, Stdin, Word};
use crate::programs::Program;
use crate::sql;
use crate::url;

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["psql", "pgcli"], effects: psql },
    Program { names: &["pg_dump", "pg_dumpall", "pg_restore", "createdb", "dropdb", "pg_basebackup"], effects: postgres_tool },
    Program { names: &["mysql", "mariadb", "mycli"], effects: mysql },
    Program { names: &["mysqldump", "mariadb-dump", "mysqladmin", "mysqlimport"], effects: mysql_tool },
    Program { names: &["sqlite3", "sqlite", "duckdb"], effects: sqlite },
];

const PSQL: Grammar = Grammar::valued(&[
    "c",
    "d",
    "f",
    "F",
    "h",
    "L",
    "o",
    "p",
    "P",
    "R",
    "T",
    "U",
    "v",
    "command",
    "dbname",
    "file",
    "field-separator",
    "host",
    "log-file",
    "output",
    "port",
    "pset",
    "record-separator",
    "table-attr",
    "username",
    "set",
    "variable",
    "j",
    "n",
    "N",
    "t",
    "D",
    "format",
    "jobs",
    "schema",
    "table",
    "pgdata",
    "exclude-table",
    "exclude-schema",
]);

/// In the dump and restore programs `-c` is a flag: drop before restoring.
const POSTGRES_TOOL: Grammar = Grammar::valued(&[
    "d",
    "f",
    "F",
    "h",
    "p",
    "U",
    "n",
    "N",
    "t",
    "T",
    "D",
    "j",
    "Z",
    "dbname",
    "file",
    "format",
    "host",
    "port",
    "username",
    "jobs",
    "schema",
    "table",
    "pgdata",
    "exclude-schema",
    "exclude-table",
    "exclude-table-data",
    "L",
    "use-list",
    "E",
    "encoding",
    "maintenance-db",
]);

/// What a client was asked, and where.
struct Asked<'a> {
    server: &'a str,
    host: String,
    database: String,
}

impl Asked<'_> {
    /// The query, and the connection that carries it.
    fn say(&self, kind: QueryKind, inv: &Invocation<'_>, sink: &mut Sink) {
        sink.connect(&self.host, None, self.server, None, kind != QueryKind::Read, inv.span);
        sink.deed(Deed::Query { database: self.database.clone(), kind }, inv.span);
    }
}

/// SQL given in the command; what it does outside the database is opaque.
pub(super) fn statement(word: &Word, sink: &mut Sink) -> QueryKind {
    let reading = sql::read(&word.text);
    if reading.runs {
        sink.opaque(OpaqueCause::InlineCode, "sql", &[Hint::Runs], word.span);
    }
    if reading.files {
        sink.opaque(OpaqueCause::InlineCode, "sql", &[Hint::Writes], word.span);
    }
    // An unknown stretch may end the statement and begin another.
    if word.known() { reading.kind } else { QueryKind::Unknown }
}

/// SQL over standard input, where no other is given.
pub(super) fn statement_from_input(inv: &Invocation<'_>, sink: &mut Sink) -> QueryKind {
    match inv.stdin {
        Stdin::Text(text) => statement(text, sink),
        Stdin::File(_) | Stdin::Pipe | Stdin::Inherited => {
            sink.opaque(OpaqueCause::Dynamic, "sql", &[], inv.span);
            QueryKind::Unknown
        }
    }
}

/// A script's file: read here, its statements not known.
pub(super) fn script(word: &Word, sink: &mut Sink) -> QueryKind {
    if word.text != "-" {
        sink.read(word);
    }
    sink.opaque(OpaqueCause::Script, "sql", &[], word.span);
    QueryKind::Unknown
}

fn psql(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &PSQL);
    if args::asks_help(inv.args) || parsed.has(&["V", "version", "?"]) {
        return;
    }
    let asked = postgres(inv, &parsed);
    for word in parsed.values(&["o", "output", "L", "log-file"]) {
        output(word, sink);
    }
    let commands = parsed.values(&["c", "command"]);
    let files = parsed.values(&["f", "file"]);
    let mut kind = QueryKind::Read;
    for word in &commands {
        kind = kind.max(statement(word, sink));
    }
    for word in &files {
        kind = kind.max(script(word, sink));
    }
    if commands.is_empty() && files.is_empty() && !parsed.has(&["l", "list"]) {
        kind = statement_from_input(inv, sink);
    }
    if parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "sql", &[], inv.span);
        kind = QueryKind::Unknown;
    }
    if inv.env("PSQLRC").is_some() || inv.env("PSQL_PAGER").is_some() {
        sink.opaque(OpaqueCause::Script, "sql", &[], inv.span);
    }
    asked.say(kind, inv, sink);
}

/// `-o FILE` or `-o '|COMMAND'`.
fn output(word: &Word, sink: &mut Sink) {
    match word.after("|") {
        Some(command) => sink.shell(&command),
        None => sink.write(word, WriteMode::Replace),
    }
}

fn postgres(inv: &Invocation<'_>, parsed: &Parsed) -> Asked<'static> {
    let given = parsed.value(&["d", "dbname"]).or_else(|| parsed.operand(0)).or_else(|| inv.env("PGDATABASE"));
    let (in_name, database) = given.map_or((None, "*".to_owned()), named_database);
    let host = parsed.value(&["h", "host"]).or_else(|| inv.env("PGHOST")).map(|word| word.text.clone());
    Asked { server: "postgresql", host: in_name.or(host).unwrap_or_else(|| "localhost".to_owned()), database }
}

/// `name`, `postgresql://user@host/name` or `host=… dbname=…`: host and name.
fn named_database(word: &Word) -> (Option<String>, String) {
    if !word.known() && !word.text.contains("://") {
        return (Some("*".to_owned()), "*".to_owned());
    }
    if word.text.contains("://") {
        let Some(url) = url::parse(&word.text) else { return (Some("*".to_owned()), "*".to_owned()) };
        let name = url.path.trim_start_matches('/').split('?').next().unwrap_or_default().to_owned();
        return (Some(url.host), name);
    }
    let field = |name: &str| word.text.split_whitespace().find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    let host = field("hostaddr").or_else(|| field("host")).map(str::to_owned);
    (host, field("dbname").unwrap_or(if word.text.contains('=') { "*" } else { &word.text }).to_owned())
}

fn postgres_tool(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) || matches!(inv.args, [only] if only.text == "-V") {
        return;
    }
    let parsed = args::parse(inv.args, &POSTGRES_TOOL);
    let asked = postgres(inv, &parsed);
    match inv.name {
        "dropdb" => asked.say(QueryKind::Destroy, inv, sink),
        "createdb" => asked.say(QueryKind::Define, inv, sink),
        "pg_restore" => {
            // Its operand is the dump.
            parsed.operands.iter().for_each(|word| sink.read(word));
            let kind = if parsed.may_have(&["c", "clean"]) { QueryKind::Destroy } else { QueryKind::Define };
            // Without a database it only prints.
            if parsed.has(&["d", "dbname"]) {
                asked.say(kind, inv, sink);
            }
        }
        _ => {
            for word in parsed.values(&["f", "file", "D", "pgdata"]) {
                sink.write_tree(word, WriteMode::Replace);
            }
            asked.say(QueryKind::Read, inv, sink);
        }
    }
}

const MYSQL: Grammar = Grammar {
    valued: &[
        "e",
        "h",
        "P",
        "u",
        "D",
        "S",
        "execute",
        "host",
        "port",
        "user",
        "database",
        "socket",
        "init-command",
        "defaults-file",
        "defaults-extra-file",
        "delimiter",
        "default-character-set",
        "result-file",
        "r",
        "where",
        "w",
        "tab",
        "T",
        "ignore-table",
        "tee",
        "plugin-dir",
        "ssl-ca",
        "ssl-cert",
        "ssl-key",
        "protocol",
    ],
    optional: &["p", "password", "pager", "ssl"],
    long_with_one_dash: false,
    stop_at_operand: false,
};

fn mysql_server(parsed: &Parsed, database: Option<&Word>) -> Asked<'static> {
    let host = parsed.value(&["h", "host"]).map_or("localhost", |word| &word.text).to_owned();
    let database = database.filter(|word| word.known()).map_or_else(|| "*".to_owned(), |word| word.text.clone());
    Asked { server: "mysql", host, database }
}

fn mysql(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &MYSQL);
    if args::asks_help(inv.args) || parsed.has(&["V", "version", "?"]) {
        return;
    }
    for word in parsed.values(&["defaults-file", "defaults-extra-file"]) {
        sink.read(word);
    }
    for word in parsed.values(&["tee"]) {
        sink.write(word, WriteMode::Change);
    }
    for word in parsed.values(&["pager"]) {
        sink.shell(word);
    }
    for word in parsed.values(&["plugin-dir"]) {
        sink.opaque(OpaqueCause::Script, "native", &[], word.span);
    }
    let commands: Vec<&Word> = parsed.values(&["e", "execute"]);
    let mut kind =
        parsed.values(&["init-command"]).into_iter().map(|word| statement(word, sink)).max().unwrap_or(QueryKind::Read);
    for word in &commands {
        kind = kind.max(statement(word, sink));
    }
    if commands.is_empty() {
        kind = kind.max(statement_from_input(inv, sink));
    }
    let kind = if parsed.uncertain { QueryKind::Unknown } else { kind };
    mysql_server(&parsed, parsed.value(&["D", "database"]).or_else(|| parsed.operand(0))).say(kind, inv, sink);
}

fn mysql_tool(inv: &Invocation<'_>, sink: &mut Sink) {
    if args::asks_help(inv.args) {
        return;
    }
    let parsed = args::parse(inv.args, &MYSQL);
    for word in parsed.values(&["r", "result-file", "tab", "T"]) {
        sink.write_tree(word, WriteMode::Replace);
    }
    let verb = parsed.operand(0).map_or("", |word| &word.text);
    let reads = ["status", "extended-status", "processlist", "ping", "version", "variables"];
    let kind = match inv.name {
        "mysqladmin" if reads.contains(&verb) => QueryKind::Read,
        "mysqladmin" if verb == "create" => QueryKind::Define,
        "mysqladmin" => QueryKind::Destroy,
        "mysqlimport" => QueryKind::Write,
        _ => QueryKind::Read,
    };
    if inv.name == "mysqlimport" {
        parsed.operands_from(1).iter().for_each(|word| sink.read(word));
    }
    let at = usize::from(inv.name == "mysqladmin");
    mysql_server(&parsed, parsed.operand(at)).say(kind, inv, sink);
}

const SQLITE: Grammar = Grammar {
    valued: &[
        "cmd",
        "init",
        "separator",
        "nullvalue",
        "newline",
        "mmap",
        "vfs",
        "lookaside",
        "pagecache",
        "maxsize",
        "c",
        "s",
        "f",
    ],
    long_with_one_dash: true,
    ..Grammar::PLAIN
};

fn sqlite(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = args::parse(inv.args, &SQLITE);
    if parsed.has(&["version", "help"]) {
        return;
    }
    let mut kind = QueryKind::Read;
    for word in parsed.values(&["init", "f"]) {
        kind = kind.max(script(word, sink));
    }
    let commands: Vec<&Word> = parsed.operands_from(1).iter().chain(parsed.values(&["cmd", "c", "s"])).collect();
    for word in &commands {
        kind = kind.max(statement(word, sink));
    }
    if parsed.operands.len() < 2 && !parsed.has(&["c", "s"]) {
        kind = kind.max(statement_from_input(inv, sink));
    }
    if parsed.options.iter().any(|(name, _)| name.starts_with('A')) || parsed.uncertain {
        sink.opaque(OpaqueCause::Dynamic, "sql", &[], inv.span);
        kind = QueryKind::Unknown;
    }
    let Some(file) = parsed.operand(0).filter(|word| !word.text.is_empty() && word.text != ":memory:") else { return };
    let reads = kind == QueryKind::Read || parsed.has(&["readonly"]);
    let file = file.after("file:").map_or_else(|| file.clone(), |file| until_question_mark(&file));
    if reads {
        sink.read(&file)
    } else {
        sink.write(&file, WriteMode::Change)
    }
    sink.deed(
        Deed::Query { database: file.text.clone(), kind: if parsed.has(&["readonly"]) { QueryKind::Read } else { kind } },
        inv.span,
    );
}

fn until_question_mark(word: &Word) -> Word {
    Word::literal(word.text.split('?').next().unwrap_or_default(), word.span)
}
