//! Programs that start services now or later: systemctl, service, launchctl, crontab, at, journalctl, supervisorctl, pm2.

use bailiwick_vocab::effect::{Deed, WriteMode};

use super::Program;
use super::readers::read_path;
use crate::args::{Grammar, asks_help, parse};
use crate::invocation::{Invocation, Sink, Stdin, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["systemctl"], effects: systemctl },
    Program { names: &["service", "rc-service", "invoke-rc.d", "supervisorctl", "sv", "initctl"], effects: service },
    Program { names: &["chkconfig", "update-rc.d", "rc-update", "systemd-analyze", "loginctl"], effects: at_boot },
    Program { names: &["launchctl"], effects: launchctl },
    Program { names: &["crontab"], effects: crontab },
    Program { names: &["at", "batch", "atrm", "atq"], effects: at },
    Program { names: &["journalctl"], effects: journalctl },
    Program { names: &["pm2", "forever"], effects: manager },
];

/// What is set where an installed service is started, or started again: it was there, and it runs afterwards.
const STARTS: &str = "service start";

/// What is set at services that go on running.
const SETTINGS: &str = "service settings";

fn persists(how: &str, invocation: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::Persist { how: how.to_owned() }, invocation.span);
}

fn configures(what: &str, invocation: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::Configure { what: what.to_owned() }, invocation.span);
}

fn systemctl(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar::valued(&[
        "t",
        "type",
        "p",
        "property",
        "H",
        "host",
        "M",
        "machine",
        "n",
        "lines",
        "o",
        "output",
        "s",
        "signal",
        "root",
        "state",
        "job-mode",
        "kill-whom",
        "what",
        "when",
        "image",
        "boot-loader-entry",
    ]);
    let parsed = parse(invocation.args, &grammar);
    let verb = parsed.operand(0).map_or("", |word| word.text.as_str());
    if asks_help(invocation.args) {
        return;
    }
    elsewhere(invocation, sink);
    match verb {
        "" | "status" | "show" | "cat" | "help" | "is-active" | "is-enabled" | "is-failed" | "is-system-running"
        | "get-default" | "list-units" | "list-unit-files" | "list-timers" | "list-sockets" | "list-jobs"
        | "list-dependencies" | "list-machines" | "show-environment" | "list-automounts" | "list-paths" => {}
        "reboot" | "poweroff" | "halt" | "suspend" | "hibernate" | "kexec" | "soft-reboot" | "hybrid-sleep" | "rescue"
        | "emergency" | "isolate" | "exit" => {
            configures("power", invocation, sink);
        }
        "enable" | "reenable" | "link" | "preset" | "preset-all" | "edit" | "add-wants" | "add-requires" | "set-default"
        | "import-environment" | "set-environment" => {
            parsed.operands_from(1).iter().filter(|unit| unit.text.contains('/')).for_each(|unit| sink.read(unit));
            persists("systemd", invocation, sink);
        }
        "start" | "restart" | "try-restart" | "reload" | "reload-or-restart" | "daemon-reload" | "reset-failed" => {
            configures(STARTS, invocation, sink);
        }
        "default" | "set-property" | "service-log-level" | "service-log-target" | "log-level" | "log-target"
        | "unset-environment" | "freeze" | "thaw" | "cancel" | "whoami" | "clean" | "service-watchdogs" => {
            configures(SETTINGS, invocation, sink);
        }
        "suspend-then-hibernate" => configures("power", invocation, sink),
        _ => configures("service", invocation, sink),
    }
}

/// `-H HOST`: the services of another machine, by way of ssh.
fn elsewhere(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["H", "host"]));
    for host in parsed.values(&["H", "host"]) {
        let name = host.text.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
        sink.connect(name, None, "ssh", None, true, host.span);
    }
}

fn service(invocation: &Invocation<'_>, sink: &mut Sink) {
    let asks = asks_help(invocation.args)
        || invocation
            .args
            .iter()
            .any(|word| matches!(word.text.as_str(), "status" | "--status-all" | "--list" | "avail" | "version"));
    let starts = invocation.args.iter().any(|word| matches!(word.text.as_str(), "start" | "restart" | "reload" | "force-reload"));
    if !asks {
        configures(if starts { STARTS } else { "service" }, invocation, sink);
    }
}

