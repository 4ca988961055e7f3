//! fastlane, pod, expo, tauri: applications for telephones and desktops.

use super::Program;
use super::described::{Act, Described};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["fastlane", "match", "gym", "pilot", "deliver"], effects: |inv, sink| FASTLANE.say(inv, sink) },
    Program { names: &["pod", "carthage", "xcodegen", "tuist"], effects: |inv, sink| POD.say(inv, sink) },
    Program {
        names: &[
            "expo",
            "eas",
            "tauri",
            "capacitor",
            "cap",
            "ionic",
            "cordova",
            "react-native",
            "electron-builder",
            "electron-forge",
        ],
        effects: |inv, sink| EXPO.say(inv, sink),
    },
];

const FASTLANE: Described = Described {
    host: "api.appstoreconnect.apple.com",
    verbs: &[
        ("lanes, list, actions, action, docs, env", &[Act::Project]),
        ("match, cert, sigh", &[Act::Secret("signing certificate"), Act::Project]),
        ("deliver, pilot, supply, upload_to_app_store, upload_to_play_store", &[Act::Project, Act::Upload, Act::Publish]),
        ("init, update_plugins, install_plugins", &[Act::Fetch, Act::WriteTreeAt(".")]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};

const POD: Described = Described {
    host: "cdn.cocoapods.org",
    verbs: &[
        ("trunk push, push, repo push", &[Act::Upload, Act::Publish]),
        ("trunk register", &[Act::Secret("cocoapods session")]),
        ("install, update, bootstrap, outdated, deintegrate, generate", &[Act::Fetch, Act::Project]),
        ("list, search, env, spec lint, lib lint, cache list", &[Act::Project]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const EXPO: Described = Described {
    host: "api.expo.dev",
    valued: "p platform profile",
    verbs: &[
        ("submit, update, publish", &[Act::Project, Act::Upload, Act::Publish]),
        ("build --local, start, run, prebuild, export, build, sync, doctor, info, config, dev", &[Act::Project]),
        ("credentials, secret, env", &[Act::Secret("signing certificate")]),
        ("whoami, build:list, channel:list", &[Act::Ask]),
        ("login", &[Act::Secret("expo session")]),
        ("init, add, install", &[Act::Fetch, Act::Project]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};
