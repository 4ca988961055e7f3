//! Names of PowerShell: aliases, verbs, words of the grammar, types and their members.

use bailiwick_vocab::effect::Hint;

/// Aliases by the cmdlet they stand for.
const ALIASES: &[(&str, &str)] = &[
    ("rm", "remove-item"),
    ("del", "remove-item"),
    ("erase", "remove-item"),
    ("rd", "remove-item"),
    ("ri", "remove-item"),
    ("rmdir", "remove-item"),
    ("sc", "set-content"),
    ("ac", "add-content"),
    ("clc", "clear-content"),
    ("cp", "copy-item"),
    ("copy", "copy-item"),
    ("cpi", "copy-item"),
    ("mv", "move-item"),
    ("move", "move-item"),
    ("mi", "move-item"),
    ("ren", "rename-item"),
    ("rni", "rename-item"),
    ("ni", "new-item"),
    ("md", "new-item"),
    ("mkdir", "new-item"),
    ("gc", "get-content"),
    ("cat", "get-content"),
    ("type", "get-content"),
    ("gci", "get-childitem"),
    ("ls", "get-childitem"),
    ("dir", "get-childitem"),
    ("gi", "get-item"),
    ("gp", "get-itemproperty"),
    ("sp", "set-itemproperty"),
    ("rp", "remove-itemproperty"),
    ("si", "set-item"),
    ("cli", "clear-item"),
    ("sls", "select-string"),
    ("echo", "write-output"),
    ("write", "write-output"),
    ("iwr", "invoke-webrequest"),
    ("wget", "invoke-webrequest"),
    ("curl", "invoke-webrequest"),
    ("irm", "invoke-restmethod"),
    ("iex", "invoke-expression"),
    ("icm", "invoke-command"),
    ("ii", "invoke-item"),
    ("start", "start-process"),
    ("saps", "start-process"),
    ("kill", "stop-process"),
    ("spps", "stop-process"),
    ("spsv", "stop-service"),
    ("sasv", "start-service"),
    ("gps", "get-process"),
    ("ps", "get-process"),
    ("gsv", "get-service"),
    ("cd", "set-location"),
    ("chdir", "set-location"),
    ("sl", "set-location"),
    ("pushd", "push-location"),
    ("popd", "pop-location"),
    ("pwd", "get-location"),
    ("gl", "get-location"),
    ("?", "where-object"),
    ("where", "where-object"),
    ("%", "foreach-object"),
    ("foreach", "foreach-object"),
    ("select", "select-object"),
    ("sort", "sort-object"),
    ("group", "group-object"),
    ("measure", "measure-object"),
    ("ft", "format-table"),
    ("fl", "format-list"),
    ("fw", "format-wide"),
    ("oh", "out-host"),
    ("tee", "tee-object"),
    ("gm", "get-member"),
    ("gcm", "get-command"),
    ("compare", "compare-object"),
    ("diff", "compare-object"),
    ("sleep", "start-sleep"),
    ("cls", "clear-host"),
    ("clear", "clear-host"),
    ("history", "get-history"),
    ("man", "get-help"),
    ("help", "get-help"),
    ("gal", "get-alias"),
    ("gv", "get-variable"),
    ("sv", "set-variable"),
    ("set", "set-variable"),
    ("gu", "get-unique"),
    ("gwmi", "get-wmiobject"),
    ("sajb", "start-job"),
    ("ipmo", "import-module"),
    ("sal", "set-alias"),
    ("nal", "new-alias"),
    ("epcsv", "export-csv"),
    ("ipcsv", "import-csv"),
    ("rvpa", "resolve-path"),
    ("iwmi", "invoke-wmimethod"),
];

/// A command's name in small letters, without a module before it or `.exe` behind.
pub(super) fn plain(name: &str) -> String {
    let lower = name.trim_matches(['\'', '"']).to_ascii_lowercase();
    let lower = lower.strip_suffix(".exe").map_or(lower.clone(), str::to_owned);
    match lower.rsplit_once('\\') {
        Some((_, name)) if name.contains('-') && !name.ends_with(".ps1") => name.to_owned(),
        Some(_) | None => lower,
    }
}

