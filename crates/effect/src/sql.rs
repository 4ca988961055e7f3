//! The strongest kind of statement in a piece of SQL, and what it does beyond the database: SQL text in, a
//! [`Reading`] out. Skips comments and strings; knows words, not grammar, and takes a word in doubt for the stronger.

use bailiwick_vocab::effect::QueryKind;

/// What a piece of SQL may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The strongest statement's kind.
    pub kind: QueryKind,
    /// Whether the server or the client runs a program (`COPY … PROGRAM`, `\!`, `xp_cmdshell`, `.shell`).
    pub runs: bool,
    /// Whether the server or the client reads or writes files outside the database.
    pub files: bool,
}

/// Reads SQL, with the commands of `psql`, `mysql` and `sqlite3` among it.
#[must_use]
pub fn read(text: &str) -> Reading {
    let mut reading = Reading { kind: QueryKind::Read, runs: false, files: false };
    let rest = client_commands(text, &mut reading);
    for words in statements_of(&rest) {
        reading.kind = reading.kind.max(kind(&words));
        reading.runs |=
            has(&words, &["program"]) && has(&words, &["copy"]) || words.iter().any(|word| RUNNING.contains(&word.as_str()));
        reading.files |= touches_files(&words);
    }
    reading
}

/// Functions and procedures that start programs or load code.
const RUNNING: &[&str] = &[
    "xp_cmdshell",
    "sp_oacreate",
    "load_extension",
    "sys_exec",
    "sys_eval",
    "sp_execute_external_script",
    "plpython3u",
    "plpythonu",
    "plperlu",
    "edit",
    "fts3_tokenizer",
];
/// Functions that read or write the server's or the client's files.
const FILES: &[&str] = &[
    "outfile",
    "dumpfile",
    "infile",
    "load_file",
    "lo_import",
    "lo_export",
    "pg_read_file",
    "pg_read_binary_file",
    "pg_ls_dir",
    "pg_write_file",
    "pg_file_write",
    "readfile",
    "writefile",
    "bulk",
    "openrowset",
    "read_csv",
    "read_parquet",
    "read_text",
    "attach",
];
/// Functions that change something from inside a SELECT.
const CHANGING: &[&str] = &[
    "pg_terminate_backend",
    "pg_cancel_backend",
    "pg_reload_conf",
    "setval",
    "nextval",
    "set_config",
    "lo_unlink",
    "dblink_exec",
    "pg_drop_replication_slot",
    "pg_rotate_logfile",
    "query_to_xml",
    "dblink",
];

fn has(words: &[String], any: &[&str]) -> bool {
    words.iter().any(|word| any.contains(&word.as_str()))
}

fn touches_files(words: &[String]) -> bool {
    let copies = words.first().is_some_and(|word| word == "copy") && !has(words, &["stdin", "stdout"]);
    let vacuums = has(words, &["vacuum"]) && has(words, &["into"]);
    copies || vacuums || words.iter().any(|word| FILES.contains(&word.as_str()))
}

/// The kind of one statement.
fn kind(words: &[String]) -> QueryKind {
    let Some(first) = words.first() else { return QueryKind::Read };
    let stronger = words.iter().skip(1).fold(QueryKind::Read, |kind, word| kind.max(embedded(word, words)));
    match first.as_str() {
        "select" | "values" | "table" | "explain" | "with" | "copy" | "prepare" | "declare" | "pragma" => {
            stronger.max(of_reader(first, words))
        }
        "show" | "describe" | "desc" | "use" | "begin" | "start" | "commit" | "rollback" | "savepoint" | "release" | "end"
        | "fetch" | "close" | "analyze" | "checkpoint" | "listen" | "discard" | "help" | "abort" | "deallocate" | "move"
        | "unlisten" => QueryKind::Read,
        "insert" | "replace" | "merge" | "upsert" | "load" | "import" | "lock" | "notify" | "vacuum" | "reindex" | "optimize"
        | "refresh" | "unlock" | "cluster" => QueryKind::Write.max(stronger),
        "set" | "reset" => QueryKind::Write.max(stronger),
        "update" | "delete" => {
            if unconditional(words) {
                QueryKind::Destroy
            } else {
                QueryKind::Write
            }
        }
        "drop" | "truncate" | "flush" | "purge" | "shutdown" | "kill" => QueryKind::Destroy,
        "create" | "alter" | "grant" | "revoke" | "rename" | "comment" | "reassign" | "security" | "attach" | "detach"
        | "install" => {
            if has(words, &["drop", "truncate"]) {
                QueryKind::Destroy
            } else {
                QueryKind::Define
            }
        }
        _ => QueryKind::Unknown,
    }
}

