//! The door: a tool call in, what it may do to the world out. One arm for each kind of request; paths are absolute
//! where the working directory is known, but not looked up yet ([`crate::resolve`] does that).

use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::effect::{Deed, Effect};
use bailiwick_vocab::map::Map;
use serde_json::Value;

use crate::world::World;
use crate::{tools, typed, walk};

/// What a call may do. `cwd` is the call's working directory, absolute, or empty where it is not known. Never fails and
/// is never silent about what it does not understand.
#[must_use]
pub fn effects(call: &ToolCall, cwd: &str, map: &Map, world: &dyn World) -> Vec<Effect> {
    without_repeats(of_request(&call.request, &call.input, cwd, map, world))
}

fn of_request(request: &Request, input: &Value, cwd: &str, map: &Map, world: &dyn World) -> Vec<Effect> {
    match request {
        Request::Shell { command, shell: Shell::Bash, unseen_input, .. } => {
            let found = walk::shell(command, cwd, world);
            if *unseen_input { typed::with_prompts(found) } else { found }
        }
        Request::Shell { command, shell: Shell::PowerShell, .. } => walk::powershell(command, cwd, world),
        Request::Read { path } => vec![tools::read(path, cwd, world)],
        Request::Write { path, .. } => vec![tools::write(path, cwd, world)],
        Request::Edit { path, .. } => vec![tools::edit(path, cwd, world)],
        Request::Delete { path } => vec![tools::delete(path, cwd, world)],
        Request::Type { text } => typed::typed(text, cwd, world),
        Request::Many { requests } => requests.iter().flat_map(|one| of_request(one, input, cwd, map, world)).collect(),
        Request::Search { path, .. } => vec![tools::search(path.as_deref(), cwd, world)],
        Request::Fetch { url } => vec![tools::fetch(url)],
        Request::WebSearch { .. } => vec![tools::web_search()],
        Request::Spawn { agent, .. } => vec![Effect::new(Deed::Spawn { agent: agent.clone() }, None)],
        Request::Skill { name, args } => tools::skill(name, args, cwd, world),
        Request::Mcp { server, tool } => tools::mcp(server, tool, input, cwd, map, world),
        Request::Named { name } => tools::named(name, input, cwd, map, world),
        Request::Internal { .. } => Vec::new(),
    }
}

/// Each effect once, where it is first seen.
pub(crate) fn without_repeats(effects: Vec<Effect>) -> Vec<Effect> {
    if effects.len() < 2 {
        return effects;
    }
    if effects.len() > 32 {
        let mut seen = std::collections::HashSet::with_capacity(effects.len());
        return effects.into_iter().filter(|effect| seen.insert(format!("{:?}{:?}", effect.deed, effect.reversible))).collect();
    }
    let mut kept: Vec<Effect> = Vec::with_capacity(effects.len());
    for effect in effects {
        if !kept.iter().any(|other| other.deed == effect.deed && other.reversible == effect.reversible) {
            kept.push(effect);
        }
    }
    kept
}
