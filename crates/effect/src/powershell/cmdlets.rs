//! What PowerShell's own commands do: the common ones that write, remove, start, reach out or set something, and those
//! that only show. `false` for a name that is none of them.

use bailiwick_vocab::effect::{Deed, Hint, OpaqueCause, Span, WriteMode};

use crate::invocation::{Inner, Sink, Stdin, UNKNOWN, Word};
use crate::url;

use super::words::{NULL, Piece};

/// A command's parameters and what stands without one.
pub(super) struct Arguments {
    named: Vec<(String, Option<Word>)>,
    plain: Vec<Word>,
}

/// Parameters that take no value.
const SWITCHES: &[&str] = &[
    "recurse",
    "force",
    "whatif",
    "confirm",
    "append",
    "nonewline",
    "raw",
    "verbose",
    "wait",
    "nonewwindow",
    "usebasicparsing",
    "directory",
    "file",
    "hidden",
    "passthru",
    "asjson",
    "quiet",
    "casesensitive",
    "simplematch",
    "allmatches",
    "list",
    "descending",
    "unique",
    "autosize",
    "noclobber",
    "notypeinformation",
    "name",
    "asjob",
    "disablekeepalive",
    "skipcertificatecheck",
    "all",
    "notmatch",
    "nowait",
    "compress",
    "ashashtable",
    "readonly",
    "container",
    "system",
    "leaf",
    "parent",
    "r",
    "rf",
    "fr",
    "f",
    "s",
    "q",
    "p",
    "a",
    "la",
    "al",
    "l",
    "h",
];

impl Arguments {
    pub(super) fn of(pieces: &[Piece], span: Option<Span>) -> Arguments {
        let mut arguments = Arguments { named: Vec::new(), plain: Vec::new() };
        let mut words = pieces.iter().peekable();
        while let Some(piece) = words.next() {
            let Piece::Word(word) = piece else { continue };
            let name = word.text.strip_prefix('-').filter(|name| name.starts_with(|first: char| first.is_ascii_alphabetic()));
            let Some(name) = name.map(str::to_ascii_lowercase) else {
                arguments.plain.push(Word { span, ..word.clone() });
                continue;
            };
            if let Some((name, value)) = name.split_once(':') {
                let value = word.text.split_once(':').map_or(value, |(_, value)| value);
                arguments.named.push((name.to_owned(), Some(Word::literal(value, span))));
                continue;
            }
            // `-Name` and `-File` are switches of some and take a value of others; a value that follows is kept as both.
            let takes = !SWITCHES.contains(&name.as_str());
            let value = match words.peek() {
                Some(Piece::Word(next)) if takes && !is_parameter(next) => {
                    let value = Word { span, ..next.clone() };
                    words.next();
                    Some(value)
                }
                Some(_) | None => None,
            };
            arguments.named.push((name, value));
        }
        arguments
    }

    /// The value of a parameter, under any beginning of its name.
    fn value(&self, names: &[&str]) -> Option<&Word> {
        self.named
            .iter()
            .find(|(given, value)| value.is_some() && names.iter().any(|name| name.starts_with(given.as_str())))
            .and_then(|(_, value)| value.as_ref())
    }

    fn has(&self, names: &[&str]) -> bool {
        self.named.iter().any(|(given, value)| {
            let off =
                value.as_ref().is_some_and(|value| value.text.eq_ignore_ascii_case("false") || value.text == UNKNOWN.to_string());
            !off && names.iter().any(|name| name.starts_with(given.as_str()))
        })
    }

    /// Whether everything below is meant: `-Recurse`, or `-rf` and `/s` as other shells have it.
    fn recurses(&self) -> bool {
        self.named.iter().any(|(given, _)| {
            given.contains('r') && ("recurse".starts_with(given.as_str()) || given.len() <= 2 || given == "recursive")
        }) || self.plain.iter().any(|word| word.text.eq_ignore_ascii_case("/s"))
    }

