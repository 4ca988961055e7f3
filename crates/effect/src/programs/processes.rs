//! Programs that signal processes: kill, pkill, killall, skill, xkill, fuser -k.

use bailiwick_vocab::effect::Deed;

use super::Program;
use crate::args::{Grammar, asks_help, parse};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["kill", "gkill"], effects: kill },
    Program { names: &["pkill", "killall", "skill", "killall5", "xkill", "fkill", "kill-port"], effects: by_name },
    Program { names: &["fuser"], effects: fuser },
];

fn signal(process: &str, invocation: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::Signal { process: process.to_owned() }, invocation.span);
}

/// `kill -9 PID`, `kill -s TERM PID`, `kill -- -1`; `-l` lists names, `-0` only asks.
fn kill(invocation: &Invocation<'_>, sink: &mut Sink) {
    let mut args = invocation.args;
    let mut asks = false;
    while let Some((first, rest)) = args.split_first() {
        match first.text.as_str() {
            "-l" | "-L" | "--list" | "--table" | "--help" | "--version" => return,
            "-s" | "-n" | "--signal" | "-q" => {
                asks = rest.first().is_some_and(|word| word.text == "0");
                args = rest.get(1..).unwrap_or(&[]);
            }
            "--" => {
                args = rest;
                break;
            }
            "-0" => (asks, args) = (true, rest),
            text if text.starts_with('-') && text.len() > 1 && args.len() > 1 => args = rest,
            _ => break,
        }
    }
    if !asks {
        args.iter().for_each(|word| signal(target(word), invocation, sink));
    }
}

/// `-1` is every process that the user may signal.
fn target(word: &Word) -> &str {
    match word.text.as_str() {
        "-1" => "*",
        _ if !word.known() => "?",
        known => known,
    }
}

fn by_name(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let valued = &[
        "s",
        "signal",
        "u",
        "user",
        "g",
        "G",
        "t",
        "P",
        "U",
        "pgroup",
        "group",
        "parent",
        "session",
        "terminal",
        "euid",
        "uid",
        "F",
        "pidfile",
        "o",
        "y",
        "older-than",
        "younger-than",
        "ns",
        "nslist",
        "r",
        "q",
        "Z",
    ];
    let grammar = Grammar::valued(if invocation.name == "killall" {
        &["s", "signal", "u", "user", "o", "y", "n", "Z", "c", "d"]
    } else {
        valued
    });
    let parsed = parse(invocation.args, &grammar);
    if parsed.has(&["l", "list"]) && parsed.operands.is_empty() {
        return;
    }
    for path in parsed.values(&["F", "pidfile"]) {
        super::readers::read_path(path, false, sink);
    }
    if parsed.operands.is_empty() {
        signal("*", invocation, sink);
    }
    for word in &parsed.operands {
        signal(target(word), invocation, sink);
        if is_daemon(&word.text) {
            sink.deed(Deed::Configure { what: "service".to_owned() }, invocation.span);
        }
    }
}

/// Daemons that keep the machine's records, its clock's tasks, its doors and its guards: ended by name, what they do stops
/// for everybody.
#[rustfmt::skip]
const DAEMONS: &[&str] = &[
    "cron", "crond", "anacron", "atd", "sshd", "syslogd", "rsyslogd", "syslog-ng", "auditd", "systemd", "init", "launchd", "dbus-daemon", "dbus-broker",
    "ntpd", "chronyd", "firewalld", "fail2ban-server", "fail2ban", "clamd", "freshclam", "ossec", "wazuh", "falcon-sensor", "falcond", "mdatp", "wdavdaemon",
    "osqueryd", "crowdsec", "auditbeat", "filebeat", "dockerd", "containerd", "kubelet", "polkitd", "networkmanager", "wpa_supplicant", "dhclient", "snapd",
    "usbguard-daemon", "sssd", "loginwindow", "windowserver", "gdm", "sddm", "lightdm", "securityd", "opendirectoryd", "xprotectservice",
];

/// Whether a pattern names one of them, or one of systemd's.
fn is_daemon(pattern: &str) -> bool {
    let bare = pattern.trim_matches(['^', '$', '*', '.', '/', '\\']).to_ascii_lowercase();
    let name = bare.rsplit('/').next().unwrap_or_default();
    DAEMONS.contains(&name) || name.starts_with("systemd-") || name.starts_with("com.apple.")
}

fn fuser(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["n", "namespace"]));
    if parsed.may_have(&["k", "kill"]) {
        parsed.operands.iter().for_each(|word| signal(&word.text, invocation, sink));
    }
}