/// What a statement that begins as a reader may still do.
fn of_reader(first: &str, words: &[String]) -> QueryKind {
    let copies_in = first == "copy" && has(words, &["from"]);
    let sets = first == "pragma" && has(words, &["=", "writable_schema", "wal_checkpoint", "optimize", "incremental_vacuum"]);
    let makes_table = first == "select" && has(words, &["into"]);
    if copies_in || sets || makes_table || has(words, CHANGING) { QueryKind::Write } else { QueryKind::Read }
}

/// A statement inside another (`WITH … DELETE`, `EXPLAIN ANALYZE UPDATE`, `PREPARE … AS INSERT`).
fn embedded(word: &str, words: &[String]) -> QueryKind {
    match word {
        "insert" | "merge" => QueryKind::Write,
        "update" | "delete" if !has(words, &["for"]) => {
            if unconditional(words) {
                QueryKind::Destroy
            } else {
                QueryKind::Write
            }
        }
        "drop" | "truncate" => QueryKind::Destroy,
        _ => QueryKind::Read,
    }
}

/// Without WHERE, or with one that says nothing (`WHERE 1=1`, `WHERE true`).
fn unconditional(words: &[String]) -> bool {
    let Some(at) = words.iter().rposition(|word| word == "where") else { return true };
    let condition: Vec<&str> = words.iter().skip(at + 1).map(String::as_str).collect();
    matches!(condition.as_slice(), [] | ["true"] | ["1"] | ["not", "false"] | ["1", "=", "1"] | ["?", "=", "?"])
        || matches!(condition.as_slice(), [a, "=", b] if a == b)
        || condition.windows(2).any(|pair| matches!(pair, ["or", "true"]))
        || condition.windows(4).any(|four| matches!(four, ["or", a, "=", b] if a == b))
}

/// Takes out the client's own commands: lines that begin with `.` (sqlite3), and `\x` anywhere outside strings (psql).
fn client_commands(text: &str, reading: &mut Reading) -> String {
    let mut rest = String::with_capacity(text.len());
    for line in text.lines() {
        let trimmed = line.trim_start();
        if let Some(command) = trimmed.strip_prefix('.').filter(|command| command.starts_with(|c: char| c.is_ascii_alphabetic()))
        {
            dot_command(command, reading);
        } else if let Some(command) = trimmed.strip_prefix('\\') {
            backslash_command(command, reading);
        } else {
            // A backslash command may follow SQL on the same line (`select 1 \g |sh`).
            if let Some(at) = line.find('\\').filter(|at| !in_string(line, *at)) {
                backslash_command(line.get(at + 1..).unwrap_or_default(), reading);
                rest.push_str(line.get(..at).unwrap_or_default());
            } else {
                rest.push_str(line);
            }
            rest.push('\n');
        }
    }
    rest
}

fn in_string(line: &str, at: usize) -> bool {
    line.get(..at).is_some_and(|before| before.matches('\'').count() % 2 == 1)
}

fn dot_command(command: &str, reading: &mut Reading) {
    let mut words = command.split_whitespace();
    let name = words.next().unwrap_or_default();
    // sqlite3 accepts any unambiguous beginning of a command's name.
    let is = |full: &str, least: usize| name.len() >= least && full.starts_with(name);
    if is("shell", 2) || is("system", 2) || is("load", 3) || words.clone().any(|word| word.starts_with('|')) {
        reading.runs = true;
    } else if !READING_DOTS.iter().any(|(full, least)| is(full, *least)) {
        reading.files = true;
        reading.kind = reading.kind.max(QueryKind::Write);
    }
}