    /// Paths given by name or without one.
    fn paths(&self, span: Option<Span>) -> Vec<Word> {
        let named = self.value(&["path", "literalpath", "pspath", "filepath", "fullname"]).into_iter();
        named.chain(self.plain.iter().filter(|word| !is_flag(word))).map(|word| path(word, span)).collect()
    }
}

fn is_parameter(word: &Word) -> bool {
    word.text.strip_prefix('-').is_some_and(|name| name.starts_with(|first: char| first.is_ascii_alphabetic()))
}

/// `/s` and `/q` of `cmd`.
fn is_flag(word: &Word) -> bool {
    word.text.len() == 2 && word.text.starts_with('/')
}

/// A path with its slashes turned and its drive made a directory of the root.
pub(super) fn path(word: &Word, span: Option<Span>) -> Word {
    let text = word.text.trim_matches(['\'', '"']).replace('\\', "/");
    let drive =
        text.get(..2).is_some_and(|start| start.ends_with(':') && start.starts_with(|first: char| first.is_ascii_alphabetic()));
    let text = if drive { format!("/{text}") } else { text };
    let pattern = text.contains(['*', '?']).then(|| text.clone());
    Word { text, pattern, span }
}

/// What a command does, by the name of its cmdlet; whether it is known.
pub(super) fn effects(name: &str, arguments: &Arguments, gets: bool, span: Option<Span>, sink: &mut Sink) -> bool {
    if shows(name) {
        return true;
    }
    let found = files(name, arguments, gets, span, sink)
        || outward(name, arguments, gets, span, sink)
        || system(name, arguments, span, sink);
    if found && name == "start-process" && arguments.value(&["verb"]).is_some_and(|verb| verb.text.eq_ignore_ascii_case("runas"))
    {
        sink.deed(Deed::Escalate { how: "runas".to_owned() }, span);
    }
    found
}

/// Commands that only show, reckon or pass on what they get.
fn shows(name: &str) -> bool {
    matches!(
        name,
        "write-output"
            | "write-host"
            | "write-error"
            | "write-warning"
            | "write-verbose"
            | "write-debug"
            | "write-information"
            | "write-progress"
            | "out-host"
            | "out-null"
            | "out-string"
            | "out-default"
            | "where-object"
            | "foreach-object"
            | "select-object"
            | "sort-object"
            | "group-object"
            | "measure-object"
            | "measure-command"
            | "format-table"
            | "format-list"
            | "format-wide"
            | "format-custom"
            | "format-hex"
            | "get-member"
            | "get-command"
            | "get-help"
            | "get-alias"
            | "get-date"
            | "get-location"
            | "get-process"
            | "get-service"
            | "get-host"
            | "get-history"
            | "get-variable"
            | "get-random"
            | "get-unique"
            | "get-module"
            | "get-psdrive"
            | "get-culture"
            | "get-computerinfo"
            | "get-volume"
            | "get-disk"
            | "get-partition"
            | "get-netipaddress"
            | "get-netadapter"
            | "get-nettcpconnection"
            | "get-eventlog"
            | "get-winevent"
            | "get-wmiobject"
            | "get-ciminstance"
            | "get-executionpolicy"
            | "get-package"
            | "get-hotfix"
            | "get-scheduledtask"
            | "get-localuser"
            | "get-localgroup"
            | "get-timezone"
            | "get-uptime"
            | "get-error"
            | "get-job"
            | "test-connection"
            | "test-path"
            | "resolve-path"
            | "split-path"
            | "join-path"
            | "convert-path"
            | "compare-object"
            | "convertto-json"
            | "convertfrom-json"
            | "convertto-csv"
            | "convertfrom-csv"
            | "convertto-html"
            | "convertto-xml"
            | "convertfrom-stringdata"
            | "new-timespan"
            | "new-guid"
            | "start-sleep"
            | "clear-host"
            | "set-strictmode"
            | "set-variable"
            | "new-variable"
            | "remove-variable"
            | "read-host"
            | "wait-job"
            | "receive-job"
            | "add-member"
            | "show-command"
    )
}

