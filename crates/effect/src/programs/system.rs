//! Programs that administer the machine: power, accounts, firewall, kernel, and the network's set-up.

use bailiwick_vocab::effect::{Deed, WriteMode};

use super::Program;
use crate::args::{Grammar, asks_help, parse};
use crate::invocation::{Invocation, Sink};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["shutdown", "reboot", "halt", "poweroff", "init", "telinit", "kexec", "pmset"], effects: power },
    Program {
        names: &[
            "useradd",
            "pw",
            "adduser",
            "usermod",
            "userdel",
            "deluser",
            "groupadd",
            "addgroup",
            "groupmod",
            "groupdel",
            "delgroup",
            "gpasswd",
            "chpasswd",
            "chsh",
            "chfn",
            "vipw",
            "vigr",
            "newusers",
            "chage",
            "dscl",
            "pwconv",
            "visudo",
            "pam-auth-update",
        ],
        effects: accounts,
    },
    Program { names: &["passwd"], effects: passwd },
    Program {
        names: &["iptables", "ip6tables", "nft", "ufw", "firewall-cmd", "pfctl", "ebtables", "iptables-restore", "ipset"],
        effects: firewall,
    },
    Program { names: &["sysctl"], effects: sysctl },
    Program {
        names: &[
            "modprobe",
            "insmod",
            "rmmod",
            "depmod",
            "dkms",
            "setenforce",
            "setsebool",
            "semanage",
            "aa-disable",
            "aa-complain",
            "update-grub",
            "grub-install",
            "efibootmgr",
            "csrutil",
            "spctl",
            "nvram",
        ],
        effects: kernel,
    },
    Program { names: &["lsmod", "modinfo", "getenforce", "sestatus", "aa-status"], effects: |_, _| {} },
    Program {
        names: &[
            "ldconfig",
            "update-alternatives",
            "timedatectl",
            "hostnamectl",
            "localectl",
            "nmcli",
            "networksetup",
            "tc",
            "brctl",
            "ifup",
            "ifdown",
            "hwclock",
        ],
        effects: settings,
    },
    Program { names: &["defaults"], effects: defaults },
    Program { names: &["setx", "reg", "wmic", "schtasks", "net", "sc", "bcdedit", "vssadmin", "diskpart"], effects: windows },
];

fn configures(what: &str, invocation: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::Configure { what: what.to_owned() }, invocation.span);
}

fn verb<'a>(invocation: &'a Invocation<'_>) -> &'a str {
    invocation.args.iter().map(|word| word.text.as_str()).find(|text| !text.starts_with('-')).unwrap_or("")
}

fn power(invocation: &Invocation<'_>, sink: &mut Sink) {
    let asks = invocation.name == "pmset" && invocation.args.first().is_some_and(|word| word.text == "-g");
    if !asks_help(invocation.args) && !asks {
        configures("power", invocation, sink);
    }
}

fn accounts(invocation: &Invocation<'_>, sink: &mut Sink) {
    let checks = invocation.name == "visudo" && invocation.args.iter().any(|word| word.text == "-c" || word.text == "--check");
    let lists = invocation.name == "chage" && invocation.args.iter().any(|word| word.text == "-l")
        || invocation.name == "dscl"
            && invocation.args.iter().any(|word| matches!(word.text.as_str(), "-read" | "-list" | "read" | "list"));
    if asks_help(invocation.args) || checks || lists {
        return;
    }
    configures("accounts", invocation, sink);
    let raises =
        matches!(invocation.name, "visudo" | "pam-auth-update") || invocation.args.iter().any(|word| gives_root(&word.text));
    if raises {
        sink.deed(Deed::Escalate { how: invocation.name.to_owned() }, invocation.span);
    }
}

/// Groups that hold the machine.
fn gives_root(text: &str) -> bool {
    text.split(',')
        .any(|group| matches!(group, "sudo" | "wheel" | "root" | "admin" | "docker" | "lxd" | "disk" | "shadow" | "adm" | "0"))
}

fn passwd(invocation: &Invocation<'_>, sink: &mut Sink) {
    let asks = invocation.args.iter().any(|word| matches!(word.text.as_str(), "-S" | "--status" | "--help"));
    if !asks {
        configures("accounts", invocation, sink);
    }
}

