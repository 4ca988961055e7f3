//! playwright, cypress, puppeteer: browsers driven by tests.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["playwright"], effects: |inv, sink| PLAYWRIGHT.say(inv, sink) },
    Program {
        names: &[
            "cypress",
            "puppeteer",
            "wdio",
            "testcafe",
            "nightwatch",
            "protractor",
            "detox",
            "selenium-side-runner",
            "chromedriver",
            "geckodriver",
        ],
        effects: |inv, sink| CYPRESS.say(inv, sink),
    },
];

const PLAYWRIGHT: Described = Described {
    host: "cdn.playwright.dev",
    valued: "g grep project reporter workers config c browser b o output target timeout",
    options: &[("o|output|save-storage|save-har|save-trace", Value::Write), ("load-storage", Value::Read)],
    verbs: &[
        ("install, install-deps", &[Act::Fetch, Act::WriteTreeAt("~/.cache/ms-playwright")]),
        ("uninstall, clear-cache", &[Act::DeleteTreeAt("~/.cache/ms-playwright")]),
        ("open, codegen, cr, ff, wk, screenshot, pdf", &[Act::Opaque(OpaqueCause::Dynamic, "browser")]),
        ("show-report, show-trace, run-server, launch-server", &[Act::Listen]),
    ],
    otherwise: &[Act::Project],
    ..Described::NEW
};

const CYPRESS: Described = Described {
    host: "download.cypress.io",
    valued: "b browser s spec c config config-file env e record key k reporter",
    options: &[("record|key|k", Value::Secret)],
    verbs: &[
        ("verify, info, cache list|path, version, list", &[Act::Ask]),
        ("install, browsers install", &[Act::Fetch, Act::WriteTreeAt("~/.cache")]),
        ("cache clear|prune", &[Act::DeleteTreeAt("~/.cache/Cypress")]),
    ],
    otherwise: &[Act::Project],
    alone: Some(&[Act::Project]),
    ..Described::NEW
};