fn files(name: &str, arguments: &Arguments, gets: bool, span: Option<Span>, sink: &mut Sink) -> bool {
    let paths = arguments.paths(span);
    let whatif = arguments.has(&["whatif"]) && arguments.named.iter().any(|(given, _)| given == "whatif" || given == "wi");
    match name {
        "get-content" | "get-item" | "import-csv" | "import-clixml" | "get-filehash" | "get-acl" | "get-itemproperty"
        | "test-json" => {
            paths.iter().filter(|path| !is_registry(&path.text)).for_each(|path| sink.read(path));
        }
        "get-childitem" | "select-string" => listed(name, arguments, gets, span, sink),
        "set-location" | "push-location" => sink.chdir = paths.first().cloned(),
        "pop-location" => {}
        _ if whatif && name.contains('-') => {}
        "remove-item" | "clear-item" | "remove-itemproperty" => removed(arguments, &paths, gets, span, sink),
        "set-content" | "out-file" | "clear-content" | "export-csv" | "export-clixml" | "tee-object" => {
            written(&paths, if arguments.has(&["append"]) { WriteMode::Change } else { WriteMode::Replace }, span, sink);
        }
        "add-content" => written(&paths, WriteMode::Change, span, sink),
        "new-item" => made(arguments, &paths, span, sink),
        "copy-item" | "move-item" | "rename-item" => moved(name, arguments, &paths, gets, span, sink),
        "set-acl" | "set-item" | "unblock-file" => {
            paths.iter().for_each(|path| sink.write(path, WriteMode::Metadata));
        }
        "set-itemproperty" | "new-itemproperty" => property(&paths, span, sink),
        "expand-archive" | "compress-archive" => archived(arguments, &paths, span, sink),
        _ => return false,
    }
    true
}

fn listed(name: &str, arguments: &Arguments, gets: bool, span: Option<Span>, sink: &mut Sink) {
    let mut paths = arguments.paths(span);
    if name == "select-string" {
        let first = usize::from(arguments.value(&["pattern"]).is_none() && arguments.value(&["path", "literalpath"]).is_none());
        paths.drain(..first.min(paths.len()));
    }
    if paths.is_empty() && !gets {
        paths.push(Word::literal(".", span));
    }
    for path in paths.iter().filter(|path| !is_registry(&path.text)) {
        if arguments.recurses() { sink.read_tree(path) } else { sink.read(path) }
    }
}

fn is_registry(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    ["env:", "function:", "alias:", "variable:", "hklm:", "hkcu:", "hkcr:", "hku:", "hkey_", "registry::"]
        .iter()
        .any(|hive| lower.trim_start_matches('/').starts_with(hive))
}

fn removed(arguments: &Arguments, paths: &[Word], gets: bool, span: Option<Span>, sink: &mut Sink) {
    if paths.is_empty() || gets {
        // What is removed comes through the pipe.
        let piped = Word::literal(UNKNOWN, span);
        sink.delete_tree(&piped);
    }
    for path in paths {
        if is_registry(&path.text) {
            sink.deed(Deed::Configure { what: "registry".to_owned() }, span);
        } else if arguments.recurses() {
            sink.delete_tree(path);
        } else {
            sink.delete(path);
        }
    }
}

fn written(paths: &[Word], mode: WriteMode, span: Option<Span>, sink: &mut Sink) {
    match paths.first() {
        Some(path) if path.text == NULL => {}
        Some(path) => sink.write(path, mode),
        None => sink.write(&Word::literal(UNKNOWN, span), mode),
    }
}

fn made(arguments: &Arguments, paths: &[Word], span: Option<Span>, sink: &mut Sink) {
    let name = arguments.value(&["name"]).or_else(|| arguments.plain.get(1));
    for path in paths.iter().take(1) {
        if is_registry(&path.text) {
            return sink.deed(Deed::Configure { what: "registry".to_owned() }, span);
        }
        let target = match name.filter(|_| arguments.value(&["path"]).is_some()) {
            Some(name) => Word::literal(format!("{}/{}", path.text, name.text), span),
            None => path.clone(),
        };
        sink.write(&target, WriteMode::Change);
    }
}

