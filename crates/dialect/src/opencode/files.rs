//! The files that stand for us in opencode: the plugin, and the machine's configuration that loads it.

use crate::settings::HookCommand;

/// The plugin, with places for the program and its arguments.
const PLUGIN: &str = include_str!("plugin.js");

/// The plugin for a command.
pub(crate) fn plugin(command: &HookCommand) -> String {
    let mut arguments = vec!["hook".to_owned(), super::CLIENT.to_owned()];
    arguments.extend(command.args.iter().cloned());
    PLUGIN
        .replace("@PROGRAM@", &serde_json::Value::from(command.program.as_str()).to_string())
        .replace("@ARGUMENTS@", &serde_json::Value::from(arguments).to_string())
}

/// The machine's configuration. The client does not look for plugins in that directory, but it reads this file after
/// every other, so that ours sees what really runs.
pub(crate) fn managed(_: &HookCommand) -> String {
    "// written by bailiwick init: loads the guard for every user of this machine. Changes here are lost.\n\
     {\n  \"$schema\": \"https://opencode.ai/config.json\",\n  \"plugin\": [\"file:///etc/opencode/bailiwick.js\"]\n}\n"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tongue::MARK;

    #[test]
    fn a_program_with_quotes_stays_one_text() {
        let command = HookCommand { program: "/a \"b'`${c}".into(), args: vec!["--state".into(), "@PROGRAM@".into()] };
        let text = plugin(&command);
        assert!(text.contains(r#"const PROGRAM = "/a \"b'`${c}""#));
        assert!(text.contains(r#"const ARGUMENTS = ["hook","opencode","--state","@PROGRAM@"]"#));
    }

    #[test]
    fn both_files_say_whose_they_are() {
        let command = HookCommand { program: "/x".into(), args: Vec::new() };
        assert!([plugin(&command), managed(&command)].iter().all(|text| text.lines().next().unwrap_or("").contains(MARK)));
    }
}
