//! A made-up home with a made-up project in it, for commands to be judged in. In: an empty place. Out: the project's path.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell;

/// The project's files: of several languages, since the commands are.
const FILES: &[(&str, &str)] = &[
    ("README.md", "# app\n"),
    (
        "package.json",
        "{\"name\":\"app\",\"version\":\"1.0.0\",\"scripts\":{\"test\":\"node --test\",\"build\":\"node scripts/build.js\"}}\n",
    ),
    ("Makefile", "all:\n\techo done\n"),
    (".env.example", "PORT=3000\n"),
    (".gitignore", "node_modules\n.env\ntarget\n"),
    ("src/index.js", "console.log(1)\n"),
    ("src/main.py", "print(1)\n"),
    ("tests/test_main.py", "def test(): assert True\n"),
    ("scripts/build.js", "console.log('build')\n"),
    ("scripts/deploy.sh", "#!/bin/sh\necho deploy\n"),
    ("requirements.txt", "requests\n"),
    ("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\n"),
    ("go.mod", "module app\n"),
    ("setup.py", "from setuptools import setup\nsetup()\n"),
    ("main.py", "print(1)\n"),
    ("index.html", "<p>\n"),
    ("docs/guide.md", "# Guide\n"),
    ("config/app.yml", "a: 1\n"),
    ("docker-compose.yml", "services: {}\n"),
    ("Dockerfile", "FROM scratch\n"),
    ("configure", "#!/bin/sh\necho configured\n"),
];

/// Makes home and project below `place`, with a repository that has one commit and one remote.
pub(super) fn make(place: &Path) -> Result<PathBuf, String> {
    let project = place.join("home/dev/work/app");
    for (name, text) in FILES {
        let path = project.join(name);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        made.map_err(|error| format!("cannot make {}: {error}", path.display()))?;
    }
    let commands: [&[&str]; 4] = [
        &["init", "-q", "-b", "main"],
        &["add", "-A"],
        &["-c", "user.name=dev", "-c", "user.email=dev@example.org", "commit", "-q", "-m", "First"],
        &["remote", "add", "origin", "https://github.com/dev/app.git"],
    ];
    for words in commands {
        let mut git = shell::at_root("git");
        git.args(words).current_dir(&project).env("HOME", place.join("home/dev")).env("GIT_CONFIG_GLOBAL", "/dev/null");
        shell::run(&mut git)?;
    }
    Ok(project)
}