fn moved(name: &str, arguments: &Arguments, paths: &[Word], gets: bool, span: Option<Span>, sink: &mut Sink) {
    let named = arguments.value(&["destination", "newname"]).map(|word| path(word, span));
    let (sources, target) = match named {
        Some(target) => (paths, Some(target)),
        None if gets && paths.len() == 1 => (&[][..], paths.first().cloned()),
        None => (paths.get(..1).unwrap_or(paths), paths.get(1).cloned()),
    };
    let unknown = [Word::literal(UNKNOWN, span)];
    for source in if sources.is_empty() { &unknown[..] } else { sources } {
        if name == "copy-item" { sink.read_tree(source) } else { sink.delete_tree(source) }
    }
    let target = target.unwrap_or_else(|| Word::literal(".", span));
    sink.write_tree(&target, WriteMode::Replace);
}

/// A value in the registry; under `Run` it starts with the session.
fn property(paths: &[Word], span: Option<Span>, sink: &mut Sink) {
    for path in paths.iter().take(1) {
        let lower = path.text.to_ascii_lowercase();
        if !is_registry(&path.text) {
            sink.write(path, WriteMode::Metadata);
        } else if lower.contains("/run")
            || lower.contains("/winlogon")
            || lower.contains("/services")
            || lower.contains("image file execution")
        {
            sink.deed(Deed::Persist { how: "registry".to_owned() }, span);
        } else {
            sink.deed(Deed::Configure { what: "registry".to_owned() }, span);
        }
    }
    if paths.is_empty() {
        sink.deed(Deed::Configure { what: "registry".to_owned() }, span);
    }
}

fn archived(arguments: &Arguments, paths: &[Word], span: Option<Span>, sink: &mut Sink) {
    let here = Word::literal(".", span);
    let target =
        arguments.value(&["destinationpath"]).map(|word| path(word, span)).or_else(|| paths.get(1).cloned()).unwrap_or(here);
    paths.iter().take(1).for_each(|path| sink.read_tree(path));
    sink.write_tree(&target, WriteMode::Replace);
}

fn outward(name: &str, arguments: &Arguments, gets: bool, span: Option<Span>, sink: &mut Sink) -> bool {
    match name {
        "invoke-webrequest" | "invoke-restmethod" | "start-bitstransfer" => fetched(arguments, span, sink),
        "send-mailmessage" => {
            let to = arguments.value(&["to"]).map_or_else(|| "*".to_owned(), |word| word.text.clone());
            sink.deed(Deed::Send { channel: "mail".to_owned(), recipient: to }, span);
        }
        "invoke-expression" => match arguments.value(&["command"]).or_else(|| arguments.plain.first()).filter(|_| !gets) {
            Some(code) if code.known() && !code.text.starts_with('(') => sink.code("powershell", code),
            Some(_) | None => sink.opaque(OpaqueCause::Dynamic, "powershell", &[Hint::Runs, Hint::Dynamic], span),
        },
        "invoke-command" | "enter-pssession" | "new-pssession" => {
            match arguments.value(&["computername", "hostname", "session", "vmname"]) {
                Some(host) => {
                    sink.connect(&host.text, None, "winrm", None, true, span);
                    sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[Hint::Runs], span);
                }
                None if name == "invoke-command" => {}
                None => sink.opaque(OpaqueCause::Dynamic, "remote-shell", &[Hint::Runs], span),
            }
        }
        "start-process" | "invoke-item" => started(arguments, span, sink),
        "start-job" | "start-threadjob" => {}
        "import-module" | "add-type" | "install-module" | "install-package" | "install-script" | "update-module"
        | "new-object" => {
            loaded(name, arguments, span, sink);
        }
        _ => return false,
    }
    true
}