fn at_boot(invocation: &Invocation<'_>, sink: &mut Sink) {
    elsewhere(invocation, sink);
    let looks = invocation.name == "systemd-analyze"
        || invocation.args.iter().any(|word| {
            matches!(
                word.text.as_str(),
                "--list"
                    | "show"
                    | "-n"
                    | "list-sessions"
                    | "session-status"
                    | "list-users"
                    | "show-user"
                    | "show-session"
                    | "user-status"
            )
        });
    if !looks && !asks_help(invocation.args) {
        persists(invocation.name, invocation, sink);
    }
}

fn launchctl(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let verb = invocation.args.first().map_or("", |word| word.text.as_str());
    match verb {
        "" | "list" | "print" | "blame" | "help" | "version" | "managerpid" | "getenv" | "print-disabled" | "dumpstate"
        | "hostinfo" => {}
        "load" | "bootstrap" | "enable" | "submit" | "setenv" | "config" => {
            invocation
                .args
                .iter()
                .filter(|word| word.text.contains('/') && word.text.ends_with(".plist"))
                .for_each(|path| sink.read(path));
            persists("launchd", invocation, sink);
        }
        _ => configures("service", invocation, sink),
    }
}

/// `crontab -l` prints; a file or `-` becomes the table; `-r` drops it.
fn crontab(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["u", "c", "n"]));
    let lists = parsed.has(&["l", "V"]) && !parsed.uncertain;
    if lists || asks_help(invocation.args) {
        return;
    }
    if parsed.has(&["u"]) {
        sink.deed(Deed::Escalate { how: "another user's crontab".to_owned() }, invocation.span);
    }
    parsed.operands.iter().for_each(|path| read_path(path, false, sink));
    persists("cron", invocation, sink);
}

/// Commands come on standard input or from `-f`, and run later.
fn at(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let parsed = parse(invocation.args, &Grammar::valued(&["f", "q", "t"]));
    if invocation.name == "atq" || parsed.has(&["l", "c", "V"]) {
        return;
    }
    if invocation.name == "atrm" || parsed.has(&["r", "d"]) {
        return configures("at", invocation, sink);
    }
    persists("at", invocation, sink);
    if let Some(file) = parsed.value(&["f"]) {
        sink.inner.push(crate::invocation::Inner::ShellFile { path: file.clone(), args: Vec::new() });
        return sink.read(file);
    }
    match invocation.stdin {
        Stdin::Text(text) => sink.shell(text),
        Stdin::File(path) => sink.inner.push(crate::invocation::Inner::ShellFile { path: path.clone(), args: Vec::new() }),
        Stdin::Pipe | Stdin::Inherited => {
            sink.opaque(bailiwick_vocab::effect::OpaqueCause::Dynamic, "shell", &[], invocation.span);
        }
    }
}

fn journalctl(invocation: &Invocation<'_>, sink: &mut Sink) {
    let grammar = Grammar::valued(&[
        "u",
        "unit",
        "n",
        "lines",
        "S",
        "since",
        "U",
        "until",
        "p",
        "priority",
        "o",
        "output",
        "t",
        "D",
        "directory",
        "file",
        "vacuum-size",
        "vacuum-time",
        "vacuum-files",
        "g",
        "grep",
        "b",
        "cursor-file",
    ]);
    let parsed = parse(invocation.args, &grammar);
    if parsed.has(&[
        "vacuum-size",
        "vacuum-time",
        "vacuum-files",
        "rotate",
        "flush",
        "relinquish-var",
        "setup-keys",
        "update-catalog",
    ]) {
        sink.delete_tree(&Word::literal("/var/log/journal", invocation.span));
    }
    parsed.values(&["D", "directory", "file"]).into_iter().for_each(|path| sink.read_tree(path));
    parsed.values(&["cursor-file"]).into_iter().for_each(|path| sink.write(path, WriteMode::Replace));
}

fn manager(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    match invocation.args.first().map_or("", |word| word.text.as_str()) {
        "" | "list" | "ls" | "status" | "logs" | "show" | "describe" | "info" | "monit" | "jlist" | "prettylist" | "id"
        | "pid" | "ping" => {}
        "startup" | "save" | "install" => persists("pm2", invocation, sink),
        "start" => {
            invocation.args.get(1).into_iter().for_each(|script| sink.read(script));
            sink.opaque(bailiwick_vocab::effect::OpaqueCause::Script, "project", &[], invocation.span);
        }
        _ => sink.deed(
            Deed::Signal { process: invocation.args.get(1).map_or_else(|| "*".to_owned(), |word| word.text.clone()) },
            invocation.span,
        ),
    }
}