/// Commands of sqlite3 that only show something, with the shortest beginning that means them.
#[rustfmt::skip]
const READING_DOTS: &[(&str, usize)] = &[
    ("tables", 2), ("schema", 3), ("mode", 2), ("headers", 2), ("indexes", 3), ("databases", 2), ("quit", 1), ("exit", 2),
    ("width", 1), ("timeout", 2), ("dump", 2), ("show", 3), ("help", 1), ("separator", 3), ("nullvalue", 1), ("timer", 2),
    ("echo", 2), ("bail", 3), ("stats", 2), ("eqp", 2), ("changes", 2), ("version", 2), ("print", 2), ("fullschema", 1), ("lint", 2),
];

fn backslash_command(command: &str, reading: &mut Reading) {
    let name: String = command.chars().take_while(|c| !c.is_whitespace()).collect();
    let piped = command.contains('|') || command.contains('`');
    match name.as_str() {
        _ if name.starts_with('!') || piped => reading.runs = true,
        "o" | "out" | "w" | "write" | "s" | "i" | "ir" | "include" | "include_relative" | "copy" | "g" | "gx" | "lo_export"
        | "lo_import" | "cd" | "T" | "tee" | "." | "source" | "log" => {
            reading.files |= command.trim() != name || !matches!(name.as_str(), "g" | "gx" | "s");
            reading.kind =
                reading.kind.max(if name == "i" || name == "ir" || name.starts_with("incl") || name == "." || name == "source" {
                    QueryKind::Unknown
                } else if name == "copy" && command.contains(" from ") {
                    QueryKind::Write
                } else {
                    QueryKind::Read
                });
        }
        "gexec" | "e" | "edit" | "ef" | "ev" | "setenv" | "password" | "P" | "pager" => reading.runs = true,
        _ => {}
    }
}

/// The words of each statement, lower case; strings become `?`, comments nothing. MySQL runs what stands in `/*! … */`.
fn statements_of(text: &str) -> Vec<Vec<String>> {
    let mut statements = Vec::new();
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (word, used) = token(rest, first);
        rest = rest.get(used.max(first.len_utf8())..).unwrap_or_default();
        match word.as_str() {
            "" => {}
            ";" => statements.push(std::mem::take(&mut words)),
            _ => words.push(word),
        }
    }
    statements.push(words);
    statements.retain(|words| !words.is_empty());
    statements
}

/// The first token and its length in bytes.
fn token(rest: &str, first: char) -> (String, usize) {
    if rest.starts_with("--") || first == '#' {
        return (String::new(), rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*!") || rest.starts_with("/*+") || rest.starts_with("/*M!") {
        let digits = rest.get(3..).unwrap_or_default();
        return (String::new(), 3 + digits.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit() || c == '!').len());
    }
    if rest.starts_with("/*") {
        return (String::new(), rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    if rest.starts_with("*/") {
        return (String::new(), 2);
    }
    if let Some(end) = dollar_quoted(rest) {
        // A body between dollars is code that a later call runs; as a DO block it runs now.
        return ("?".to_owned(), end);
    }
    match first {
        '\'' => ("?".to_owned(), quoted(rest, '\'')),
        '"' | '`' => ("\"name\"".to_owned(), quoted(rest, first)),
        ';' | '=' => (first.to_string(), 1),
        _ if first.is_alphanumeric() || first == '_' => {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            (rest.get(..end).unwrap_or_default().to_ascii_lowercase(), end)
        }
        _ => (String::new(), first.len_utf8()),
    }
}

/// Up to and with the closing quote; a doubled or escaped one does not close.
fn quoted(rest: &str, quote: char) -> usize {
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' {
            // An escape in MySQL, a plain letter in standard SQL: `'\'` ends there. The shorter string shows more SQL.
            continue;
        }
        if letter == quote {
            if letters.peek().is_some_and(|(_, next)| *next == quote) {
                letters.next();
            } else {
                return at + quote.len_utf8();
            }
        }
    }
    rest.len()
}