fn fetched(arguments: &Arguments, span: Option<Span>, sink: &mut Sink) {
    let address = arguments.value(&["uri", "source"]).or_else(|| arguments.plain.first());
    let method = arguments.value(&["method", "custommethod"]).map_or("GET".to_owned(), |word| word.text.to_ascii_uppercase());
    let sends = arguments.value(&["body", "infile", "form"]).is_some() || !matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS");
    let parsed = address.filter(|word| word.known()).and_then(|word| url::parse(&word.text));
    let (host, port, scheme) =
        parsed.map_or_else(|| ("*".to_owned(), None, "https".to_owned()), |url| (url.host, url.port, url.scheme));
    let scheme = if scheme.is_empty() { "https".to_owned() } else { scheme };
    sink.connect(&host, port, &scheme, Some(&method), sends, span);
    if let Some(file) = arguments.value(&["infile"]) {
        sink.read(&path(file, span));
    }
    if let Some(file) = arguments.value(&["outfile", "destination"]) {
        sink.write(&path(file, span), WriteMode::Replace);
    }
}

fn started(arguments: &Arguments, span: Option<Span>, sink: &mut Sink) {
    let program = arguments.value(&["filepath", "path"]).or_else(|| arguments.plain.first());
    let Some(program) = program else { return sink.opaque(OpaqueCause::Dynamic, "powershell", &[Hint::Runs], span) };
    if program.text.contains("://") {
        let host = url::parse(&program.text).map_or_else(|| "*".to_owned(), |url| url.host);
        return sink.connect(&host, None, "https", Some("GET"), false, span);
    }
    let mut words = vec![path(program, span)];
    let named = arguments.value(&["argumentlist", "args"]);
    let given = named.into_iter().chain(arguments.plain.iter().filter(|word| *word != program));
    words.extend(given.flat_map(|word| word.text.split_whitespace().map(|part| Word::literal(part, span)).collect::<Vec<_>>()));
    sink.run(&words, &Stdin::Inherited);
}

/// Modules and types that come from outside.
fn loaded(name: &str, arguments: &Arguments, span: Option<Span>, sink: &mut Sink) {
    let what = arguments.value(&["name", "typename", "comobject", "path"]).or_else(|| arguments.plain.first());
    let text = what.map_or(String::new(), |word| word.text.to_ascii_lowercase());
    match name {
        "install-module" | "install-package" | "install-script" | "update-module" => {
            sink.connect("www.powershellgallery.com", None, "https", Some("GET"), false, span);
            sink.opaque(OpaqueCause::Script, "powershell-module", &[], span);
        }
        "import-module" if text.contains(['/', '\\']) => {
            sink.inner.extend(what.map(|file| Inner::CodeFile { language: "powershell", path: path(file, span) }));
        }
        "import-module" => {}
        "new-object"
            if matches!(
                text.trim_start_matches("system."),
                "psobject"
                    | "pscustomobject"
                    | "collections.arraylist"
                    | "datetime"
                    | "text.stringbuilder"
                    | "object"
                    | "random"
                    | "collections.hashtable"
                    | "version"
            ) => {}
        "new-object" if text.contains("net.") => sink.opaque(OpaqueCause::InlineCode, "powershell", &[Hint::Network], span),
        "new-object" => sink.opaque(OpaqueCause::InlineCode, "powershell", &[Hint::Runs], span),
        _ => sink.opaque(OpaqueCause::InlineCode, "powershell", &[Hint::Dynamic], span),
    }
}

