//! `bailiwick map`: drafts what the map should say of tools, from what their server says of them. In: an MCP `tools/list`
//! result. Out: TOML for people to look through. It asks no server and trusts nothing that it writes.

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use bailiwick_detect::Limits;
use bailiwick_guard::draft::{Offered, drafts, offered};
use bailiwick_guard::maps;
use bailiwick_vocab::effect::ToolKnowledge;
use bailiwick_vocab::finding::{Finding, Strength};
use bailiwick_vocab::map::{Map, Tool};
use serde_json::Value;

use crate::failure::{Failure, Kind, Naming as _};
use crate::terminal;

/// Longest list of tools that is read.
const MAX_BYTES: u64 = 16 << 20;

/// Characters of a description that go into the draft.
const MAX_SAID: usize = 120;

/// Draft what the map says of a server's tools
///
/// What a tool does, whom its arguments reach, and who writes what it returns is drafted from names, schemas and
/// annotations: the server's own word. Look through the draft before you use it.
#[derive(clap::Args)]
#[command(
    after_help = "Example: bailiwick map --from tools.json --output bailiwick.toml\n         bailiwick judge --map bailiwick.toml --preset assistant < events.jsonl"
)]
pub struct Arguments {
    /// The result of an MCP `tools/list`, as JSON; - is standard input
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The server's name in the agent's configuration: tools are named SERVER/TOOL
    #[arg(long, value_name = "NAME")]
    server: Option<String>,
    /// Where to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Reads, drafts, writes.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let text = text(&arguments.from)?;
    let no_list = || Failure::new(Kind::Configuration, format!("{} holds no list of tools", arguments.from.display()));
    let listed: Value = serde_json::from_str(&text).map_err(|error| no_list().because(error))?;
    let tools = offered(&listed).map_err(|why| no_list().because(std::io::Error::other(why)))?;
    let draft = draft(&tools, arguments.server.as_deref());
    // What is written here must be what `judge` will read.
    maps::parse("the draft", &draft)
        .map_err(|error| Failure::new(Kind::Environment, "the draft is no map (a bug)").because(error))?;
    match &arguments.output {
        Some(file) => fs::write(file, draft).naming("write", file),
        None => terminal::line(draft.trim_end()),
    }
}

fn text(file: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(MAX_BYTES).read_to_string(&mut text)
    } else {
        fs::File::open(file).and_then(|file| file.take(MAX_BYTES).read_to_string(&mut text))
    };
    read.naming("read", file)?;
    Ok(text)
}

fn draft(tools: &[Offered], server: Option<&str>) -> String {
    let mut text = String::from(
        "# Drafted by `bailiwick map` from what the tools' server says of them. Look through it: what a tool does (`does`,\n\
         # `acts`), whom its arguments reach (`to`, `reaches`), which thing they name (`of`), and which fields of what it\n\
         # returns only you or the service can set (`owned`), or say who wrote it (`from`); all else is others' text.\n",
    );
    for ((name, tool), offered) in drafts(tools).iter().zip(tools) {
        let _ = write!(text, "\n# {}\n", said(&offered.description));
        for finding in poison(offered) {
            let _ = writeln!(text, "# Look out, its description speaks to agents: {} ({})", finding.text, finding.rule);
        }
        if tool.does == ToolKnowledge::Unknown {
            text.push_str("# Not understood: each call of it asks until somebody says here what it does.\n");
        }
        text.push_str(&entry(&server.map_or_else(|| name.clone(), |server| format!("{server}/{name}")), tool));
    }
    text
}

/// What detection sees in what a tool says of itself: every agent that lists it reads that.
fn poison(offered: &Offered) -> Vec<Finding> {
    let said = offered.arguments.iter().map(|(_, description)| description).chain([&offered.description, &offered.name]);
    let found = said.flat_map(|text| bailiwick_detect::scan(text, &Limits::default()));
    found.filter(|finding| finding.strength >= Strength::Fair).collect()
}

fn entry(name: &str, tool: &Tool) -> String {
    let tools = [(name.to_owned(), tool.clone())].into_iter().collect();
    let map = Map { tools, ..Map::default() };
    let written = toml::to_string(&map).unwrap_or_default();
    // The other tables of an empty map.
    written.split("\n[").filter(|table| table.trim_start_matches('[').starts_with("tools.")).map(table).collect()
}

fn table(text: &str) -> String {
    format!("{}{}\n", if text.starts_with('[') { "" } else { "[" }, text.trim_end())
}

/// The first words of a description, on one line.
fn said(description: &str) -> String {
    let line = description.split_whitespace().collect::<Vec<_>>().join(" ");
    terminal::shown(&line, MAX_SAID)
}
