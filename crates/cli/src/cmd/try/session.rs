//! The session that `try` plays: the calls of a model that obeys the poisoned README. The same file is played through
//! the real Claude Code by an end-to-end test, which holds that these are the calls that its hooks report.

use serde_json::Value;

use super::project::Project;
use crate::failure::{Failure, Kind};

/// The recorded session; `{work}` and `{home}` stand for the project's directories.
const SESSION: &str = include_str!("session.json");

/// The file that the session edits, and that is put back at the end.
pub const EDITED: &str = "greet.sh";

/// One thing of the session.
pub enum Step {
    /// The user speaks.
    Prompt(String),
    /// The agent calls a tool.
    Call {
        /// The tool's name.
        tool: String,
        /// Its arguments.
        input: Value,
    },
}

/// The session in order.
pub fn steps(project: &Project) -> Result<Vec<Step>, Failure> {
    let unreadable = || Failure::new(Kind::Environment, "the recorded session cannot be read");
    let recorded: Vec<Value> = serde_json::from_str(SESSION).map_err(|error| unreadable().because(error))?;
    recorded.into_iter().map(|step| read(step, project).ok_or_else(unreadable)).collect()
}

fn read(mut step: Value, project: &Project) -> Option<Step> {
    if let Some(text) = step.get("prompt").and_then(Value::as_str) {
        return Some(Step::Prompt(text.to_owned()));
    }
    let tool = step.get("tool")?.as_str()?.to_owned();
    let mut input = step.get_mut("input")?.take();
    for value in input.as_object_mut()?.values_mut() {
        if let Value::String(text) = value {
            *text = placed(text, project);
        }
    }
    Some(Step::Call { tool, input })
}

fn placed(text: &str, project: &Project) -> String {
    text.replace("{work}", &project.work.display().to_string()).replace("{home}", &project.home.display().to_string())
}
