//! Settings' pages: a fence `install` is the settings before (a lone `-` is no file), `uninstall` and `find` likewise.

use std::fmt::Write as _;

use bailiwick_casebook::Case;
use bailiwick_dialect::claude::settings::USER;
use bailiwick_dialect::settings::{Change, HookCommand, SettingsError};

pub(crate) fn check(case: &Case) -> String {
    let (info, body) = case.inputs.first().unwrap();
    let existing = if body == "-\n" { None } else { Some(body.as_str()) };
    match info.as_str() {
        "install" => installed(existing),
        "uninstall" => shown(USER.plan_uninstall(body)),
        "find" => found(body),
        other => format!("unknown fence {other}"),
    }
}

pub(crate) fn command() -> HookCommand {
    HookCommand { program: "/opt/o'brien/bailiwick".into(), args: Vec::new() }
}

/// Also holds what must be so for every text: nothing is missing afterwards, and a second time there is nothing to do.
fn installed(existing: Option<&str>) -> String {
    let change = USER.plan_install(existing, &command());
    if let Ok(change) = &change {
        assert_eq!(USER.missing(&change.after, &command()).unwrap(), Vec::<&str>::new());
        let again = USER.plan_install(Some(&change.after), &command()).unwrap();
        assert!(again.is_nothing() && again.after == change.after);
    }
    shown(change)
}

fn shown(change: Result<Change, SettingsError>) -> String {
    match change {
        Err(error) => format!("error: {error}\n"),
        Ok(change) => {
            let mut out = String::new();
            for step in &change.steps {
                writeln!(out, "- {step}").unwrap();
            }
            for warning in &change.warnings {
                writeln!(out, "! {warning}").unwrap();
            }
            out + &change.after
        }
    }
}

fn found(existing: &str) -> String {
    match USER.find_commands(existing) {
        Err(error) => format!("error: {error}\n"),
        Ok(found) if found.is_empty() => "none\n".to_owned(),
        Ok(found) => found.iter().fold(String::new(), |mut out, one| {
            writeln!(
                out,
                "{} matcher={:?} ours={} timeout={:?} blocks={} {}",
                one.event, one.matcher, one.ours, one.timeout_s, one.blocks_on_failure, one.command
            )
            .unwrap();
            out
        }),
    }
}
