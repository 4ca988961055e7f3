//! `bailiwick scan`: what detection sees in files, by hand and in CI. Reads files, standard input and directories (by their
//! `.gitignore`), changes nothing. Exit code 1 where something at or above the threshold was found.

mod read;
mod sarif;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use bailiwick_detect::classifier;
use bailiwick_vocab::finding::{Finding, Strength};
use serde_json::json;

use crate::failure::Failure;
use crate::terminal::{self, Ink, ink};

/// Look for secrets, hidden text and orders to agents in files
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick scan . --at strong\n         curl -s https://example.org | bailiwick scan -")]
pub struct Arguments {
    /// Files, directories, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// Answer as JSON, one object a finding and line
    #[arg(long)]
    json: bool,
    /// Answer as SARIF 2.1.0
    #[arg(long, conflicts_with = "json")]
    sarif: bool,
    /// What is shown and decides the exit code: this strength and above
    #[arg(long, value_enum, default_value_t = Least::Fair)]
    at: Least,
    /// From which probability on, 0 to 1, a file's passage that reads most like an order to an agent is a finding; or off
    #[arg(long, value_name = "PROBABILITY", value_parser = bar, default_value_t = Bar(Some(classifier::ONE_IN_A_THOUSAND)))]
    classifier: Bar,
}

/// The classifier's bar; none: it is not asked.
#[derive(Clone, Copy)]
struct Bar(Option<f32>);

impl std::fmt::Display for Bar {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(bar) => write!(out, "{bar}"),
            None => out.write_str("off"),
        }
    }
}

fn bar(text: &str) -> Result<Bar, String> {
    if text == "off" {
        return Ok(Bar(None));
    }
    let bar = text.parse().ok().filter(|bar| (0.0..=1.0).contains(bar));
    bar.map(|bar| Bar(Some(bar))).ok_or_else(|| "a number from 0 to 1, or off".to_owned())
}

/// The least strength that counts.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Least {
    /// Everything, hints too.
    Weak,
    /// What is rare in harmless texts.
    Fair,
    /// What hardly ever stands in harmless texts.
    Strong,
}

impl Least {
    fn strength(self) -> Strength {
        match self {
            Least::Weak => Strength::Weak,
            Least::Fair => Strength::Fair,
            Least::Strong => Strength::Strong,
        }
    }
}

/// One finding with where it is for people.
#[derive(Debug)]
pub struct Located {
    path: String,
    finding: Finding,
    /// Line and column of start and end, from 1, columns in characters; absent where the text was taken out of a document.
    region: Option<[(usize, usize); 2]>,
    /// What stands there, where that may be shown.
    excerpt: String,
}

/// Scans and prints.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let least = arguments.at.strength();
    let mut progress = Progress::new();
    let mut found: Vec<Located> = Vec::new();
    let mut count = 0_usize;
    read::each(
        &arguments.paths,
        arguments.classifier.0,
        &mut |path, bytes| {
            progress.tick(path, bytes);
        },
        &mut |located: Located| -> Result<(), Failure> {
            if located.finding.strength < least {
                return Ok(());
            }
            count += 1;
            if arguments.sarif {
                found.push(located);
                return Ok(());
            }
            if arguments.json { terminal::json(&as_json(&located)) } else { terminal::line(&as_line(&located)) }
        },
    )?;
    progress.end();
    if arguments.sarif {
        terminal::json(&sarif::log(&found))?;
    } else if !arguments.json && count == 0 {
        terminal::line(&format!("nothing in {} files", progress.files))?;
    }
    Ok(if count > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn as_json(located: &Located) -> serde_json::Value {
    let finding = &located.finding;
    let place = located.region.map(|[(line, column), _]| json!({ "line": line, "column": column }));
    json!({
        "path": located.path,
        "rule": finding.rule,
        "strength": finding.strength.word(),
        "means": finding.text,
        "seen": finding.seen,
        "start": finding.span.start,
        "end": finding.span.end,
        "place": place,
    })
}

fn as_line(located: &Located) -> String {
    let finding = &located.finding;
    let colour = match finding.strength {
        Strength::Strong => Ink::Red,
        Strength::Fair => Ink::Yellow,
        Strength::Weak => Ink::Dim,
    };
    let place = located.region.map_or(String::new(), |[(line, column), _]| format!(":{line}:{column}"));
    let seen = if finding.seen.is_empty() { String::new() } else { format!(" ({})", finding.seen) };
    let excerpt = if located.excerpt.is_empty() { String::new() } else { format!(": {}", located.excerpt) };
    let rule = ink(colour, &format!("{} {}", finding.strength.word(), finding.rule));
    format!("{}{place}: {rule}: {}{seen}{}", shown(&located.path), finding.text, ink(Ink::Dim, &excerpt))
}

/// A text from a file as a terminal may get it: no control characters, nothing that is not shown.
fn shown(text: &str) -> String {
    let plain = |char: char| {
        !char.is_control()
            && !matches!(char, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E01EF}')
    };
    text.chars().map(|char| if plain(char) { char } else { '·' }).collect()
}

/// Says on standard error how far a long scan is, where that is a terminal.
struct Progress {
    started: Instant,
    said: Option<Instant>,
    files: usize,
    bytes: u64,
    terminal: bool,
}

impl Progress {
    fn new() -> Self {
        Progress { started: Instant::now(), said: None, files: 0, bytes: 0, terminal: std::io::stderr().is_terminal() }
    }

    fn tick(&mut self, path: &str, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
        let due =
            self.said.map_or(self.started.elapsed() > Duration::from_secs(1), |said| said.elapsed() > Duration::from_millis(200));
        if self.terminal && due {
            self.said = Some(Instant::now());
            let name: String = shown(path).chars().take(60).collect();
            let _ = write!(std::io::stderr(), "\r\u{1b}[K{} files, {} MB, {name}", self.files, self.bytes >> 20);
        }
    }

    fn end(&mut self) {
        if self.said.is_some() {
            let _ = write!(std::io::stderr(), "\r\u{1b}[K");
        }
    }
}
