//! What the wall and its journal cost where much is written: a small crate is built anew, a set of local packages is
//! installed anew. Nothing is fetched.
//!
//! Not below the target directory, of which the journal keeps nothing; and with the user's own home, where the tools are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::table::Row;
use super::walled::{Ground, row};
use crate::shell;

/// Pairs of runs of each.
const PAIRS: usize = 5;

/// Modules of the crate.
const MODULES: usize = 12;

/// Packages that are installed, and files of each.
const PACKAGES: usize = 30;
const FILES: usize = 40;

/// Both rows.
pub(crate) fn all(binary: &Path) -> Result<Vec<Row>, String> {
    let root = std::env::temp_dir().join(format!("bailiwick-bench-{}", std::process::id()));
    let rows = built(binary, &root).and_then(|built| Ok(vec![built, installed(binary, &root)?]));
    let _ = fs::remove_dir_all(&root);
    rows
}

fn ground(binary: &Path, root: &Path, project: &str) -> Result<Ground, String> {
    let home = std::env::home_dir().ok_or("there is no home directory")?;
    Ok(Ground { binary: binary.to_owned(), root: root.to_owned(), home, project: root.join(project) })
}

/// What a run made goes before the next one.
fn gone(paths: &[PathBuf]) -> Result<(), String> {
    for path in paths {
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        if path.exists() {
            return Err(format!("{} cannot be removed", path.display()));
        }
    }
    Ok(())
}

fn built(binary: &Path, root: &Path) -> Result<Row, String> {
    let ground = ground(binary, root, "crate")?;
    let manifest = "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n";
    let module = |number: usize| {
        let body = |part: usize| {
            format!(
                "/// Adds.\npub fn add_{part}(words: &[String]) -> usize {{\n    words.iter().map(|word| word.len() * {part}).sum()\n}}\n"
            )
        };
        (format!("src/part{number}.rs"), (0..40).map(body).collect::<String>())
    };
    let used = |number: usize| format!("mod part{number};\n");
    let calls = |number: usize| format!("    sum += part{number}::add_1(&words);\n");
    let main = format!(
        "#![allow(dead_code)]\n{}fn main() {{\n    let words: Vec<String> = std::env::args().collect();\n    let mut sum = 0;\n{}    println!(\"{{sum}}\");\n}}\n",
        (0..MODULES).map(used).collect::<String>(),
        (0..MODULES).map(calls).collect::<String>()
    );
    let own = [("Cargo.toml", manifest), (".gitignore", "target\n"), ("src/main.rs", &main)];
    let own = own.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned()));
    ground.fill(own.chain((0..MODULES).map(module)))?;
    let made = ground.project.join("target/debug/small");
    let outputs = [ground.project.join("target"), ground.project.join("Cargo.lock")];
    let row = row(&ground, "cargo build --offline --quiet", "≤ 1.15×", PAIRS, &|| gone(&outputs))?;
    if made.is_file() { Ok(row) } else { Err(format!("{} was not built", made.display())) }
}

fn installed(binary: &Path, root: &Path) -> Result<Row, String> {
    let ground = ground(binary, root, "site")?;
    let packages = ground.project.join("packages");
    let failed = |error: std::io::Error| format!("cannot make {}: {error}", packages.display());
    let mut dependencies = Vec::new();
    for number in 0..PACKAGES {
        let package = root.join("package");
        let name = format!("part{number}");
        fs::create_dir_all(package.join("lib")).map_err(failed)?;
        fs::create_dir_all(&packages).map_err(failed)?;
        fs::write(
            package.join("package.json"),
            format!("{{\"name\":\"{name}\",\"version\":\"1.0.0\",\"main\":\"lib/file0.js\"}}\n"),
        )
        .map_err(failed)?;
        for file in 0..FILES {
            fs::write(package.join(format!("lib/file{file}.js")), format!("exports.value = {file};\n").repeat(20))
                .map_err(failed)?;
        }
        let mut tar = Command::new("tar");
        tar.arg("-czf").arg(packages.join(format!("{name}.tgz"))).arg("-C").arg(root).arg("package");
        shell::run(&mut tar)?;
        dependencies.push(format!("\"{name}\": \"file:packages/{name}.tgz\""));
    }
    let manifest = format!("{{\"name\":\"site\",\"version\":\"1.0.0\",\"dependencies\":{{{}}}}}\n", dependencies.join(","));
    let files = [("package.json", manifest.as_str()), (".gitignore", "node_modules\n")];
    ground.fill(files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())))?;
    let outputs = [ground.project.join("node_modules"), ground.project.join("package-lock.json")];
    let row = row(&ground, "npm install --offline --no-audit --no-fund --loglevel=error", "", PAIRS, &|| gone(&outputs))?;
    let made = ground.project.join("node_modules/part7/lib/file7.js");
    if made.is_file() { Ok(row) } else { Err(format!("{} was not installed", made.display())) }
}