fn system(name: &str, arguments: &Arguments, span: Option<Span>, sink: &mut Sink) -> bool {
    let first = arguments.plain.first().or_else(|| arguments.value(&["name", "id", "drive", "driveletter", "number"]));
    let named = |usual: &str| first.map_or_else(|| usual.to_owned(), |word| word.text.replace(UNKNOWN, "*"));
    let deed = match name {
        "format-volume" | "clear-disk" | "initialize-disk" | "remove-partition" | "clear-recyclebin" | "resize-partition"
        | "set-partition" | "new-partition" => {
            sink.delete_tree(&Word::literal(format!("/{}:", named("*").trim_end_matches(':')), span));
            Deed::Configure { what: "disk".to_owned() }
        }
        "stop-process" | "wait-process" => Deed::Signal { process: named("*") },
        "stop-computer" | "restart-computer" => Deed::Configure { what: "power".to_owned() },
        "register-scheduledtask" | "new-scheduledtask" | "register-scheduledjob" | "set-scheduledtask" => {
            Deed::Persist { how: "scheduled task".to_owned() }
        }
        "new-service" | "set-service" => Deed::Persist { how: "service".to_owned() },
        "start-service" | "stop-service" | "restart-service" | "suspend-service" | "remove-service" => {
            Deed::Configure { what: "services".to_owned() }
        }
        "unregister-scheduledtask" | "disable-scheduledtask" | "enable-scheduledtask" => {
            Deed::Configure { what: "scheduled tasks".to_owned() }
        }
        "set-executionpolicy" => Deed::Configure { what: "execution policy".to_owned() },
        "set-mppreference"
        | "add-mppreference"
        | "set-netfirewallprofile"
        | "new-netfirewallrule"
        | "set-netfirewallrule"
        | "remove-netfirewallrule"
        | "disable-netfirewallrule" => Deed::Configure { what: "firewall".to_owned() },
        "new-localuser"
        | "add-localgroupmember"
        | "set-localuser"
        | "remove-localuser"
        | "disable-localuser"
        | "add-adgroupmember"
        | "new-aduser" => Deed::Configure { what: "accounts".to_owned() },
        "clear-eventlog" | "remove-eventlog" | "limit-eventlog" | "wevtutil" => Deed::Configure { what: "logs".to_owned() },
        "disable-computerrestore"
        | "enable-psremoting"
        | "set-wsmanquickconfig"
        | "set-dnsclientserveraddress"
        | "set-itemowner"
        | "set-timezone"
        | "set-date" => Deed::Configure { what: "system".to_owned() },
        "new-alias" | "set-alias" => {
            // Another command under a name that is read as its own later.
            sink.opaque(OpaqueCause::Dynamic, "powershell", &[Hint::Dynamic], span);
            return true;
        }
        "disable-windowsoptionalfeature" | "enable-windowsoptionalfeature" => Deed::Configure { what: "system".to_owned() },
        "get-credential" | "get-secret" | "convertfrom-securestring" => Deed::UseSecret { name: named("credential") },
        "get-clipboard" => Deed::UseSecret { name: "clipboard".to_owned() },
        "icacls" | "takeown" | "attrib" | "cacls" => {
            let recursive =
                arguments.plain.iter().any(|word| matches!(word.text.to_ascii_lowercase().as_str(), "/t" | "/r" | "/s"));
            for target in arguments.plain.iter().filter(|word| !word.text.starts_with('/') || word.text.len() > 8).take(1) {
                let target = path(target, span);
                if recursive { sink.write_tree(&target, WriteMode::Metadata) } else { sink.write(&target, WriteMode::Metadata) }
            }
            Deed::Configure { what: "permissions".to_owned() }
        }
        "format" | "format.com" => {
            sink.delete_tree(&Word::literal(format!("/{}", named("*")), span));
            Deed::Configure { what: "disk".to_owned() }
        }
        "cipher" | "fsutil" | "netsh" | "regsvr32" | "rundll32" | "mshta" | "certutil" | "bitsadmin" | "wbadmin" | "msiexec"
        | "cscript" | "wscript" | "regini" | "forfiles" | "installutil" | "odbcconf" => {
            sink.opaque(OpaqueCause::Language, "windows-program", &[Hint::Runs], span);
            return true;
        }
        "taskkill" => Deed::Signal { process: named("*") },
        "shutdown" | "logoff" => Deed::Configure { what: "power".to_owned() },
        _ => return false,
    };
    sink.deed(deed, span);
    true
}