fn firewall(invocation: &Invocation<'_>, sink: &mut Sink) {
    let lists = |text: &str| {
        matches!(
            text,
            "-L" | "-S"
                | "--list"
                | "--list-rules"
                | "list"
                | "status"
                | "--list-all"
                | "--state"
                | "--get-zones"
                | "--get-active-zones"
                | "show"
                | "--version"
                | "--help"
                | "version"
                | "-V"
                | "help"
        ) || (text.starts_with('-') && !text.starts_with("--") && (text.contains('L') || text.contains('S')))
    };
    if !invocation.args.iter().any(|word| lists(&word.text)) {
        configures("firewall", invocation, sink);
    }
}

/// `sysctl name` reads, `sysctl -w name=value` and `-p` write.
fn sysctl(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar { optional: &["p", "load"], ..Grammar::valued(&["r", "pattern"]) });
    let sets = parsed.operands.iter().any(|word| word.text.contains('=') || !word.known());
    if sets || parsed.has(&["w", "write", "p", "load", "system"]) {
        configures("kernel", invocation, sink);
    }
    if parsed.has(&["p", "load"]) {
        parsed.operands.iter().chain(parsed.values(&["p", "load"])).for_each(|path| sink.read(path));
    }
}

fn kernel(invocation: &Invocation<'_>, sink: &mut Sink) {
    let asks = asks_help(invocation.args)
        || matches!(verb(invocation), "status")
        || invocation
            .args
            .iter()
            .any(|word| matches!(word.text.as_str(), "-l" | "--list" | "-n" | "--dry-run" | "--show-depends" | "-p" | "-v"));
    let lists_only = asks && !matches!(invocation.name, "insmod" | "rmmod" | "setenforce" | "modprobe");
    if lists_only || asks_help(invocation.args) {
        return;
    }
    configures("kernel", invocation, sink);
    if invocation.name == "insmod" {
        invocation.args.iter().take(1).for_each(|path| sink.read(path));
    }
}

fn settings(invocation: &Invocation<'_>, sink: &mut Sink) {
    const ASKS: &[&str] = &[
        "status",
        "show",
        "list",
        "query",
        "get",
        "--display",
        "--list",
        "--query",
        "-p",
        "-n",
        "--print-cache",
        "device",
        "general",
    ];
    let changes = ["set", "add", "del", "delete", "up", "down", "connect", "modify", "install", "remove", "flush", "replace"];
    let any = |words: &[&str]| invocation.args.iter().any(|word| words.iter().any(|known| word.text == *known));
    let asks = invocation.args.is_empty() && invocation.name != "ldconfig"
        || (any(ASKS) && !any(&changes))
        || verb(invocation).starts_with("list-");
    if !asks && !asks_help(invocation.args) {
        let what = match invocation.name {
            "timedatectl" | "hwclock" => "clock",
            "hostnamectl" => "host-name",
            "localectl" => "desktop",
            "route" | "nmcli" | "tc" | "brctl" | "ifup" | "ifdown" => "network",
            _ => "system",
        };
        configures(what, invocation, sink);
    }
}

/// macOS user settings.
fn defaults(invocation: &Invocation<'_>, sink: &mut Sink) {
    if !matches!(verb(invocation), "" | "read" | "read-type" | "domains" | "find" | "help" | "export") {
        configures("system", invocation, sink);
    }
    if verb(invocation) == "export" {
        invocation.args.last().into_iter().filter(|path| path.text != "-").for_each(|path| sink.write(path, WriteMode::Replace));
    }
}

fn windows(invocation: &Invocation<'_>, sink: &mut Sink) {
    let query = invocation.args.iter().any(|word| {
        matches!(word.text.to_ascii_lowercase().as_str(), "query" | "/query" | "get" | "list" | "/?" | "qc" | "queryex" | "view")
    });
    if invocation.name == "schtasks" && !query {
        sink.deed(Deed::Persist { how: "scheduled task".to_owned() }, invocation.span);
    }
    if !query {
        configures("system", invocation, sink);
    }
}
