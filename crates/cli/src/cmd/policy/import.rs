//! `bailiwick policy import FILE…`: agents' own permission rules become one policy text for the user's layer. What did not
//! translate stands in it as comments, and a denial or question among it makes the command end with "no".

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use bailiwick_dialect::permissions::{Anchors, Rules, Source, guess, read};
use bailiwick_policy::import::{Imported, import};
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::permission::{About, FilePattern, Permission, Segment, Untranslated};

use crate::dirs::{Dirs, home};
use crate::disk::real_path;
use crate::failure::{Failure, Kind, Naming as _};
use crate::terminal::{Ink, ink, line, shown};

/// Which rules, and where the policy goes.
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick policy import ~/.claude/settings.json --out ~/.config/bailiwick/claude.cedar")]
pub struct Arguments {
    /// Claude Code's settings.json; Codex's *.rules, requirements.toml, config.toml; Gemini CLI's policies or settings.json
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Whose rules they are [default: seen from each file]
    #[arg(long, value_name = "AGENT", value_parser = source)]
    from: Option<Source>,
    /// Write the policy there, and say here what became of the rules [default: print the policy]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What relative paths are below [default: the project that the file lies in]
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
}

fn source(name: &str) -> Result<Source, String> {
    let found = Source::ALL.into_iter().find(|source| source.name() == name);
    found.ok_or_else(|| format!("one of {}", Source::ALL.map(Source::name).join(", ")))
}

/// Reads, writes, and says what is missing.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let mut rules = Rules::default();
    for file in &arguments.files {
        let found = rules_of(file, arguments)?;
        rules.permissions.extend(found.permissions);
        rules.untranslated.extend(found.untranslated);
    }
    with_real_paths(&mut rules.permissions);
    let imported = import(&rules.permissions);
    let lost: Vec<&Untranslated> = rules.untranslated.iter().chain(&imported.untranslated).collect();
    let text = format!("{}{}", imported.text, remarks(&imported, &lost));
    match &arguments.out {
        None => line(text.trim_end())?,
        Some(out) => {
            write_new(out, &text)?;
            report(dirs, out, &imported, &lost)?;
        }
    }
    let stricter = lost.iter().filter(|lost| matches!(lost.verdict, Some(Verdict::Deny | Verdict::Ask))).count();
    if stricter == 0 {
        return Ok(());
    }
    let heading = format!("{stricter} rule(s) that deny or ask did not translate: they hold nothing back here");
    let failure = Failure::new(Kind::No, heading).hint("each stands at the end of the policy, with why");
    Err(failure.hint("see `bailiwick policy show` for what the default policy does in their place"))
}

fn rules_of(file: &Path, arguments: &Arguments) -> Result<Rules, Failure> {
    let text = std::fs::read_to_string(file).naming("read", file)?;
    let absolute = std::path::absolute(file).naming("find", file)?;
    let name = absolute.to_string_lossy();
    let source = arguments.from.or_else(|| guess(&name, &text)).ok_or_else(|| {
        let heading = format!("whose rules {} holds is not to be seen", file.display());
        Failure::new(Kind::Usage, heading).hint("say it: --from claude-code, codex or gemini-cli")
    })?;
    let anchors = anchors(&absolute, arguments.project.as_deref())?;
    read(source, &name, &text, &anchors).map_err(|error| {
        let heading = format!("{} is not read as rules of {}", file.display(), source.name());
        Failure::new(Kind::Configuration, heading).because(error)
    })
}

/// The user's own settings lie in the home, a project's in the project: what is relative there is below that.
fn anchors(file: &Path, project: Option<&Path>) -> Result<Anchors, Failure> {
    let text = |path: &Path| real_path(path, true).to_string_lossy().into_owned();
    let home = home();
    let mut anchors = Anchors { home: home.as_deref().map(text), ..Anchors::default() };
    let settings = file.parent().filter(|dir| dir.file_name().is_some_and(|name| name == ".claude"));
    let around = settings.and_then(Path::parent);
    if let Some(project) = project {
        let project = std::path::absolute(project).naming("find", project)?;
        anchors.root = Some(text(&project));
        anchors.work.clone_from(&anchors.root);
    } else if around.is_some() && around.map(text) == anchors.home {
        anchors.root = settings.map(text);
    } else if let Some(around) = around {
        anchors.root = Some(text(around));
        anchors.work.clone_from(&anchors.root);
    }
    Ok(anchors)
}

/// Effects name files by their real paths: where a denied path leads through a link, what it leads to is denied too.
fn with_real_paths(permissions: &mut [Permission]) {
    for permission in permissions {
        if let (About::Files(files), Verdict::Deny | Verdict::Ask) = (&mut permission.about, permission.verdict) {
            let real: Vec<FilePattern> = files.patterns.iter().filter_map(real).collect();
            files.patterns.extend(real);
        }
    }
}

fn real(pattern: &FilePattern) -> Option<FilePattern> {
    let mut dir = PathBuf::from(format!("{}/", pattern.base.as_ref()?));
    let named = pattern.segments.iter().map_while(|segment| match segment {
        Segment::Name(name) => name.plain(),
        Segment::Deep => None,
    });
    let named: Vec<&str> = named.collect();
    dir.extend(&named);
    let real = real_path(&dir, true);
    let base = real.to_str()?.trim_end_matches('/').to_owned();
    let segments = pattern.segments.get(named.len()..)?.to_vec();
    (real != dir).then_some(FilePattern { base: Some(base), segments, exact: pattern.exact })
}

/// Foreign words in one line: in a comment, nothing of them ends it.
fn one_line(text: &str) -> String {
    const WIDEST: usize = 400;
    shown(text, WIDEST)
}

/// What stands at the end of the policy, in comments.
fn remarks(imported: &Imported, lost: &[&Untranslated]) -> String {
    let mut out = String::new();
    if !imported.notes.is_empty() {
        out.push_str("\n// Not word for word:\n");
    }
    for (origin, note) in &imported.notes {
        let _ = writeln!(out, "//   {}: {}", one_line(origin), one_line(note));
    }
    if !lost.is_empty() {
        out.push_str("\n// Did not translate:\n");
    }
    for lost in lost {
        let _ = writeln!(out, "//   {}: {}", one_line(&lost.origin), one_line(&lost.why));
    }
    out
}

/// A policy that is there already stays.
fn write_new(out: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(out);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written
        .naming("write", out)
        .map_err(|failure| failure.hint("a file that is there is not replaced: name another one, or remove it"))
}

fn report(dirs: &Dirs, out: &Path, imported: &Imported, lost: &[&Untranslated]) -> Result<(), Failure> {
    line(&format!("{} {} rule(s) as {}", ink(Ink::Green, "wrote"), imported.written, out.display()))?;
    for (origin, note) in &imported.notes {
        line(&format!("{} {}: {}", ink(Ink::Dim, "not word for word"), one_line(origin), one_line(note)))?;
    }
    for lost in lost {
        let strict = matches!(lost.verdict, Some(Verdict::Deny | Verdict::Ask));
        let word = if strict { ink(Ink::Red, "NOT TRANSLATED") } else { ink(Ink::Yellow, "not translated") };
        line(&format!("{word} {}: {}", one_line(&lost.origin), one_line(&lost.why)))?;
    }
    let here = out.parent().is_some_and(|parent| real_path(parent, true) == real_path(&dirs.config, true));
    if !here {
        line(&format!(
            "it counts once it lies in {} (try it first: bailiwick policy simulate {})",
            dirs.config.display(),
            out.display()
        ))?;
    }
    Ok(())
}
