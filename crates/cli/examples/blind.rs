//! `bailiwick` with its eyes shut, for one test: whatever a shell command is, it reads as one that runs a program and fetches
//! from a public host. All the rest is what ships. It is an example, so that nothing installs it.

use std::process::ExitCode;

use bailiwick_effect::effects::effects;
use bailiwick_effect::world::World;
use bailiwick_vocab::call::{Request, ToolCall};
use bailiwick_vocab::effect::{Deed, Effect};
use bailiwick_vocab::map::Map;

fn main() -> ExitCode {
    bailiwick_cli::start(blind)
}

/// A file tool names its path itself, so there is nothing to misread; what a shell command is, is never looked at.
fn blind(call: &ToolCall, cwd: &str, map: &Map, world: &dyn World) -> Vec<Effect> {
    if !matches!(call.request, Request::Shell { .. } | Request::Type { .. }) {
        return effects(call, cwd, map, world);
    }
    let fetch = Deed::Connect {
        host: "this-build-reads-no-command.example".to_owned(),
        port: Some(443),
        scheme: "https".to_owned(),
        method: Some("GET".to_owned()),
        upload: false,
        path: None,
        bytes: None,
    };
    vec![Effect::new(Deed::Execute { program: "true".to_owned(), argv: vec!["true".to_owned()] }, None), Effect::new(fetch, None)]
}