/// What an alias stands for.
pub(super) fn cmdlet(name: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, cmdlet)| cmdlet)
}

/// Words that open a block or end one.
pub(super) fn is_grammar(name: &str) -> bool {
    matches!(
        name,
        "if" | "else"
            | "elseif"
            | "for"
            | "while"
            | "do"
            | "until"
            | "switch"
            | "try"
            | "catch"
            | "finally"
            | "function"
            | "filter"
            | "return"
            | "param"
            | "begin"
            | "process"
            | "end"
            | "break"
            | "continue"
            | "throw"
            | "exit"
            | "trap"
            | "in"
            | "class"
            | "enum"
    ) || name.starts_with("if(")
        || name.starts_with("while(")
        || name.starts_with("foreach(")
        || name.starts_with("for(")
}

/// Whether a name is a verb and a noun.
pub(super) fn has_verb(name: &str) -> bool {
    let Some((verb, noun)) = name.split_once('-') else { return false };
    VERBS.contains(&verb) && !noun.is_empty() && !noun.contains(['/', '.'])
}

/// The verbs that cmdlets begin with.
const VERBS: &[&str] = &[
    "add",
    "approve",
    "assert",
    "backup",
    "block",
    "build",
    "checkpoint",
    "clear",
    "close",
    "compare",
    "complete",
    "compress",
    "confirm",
    "connect",
    "convert",
    "convertfrom",
    "convertto",
    "copy",
    "debug",
    "deny",
    "deploy",
    "disable",
    "disconnect",
    "dismount",
    "edit",
    "enable",
    "enter",
    "exit",
    "expand",
    "export",
    "find",
    "format",
    "get",
    "grant",
    "group",
    "hide",
    "import",
    "initialize",
    "install",
    "invoke",
    "join",
    "limit",
    "lock",
    "measure",
    "merge",
    "mount",
    "move",
    "new",
    "open",
    "optimize",
    "out",
    "ping",
    "pop",
    "protect",
    "publish",
    "push",
    "read",
    "receive",
    "redo",
    "register",
    "remove",
    "rename",
    "repair",
    "request",
    "reset",
    "resize",
    "resolve",
    "restart",
    "restore",
    "resume",
    "revoke",
    "save",
    "search",
    "select",
    "send",
    "set",
    "show",
    "skip",
    "sort",
    "split",
    "start",
    "step",
    "stop",
    "submit",
    "suspend",
    "switch",
    "sync",
    "tee",
    "test",
    "trace",
    "unblock",
    "undo",
    "uninstall",
    "unlock",
    "unprotect",
    "unpublish",
    "unregister",
    "update",
    "use",
    "wait",
    "watch",
    "where",
    "write",
];

/// What a cmdlet that is not known may do, by its verb.
pub(super) fn verb_hints(name: &str) -> &'static [Hint] {
    match name.split('-').next().unwrap_or_default() {
        "remove" | "clear" | "format" | "reset" | "uninstall" | "unregister" | "dismount" | "revoke" | "disable" | "stop"
        | "initialize" => &[Hint::Deletes],
        "invoke" | "start" | "restart" | "enter" | "install" | "register" | "use" | "import" => &[Hint::Runs],
        "send" | "publish" | "connect" | "push" | "submit" | "request" => &[Hint::Network],
        "get" | "test" | "find" | "show" | "measure" | "compare" | "select" | "resolve" | "read" | "search" | "convertto"
        | "convertfrom" => &[],
        _ => &[Hint::Writes],
    }
}

