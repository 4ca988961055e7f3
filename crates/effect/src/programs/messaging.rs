//! slackcat, ntfy, apprise, wall: messages to people and screens.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["slackcat"], effects: |inv, sink| SLACKCAT.say(inv, sink) },
    Program {
        names: &[
            "slack",
            "slack-cli",
            "ntfy",
            "apprise",
            "telegram-send",
            "telegram-cli",
            "signal-cli",
            "twilio",
            "discord-cli",
            "discord.sh",
            "pushover",
            "pushbullet",
            "pb",
            "xmppsend",
            "sendxmpp",
            "gotify",
            "teams-cli",
            "zulip-send",
            "mattermost-cli",
            "tweet",
            "t-cli",
            "toot",
            "bluesky",
            "bsky",
            "whatsapp-cli",
            "mudslide",
        ],
        effects: |inv, sink| SLACK.say(inv, sink),
    },
    Program { names: &["wall", "write", "mesg", "talk", "ytalk"], effects: |inv, sink| WALL.say(inv, sink) },
    Program {
        names: &[
            "notify-send",
            "terminal-notifier",
            "growlnotify",
            "zenity",
            "kdialog",
            "xmessage",
            "yad",
            "dunstify",
            "whiptail",
            "dialog",
        ],
        effects: |inv, sink| NOTIFY_SEND.say(inv, sink),
    },
];

const SLACKCAT: Described = Described {
    target: "message",
    valued: "c channel n filename m comment",
    otherwise: &[Act::Send("message"), Act::Read(0)],
    alone: Some(&[Act::Send("message")]),
    ..Described::NEW
};

const SLACK: Described = Described {
    target: "message",
    valued: "c channel t title p priority n name u user a account token b body config message icon-emoji",
    options: &[("f|file|attach|a", Value::Read)],
    verbs: &[
        ("version, list, listAccounts, listContacts, listGroups, profiles:list, whoami, timeline, search", &[Act::Ask]),
        ("sub, subscribe, receive, daemon", &[Act::Ask]),
        ("serve", &[Act::Listen]),
        ("login, config, register, link, configure, auth", &[Act::Configure("messages")]),
    ],
    otherwise: &[Act::Send("message")],
    alone: Some(&[Act::Send("message")]),
    ..Described::NEW
};

const WALL: Described = Described { target: "screen", valued: "n t g", otherwise: &[Act::Send("terminal")], ..Described::NEW };

const NOTIFY_SEND: Described = Described {
    valued: "t u i a title message subtitle c",
    options: &[("execute", Value::Shell)],
    otherwise: &[Act::Ask],
    ..Described::NEW
};
