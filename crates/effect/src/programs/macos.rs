//! mdfind, softwareupdate, plutil, codesign and other tools of macOS.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "mdfind",
            "mdls",
            "mdutil",
            "xcode-select",
            "dsmemberutil",
            "dscacheutil",
            "fs_usage",
            "sc_usage",
            "vm_stat",
            "ioreg",
            "pkgutil",
            "lsbom",
            "vmmap",
            "heap",
            "leaks",
            "sample",
            "spindump",
            "powermetrics",
            "sysdiagnose",
            "kmutil",
            "kextstat",
        ],
        effects: |inv, sink| MDFIND.say(inv, sink),
    },
    Program { names: &["softwareupdate"], effects: |inv, sink| SOFTWAREUPDATE.say(inv, sink) },
    Program { names: &["plutil", "PlistBuddy"], effects: |inv, sink| PLUTIL.say(inv, sink) },
    Program { names: &["xcrun"], effects: |inv, sink| XCRUN.say(inv, sink) },
    Program {
        names: &["codesign", "productsign", "notarytool", "stapler", "altool"],
        effects: |inv, sink| CODESIGN.say(inv, sink),
    },
    Program { names: &["mas"], effects: |inv, sink| MAS.say(inv, sink) },
    Program {
        names: &["say", "afplay", "osacompile", "automator", "shortcuts", "sips", "textutil", "iconutil", "qlmanage"],
        effects: |inv, sink| SAY.say(inv, sink),
    },
    Program {
        names: &[
            "tccutil",
            "kextload",
            "kextunload",
            "kextutil",
            "sysadminctl",
            "dseditgroup",
            "dsenableroot",
            "systemsetup",
            "fdesetup",
            "profiles",
            "installer",
            "asr",
            "bless",
            "firmwarepasswd",
            "pwpolicy",
            "createhomedir",
            "jamf",
            "sfltool",
        ],
        effects: |inv, sink| TCCUTIL.say(inv, sink),
    },
    Program { names: &["scutil"], effects: |inv, sink| SCUTIL.say(inv, sink) },
    Program { names: &["logger"], effects: |inv, sink| LOGGER.say(inv, sink) },
];

const MDFIND: Described = Described {
    valued: "onlyin name f file-info",
    flags: &[
        ("forget|flushcache|unlink|X|E|switch|s|install|reset", &[Act::Configure("macOS")]),
        ("i", &[Act::Configure("macOS")]),
    ],
    verbs: &[("load, unload, install", &[Act::Configure("kernel module")])],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const SOFTWAREUPDATE: Described = Described {
    flags: &[(
        "i|install|d|download|fetch-full-installer|install-rosetta|schedule|clear-catalog|set-catalog|background",
        &[Act::Configure("system update")],
    )],
    shows: "l list history list-full-installers",
    ..Described::NEW
};

const PLUTIL: Described = Described {
    valued: "convert extract replace insert remove type o e s n c",
    one_dash: true,
    options: &[("o", Value::Write), ("c", Value::Script("plist"))],
    flags: &[("p|lint", &[Act::Read(0)]), ("convert|replace|insert|remove|create", &[Act::Edit(0)])],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};

const XCRUN: Described = Described {
    valued: "sdk toolchain",
    wrapper: true,
    verbs: &[
        ("simctl list, --find, --show-sdk-path, simctl help", &[Act::Nothing]),
        ("simctl delete|erase|shutdown", &[Act::DeleteTreeAt("~/Library/Developer")]),
        ("simctl", &[Act::Project]),
        ("notarytool, altool", &[Act::Upload]),
    ],
    otherwise: &[Act::Run(0)],
    ..Described::NEW
};

const CODESIGN: Described = Described {
    valued: "s sign i identifier entitlements requirements o options keychain apple-id password team-id",
    options: &[("entitlements|keychain", Value::Read)],
    flags: &[("s|sign", &[Act::Secret("signing certificate"), Act::Edit(0)])],
    verbs: &[
        ("notarytool, altool", &[Act::Upload]),
        ("submit, store-credentials", &[Act::Upload, Act::Secret("signing certificate")]),
    ],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};

const MAS: Described = Described {
    host: "apps.apple.com",
    verbs: &[
        ("list, search, info, outdated, version, account, home, vendor", &[Act::Nothing]),
        ("uninstall", &[Act::Escalate("sudo")]),
    ],
    otherwise: &[Act::Fetch, Act::Configure("applications")],
    ..Described::NEW
};

const SAY: Described = Described {
    valued: "v o r f z s g convert format out stdin i",
    options: &[("o|out|output|output-path", Value::Write), ("input-path|i|f", Value::Read)],
    verbs: &[("list", &[Act::Nothing]), ("run, sign", &[Act::Opaque(OpaqueCause::Script, "shortcut")])],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};

const TCCUTIL: Described = Described {
    shows: "status list getremotelogin gettimezone getcomputername isactive haspersonalrecoverykey",
    verbs: &[("status, list, show, isactive", &[Act::Nothing])],
    otherwise: &[Act::Escalate("macOS administration"), Act::Configure("system")],
    ..Described::NEW
};

const SCUTIL: Described = Described {
    flags: &[("set|renew|prefs", &[Act::Configure("network")])],
    shows: "dns proxy r get nwi nc",
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

const LOGGER: Described =
    Described { valued: "t p f", options: &[("f", Value::Read)], otherwise: &[Act::Nothing], ..Described::NEW };