/// What a method of a value may do; `None` where nobody knows.
pub(super) fn method(name: &str) -> Option<Vec<Hint>> {
    Some(match name.rsplit(['.', ':', ')', ' ']).next().unwrap_or(name) {
        "tostring" | "trim" | "trimend" | "trimstart" | "split" | "replace" | "substring" | "tolower" | "toupper"
        | "contains" | "startswith" | "endswith" | "indexof" | "padleft" | "padright" | "add" | "count" | "containskey"
        | "gettype" | "equals" | "adddays" | "addhours" | "tostring()" | "length" | "getenumerator" | "join" | "insert"
        | "lastindexof" | "tochararray" | "foreach" | "where" => Vec::new(),
        "delete" | "remove" | "clear" => vec![Hint::Deletes],
        "downloadstring" | "downloadfile" | "downloaddata" | "uploadstring" | "uploadfile" | "uploaddata" | "getstream"
        | "connect" | "send" | "getasync" | "postasync" | "openread" => vec![Hint::Network],
        "start" | "run" | "exec" | "create" | "shellexecute" => vec![Hint::Runs],
        "invoke" | "invokescript" | "load" | "createinstance" | "getmethod" | "invokemember" | "addscript" => vec![Hint::Dynamic],
        "write" | "writeline" | "save" | "copyto" | "moveto" | "setvalue" => vec![Hint::Writes],
        _ => return None,
    })
}

/// Types that only reckon.
pub(super) fn is_plain_type(kind: &str) -> bool {
    matches!(
        kind,
        "math"
            | "string"
            | "int"
            | "int32"
            | "int64"
            | "long"
            | "double"
            | "float"
            | "decimal"
            | "char"
            | "bool"
            | "byte"
            | "byte[]"
            | "string[]"
            | "datetime"
            | "timespan"
            | "guid"
            | "version"
            | "environment"
            | "io.path"
            | "regex"
            | "text.regularexpressions.regex"
            | "uri"
            | "pscustomobject"
            | "ordered"
            | "array"
            | "hashtable"
            | "void"
            | "switch"
            | "psobject"
            | "runtime.interopservices.runtimeinformation"
            | "convert"
            | "text.encoding"
            | "bitconverter"
            | "console"
            | "object"
            | "xml"
            | "int[]"
            | "cmdletbinding"
            | "parameter"
    ) || kind.starts_with("parameter(")
        || kind.starts_with("validate")
}

/// Members of plain types that change something, or hide what is read.
pub(super) fn sets(kind: &str, member: &str) -> bool {
    (kind == "environment" && (member.starts_with("set") || member.starts_with("exit") || member.starts_with("failfast")))
        || (kind == "convert" && member.starts_with("frombase64"))
}

/// What a type is there for.
pub(super) fn type_hints(kind: &str, member: &str) -> &'static [Hint] {
    if kind.starts_with("net.") {
        &[Hint::Network]
    } else if kind.starts_with("diagnostics.process") {
        &[Hint::Runs]
    } else if kind.starts_with("io.") && member.starts_with("delete") {
        &[Hint::Deletes]
    } else if kind.starts_with("io.") {
        &[Hint::Writes]
    } else {
        &[Hint::Dynamic]
    }
}

/// What a member of the file types does.
pub(super) enum FileAct {
    /// Reads the first argument.
    Read,
    /// Writes it.
    Write,
    /// Removes it.
    Delete,
}

/// `ReadAllText`, `WriteAllBytes`, `Delete`; `None` for what takes two paths or is not known.
pub(super) fn file_act(member: &str) -> Option<FileAct> {
    let name = member.split('(').next().unwrap_or(member);
    if name.starts_with("read")
        || name == "exists"
        || name.starts_with("get")
        || name.starts_with("enumerate")
        || name == "openread"
        || name == "opentext"
    {
        Some(FileAct::Read)
    } else if name.starts_with("write")
        || name.starts_with("append")
        || name.starts_with("create")
        || name.starts_with("set")
        || name == "openwrite"
    {
        Some(FileAct::Write)
    } else if name == "delete" {
        Some(FileAct::Delete)
    } else {
        None
    }
}
