//! open, xdg-open, gio: whatever handles a file or an address is started with it.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "open",
            "xdg-open",
            "gnome-open",
            "kde-open",
            "wslview",
            "exo-open",
            "mimeopen",
            "sensible-browser",
            "x-www-browser",
            "google-chrome",
            "chromium",
            "chromium-browser",
            "firefox",
            "brave",
            "microsoft-edge",
            "safari",
            "chrome",
            "epiphany",
        ],
        effects: |inv, sink| OPEN.say(inv, sink),
    },
    Program { names: &["gio", "gvfs-open"], effects: |inv, sink| GIO.say(inv, sink) },
    Program {
        names: &[
            "xdg-mime",
            "xdg-settings",
            "xdg-desktop-menu",
            "xdg-icon-resource",
            "desktop-file-install",
            "gsettings",
            "dconf",
            "kwriteconfig5",
            "kwriteconfig6",
            "xfconf-query",
            "update-desktop-database",
        ],
        effects: |inv, sink| XDG_MIME.say(inv, sink),
    },
    Program {
        names: &[
            "xdotool",
            "ydotool",
            "wtype",
            "xte",
            "cliclick",
            "wmctrl",
            "xrandr",
            "xset",
            "setxkbmap",
            "xmodmap",
            "xhost",
            "xrdb",
        ],
        effects: |inv, sink| XDOTOOL.say(inv, sink),
    },
];

const OPEN: Described = Described {
    valued: "a b n e app args user-data-dir remote-debugging-port proxy-server load-extension profile",
    options: &[
        ("a", Value::Script("application")),
        (
            "load-extension|renderer-cmd-prefix|utility-cmd-prefix|gpu-launcher|browser-subprocess-path",
            Value::Script("browser extension"),
        ),
        ("screenshot|print-to-pdf", Value::Write),
        ("proxy-server", Value::Host),
    ],
    flags: &[("no-sandbox", &[Act::Escalate("browser without its fence")]), ("remote-debugging-port", &[Act::Listen])],
    otherwise: &[Act::Open(0)],
    ..Described::NEW
};

const GIO: Described = Described {
    verbs: &[
        ("open, launch", &[Act::Open(0)]),
        ("trash, remove, rm", &[Act::DeleteTree(0)]),
        ("copy, cp, move, mv", &[Act::Convert(0)]),
        ("save", &[Act::WriteOne(0)]),
        ("set, mkdir, mount, rename", &[Act::Edit(0)]),
        ("list, ls, info, cat, tree, monitor, mime --help", &[Act::Read(0)]),
        ("mime", &[Act::Configure("desktop")]),
    ],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};

const XDG_MIME: Described = Described {
    verbs: &[(
        "query, get, list-schemas, list-keys, list-recursively, read, list, dump, describe, range, writable, check",
        &[Act::Nothing],
    )],
    otherwise: &[Act::Configure("desktop")],
    ..Described::NEW
};

const XDOTOOL: Described = Described {
    shows: "list-props list long short query verbose version display-info",
    verbs: &[
        ("getactivewindow, getmouselocation, search, getwindowname, -q, --listmonitors, -l", &[Act::Nothing]),
        ("key, type, click, mousemove, windowactivate", &[Act::Opaque(OpaqueCause::Dynamic, "desktop")]),
    ],
    otherwise: &[Act::Configure("desktop")],
    ..Described::NEW
};
