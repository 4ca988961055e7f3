//! `bailiwick init`: shows the change to the agent's hook settings, makes it, and proves it with a canary.

use std::fs;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};

use bailiwick_dialect::claude::settings::{Change, HookCommand, plan_install, plan_uninstall};

use crate::dirs::{Dirs, home};
use crate::failure::{Failure, Kind, Naming as _};
use crate::setup::optional;
use crate::terminal::{Ink, ink, line};

/// Put the guard into the agent's settings
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick init --dry-run\n         bailiwick init --yes")]
pub struct Arguments {
    /// Show the change, make none
    #[arg(long)]
    dry_run: bool,
    /// Make the change without asking
    #[arg(long)]
    yes: bool,
    /// Take the guard out again
    #[arg(long)]
    undo: bool,
    /// The settings file [default: ~/.claude/settings.json]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
}

/// Plans, shows, asks, writes.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let file = match &arguments.settings {
        Some(file) => file.clone(),
        None => settings_file()?,
    };
    let existing = optional(&file)?;
    let change = plan(dirs, arguments, existing.as_deref(), &file)?;
    show(&file, existing.as_deref(), &change)?;
    if change.is_nothing() || arguments.dry_run {
        return Ok(());
    }
    if !arguments.yes && !confirmed()? {
        return Err(Failure::new(Kind::No, "nothing was changed"));
    }
    write(&file, &change.after)?;
    line(&format!("{} {}", ink(Ink::Green, "written"), file.display()))?;
    if arguments.undo {
        return line("the guard is out of these settings; the ledger and your policy stay where they are");
    }
    crate::cmd::doctor::canary(dirs, &file)?;
    line("next: use your agent as before, then `bailiwick log`; `bailiwick doctor` lists what hooks cannot enforce")
}

fn plan(dirs: &Dirs, arguments: &Arguments, existing: Option<&str>, file: &Path) -> Result<Change, Failure> {
    let planned = match (arguments.undo, existing) {
        (true, None) => Ok(Change { after: String::new(), steps: Vec::new(), warnings: Vec::new() }),
        (true, Some(existing)) => plan_uninstall(existing),
        (false, existing) => plan_install(existing, &hook_command(dirs)?),
    };
    planned.map_err(|error| {
        Failure::new(Kind::Configuration, format!("{} cannot be changed safely", file.display()))
            .because(error)
            .hint("mend the file first: the agent itself ignores it as it is")
    })
}

/// The command for the settings: it names every directory, so that no environment variable can move them.
pub fn hook_command(dirs: &Dirs) -> Result<HookCommand, Failure> {
    let program = std::env::current_exe()
        .and_then(fs::canonicalize)
        .map_err(|error| Failure::new(Kind::Environment, "this program's own path cannot be found").because(error))?;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let args = vec!["--state".to_owned(), text(&dirs.state), "--config".to_owned(), text(&dirs.config)];
    Ok(HookCommand { program: text(&program), args })
}

/// The user's settings of Claude Code.
pub fn settings_file() -> Result<PathBuf, Failure> {
    let directory = std::env::var_os("CLAUDE_CONFIG_DIR").map(PathBuf::from).filter(|path| path.is_absolute());
    let directory = directory.or_else(|| home().map(|home| home.join(".claude")));
    let Some(directory) = directory else {
        return Err(Failure::new(Kind::Environment, "no home directory").hint("give --settings FILE"));
    };
    Ok(directory.join("settings.json"))
}

fn show(file: &Path, existing: Option<&str>, change: &Change) -> Result<(), Failure> {
    let how = if existing.is_some() { "change" } else { "make" };
    if change.is_nothing() {
        line(&format!("{} is as it should be", file.display()))?;
    } else {
        line(&format!("{how} {}:", file.display()))?;
    }
    change.steps.iter().try_for_each(|step| line(&format!("  {} {step}", ink(Ink::Green, "+"))))?;
    change.warnings.iter().try_for_each(|warning| line(&format!("  {} {warning}", ink(Ink::Yellow, "!"))))
}

fn confirmed() -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new(Kind::Usage, "nobody is there to ask").hint("bailiwick init --yes"));
    }
    line("make this change? [y/N]")?;
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Failure::new(Kind::Environment, "the answer cannot be read").because(error))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Replaces the settings whole, keeping the file's mode; the old text is kept beside it.
fn write(file: &Path, text: &str) -> Result<(), Failure> {
    if let Some(directory) = file.parent() {
        fs::create_dir_all(directory).naming("make", directory)?;
    }
    // Settings are often a link into a repository of dotfiles: write where it points to, keep the link.
    let file = &fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let temporary = file.with_extension(format!("json.bailiwick-{}", std::process::id()));
    if file.exists() {
        let backup = file.with_extension("json.before-bailiwick");
        if !backup.exists() {
            fs::copy(file, &backup).naming("copy", file)?;
        }
        fs::copy(file, &temporary).naming("copy", file)?;
    }
    fs::write(&temporary, text).naming("write", &temporary)?;
    fs::rename(&temporary, file).naming("replace", file)
}