fn dollar_quoted(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('$')?;
    let end = inner
        .find('$')
        .filter(|end| inner.get(..*end).is_some_and(|tag| tag.chars().all(|c| c.is_alphanumeric() || c == '_')))?;
    let tag = rest.get(..end + 2)?;
    let body = rest.get(tag.len()..)?;
    body.find(tag).map(|at| tag.len() + at + tag.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bailiwick_vocab::effect::QueryKind::{Define, Destroy, Read, Unknown, Write};

    fn kind_of(sql: &str) -> QueryKind {
        read(sql).kind
    }

    #[test]
    fn readers_read() {
        for sql in [
            "SELECT 1",
            "select * from t where a = 'drop table x'",
            "EXPLAIN SELECT 1;",
            "show tables",
            "PRAGMA table_info(t)",
            "-- drop\nselect 1",
            "/* delete from t */ select 1",
            "WITH a AS (SELECT 1) SELECT * FROM a",
            "select 1;;",
            "\\dt",
            ".tables",
            "select \"delete\" from t",
            "select * from t for update",
            "COPY t TO STDOUT",
        ] {
            assert_eq!(read(sql), Reading { kind: Read, runs: false, files: false }, "{sql}");
        }
    }

    #[test]
    fn the_strongest_statement_counts() {
        assert_eq!(kind_of("select 1; insert into t values (1)"), Write);
        assert_eq!(kind_of("insert into t values (1); drop table t"), Destroy);
        assert_eq!(kind_of("create table t (a int)"), Define);
        assert_eq!(kind_of("alter table t drop column a"), Destroy);
        assert_eq!(kind_of("frobnicate"), Unknown);
    }

    #[test]
    fn a_condition_must_say_something() {
        assert_eq!(kind_of("delete from t where id = 1"), Write);
        assert_eq!(kind_of("DELETE FROM t"), Destroy);
        assert_eq!(kind_of("update t set a = 1"), Destroy);
        assert_eq!(kind_of("delete from t where 1=1"), Destroy);
        assert_eq!(kind_of("delete from t where 'a'='a'"), Destroy);
        assert_eq!(kind_of("delete from t where id = 1 or 1=1"), Destroy);
    }

    #[test]
    fn a_reader_may_carry_a_writer() {
        assert_eq!(kind_of("with gone as (delete from t returning *) select * from gone"), Destroy);
        assert_eq!(kind_of("explain analyze delete from t where a = 2"), Write);
        assert_eq!(kind_of("select * into copy_of_t from t"), Write);
        assert_eq!(kind_of("/*!50000 drop */ table t"), Destroy);
        assert_eq!(kind_of("select pg_terminate_backend(1)"), Write);
        assert_eq!(kind_of("select 'it''s'; drop table t"), Destroy);
        assert_eq!(kind_of("select '\\'; drop table t; --'"), Destroy);
    }

    #[test]
    fn programs_and_files_outside_are_seen() {
        assert!(read("COPY t FROM PROGRAM 'id'").runs);
        assert!(read("\\! id").runs);
        assert!(read("select 1 \\g |sh").runs);
        assert!(read(".shell id").runs);
        assert!(read("select load_extension('x')").runs);
        assert!(read("exec xp_cmdshell 'dir'").runs);
        assert!(read("select 1 into outfile '/tmp/x'").files);
        assert!(read("COPY t TO '/tmp/x'").files);
        assert!(read(".output /tmp/x").files);
        assert!(read("load data infile '/etc/passwd' into table t").files);
    }

    #[test]
    fn odd_text_is_read_to_its_end() {
        for sql in ["'", "\"", "/*", "$$", "$a$ x", "--", "\\", ".", "é'é", ""] {
            let _ = read(sql);
        }
        assert_eq!(kind_of("do $$ begin delete from t; end $$"), Unknown);
    }
}
