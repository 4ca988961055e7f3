//! `bailiwick policy check | test | show`: does the policy load, do its examples hold, what does it say in words.

use std::path::PathBuf;

use bailiwick_guard::trust::Trusted;
use bailiwick_policy::load::{Layer, LayerKind};
use bailiwick_policy::policy::Policy;

use crate::dirs::{Dirs, workspace_of};
use crate::failure::{Failure, Kind, Naming as _};
use crate::setup::{Choice, layers, optional};
use crate::terminal::{Ink, ink, line};

/// Check, test and read the policy
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick policy check my.cedar")]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Load the policy that holds here, or the given files, and show every problem with its source
    Check(Files),
    /// Run the examples that stand in the policies (they run at every load as well)
    Test(Files),
    /// Say in words what an agent may do here
    Show(Files),
}

#[derive(clap::Args)]
struct Files {
    /// Policy files [default: all that hold in this directory]
    files: Vec<PathBuf>,
    /// A built-in policy instead of the configured one
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
}

/// Runs one of the three.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.what {
        What::Check(files) => check(dirs, files),
        What::Test(files) => test(dirs, files),
        What::Show(files) => line(compiled(&chosen(dirs, files)?)?.show().trim_end()),
    }
}

fn check(dirs: &Dirs, files: &Files) -> Result<(), Failure> {
    let layers = chosen(dirs, files)?;
    let policy = compiled(&layers)?;
    for note in policy.notes() {
        line(&format!("{} {}", ink(Ink::Yellow, "note:"), note.render()))?;
    }
    for layer in &layers {
        let trust = if layer.trusted { "" } else { " (not trusted: only what it forbids counts; bailiwick trust)" };
        line(&format!("{} {}{trust}", ink(Ink::Green, "loads"), layer.source))?;
    }
    Ok(())
}

fn test(dirs: &Dirs, files: &Files) -> Result<(), Failure> {
    let layers = chosen(dirs, files)?;
    let policy = compiled(&layers)?;
    let (must, must_not) = policy.examples();
    line(&format!("{must} examples match and {must_not} do not, as written, in {} file(s)", layers.len()))
}

fn chosen(dirs: &Dirs, files: &Files) -> Result<Vec<Layer>, Failure> {
    if files.files.is_empty() {
        let here = std::env::current_dir().unwrap_or_default();
        let trusted = Trusted::parse(&optional(&dirs.config.join("trusted"))?.unwrap_or_default());
        let choice = Choice { preset: files.preset.clone(), ..Choice::default() };
        return layers(dirs, &workspace_of(&here.to_string_lossy()), &choice, &trusted);
    }
    let read = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).naming("read", file)?;
        Ok(Layer { kind: LayerKind::User, source: file.display().to_string(), text, trusted: true })
    };
    files.files.iter().map(read).collect()
}

fn compiled(layers: &[Layer]) -> Result<Policy, Failure> {
    Policy::compile(layers).map_err(|problems| {
        let text: String = problems.iter().map(|problem| format!("\n{}", problem.render())).collect();
        Failure::new(Kind::Configuration, format!("{} problem(s){text}", problems.len()))
    })
}
