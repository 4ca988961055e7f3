//! The made-up world: a developer's home with settings and (made-up) secrets, and a project under git in it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::tree::Tree;

/// The developer's home.
pub(crate) const HOME: &str = "/home/dev";
/// The project, where every command starts.
pub(crate) const PROJECT: &str = "/home/dev/project";
/// Where programs are looked for.
pub(crate) const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The environment of every command.
pub(crate) const ENVIRONMENT: &[(&str, &str)] = &[
    ("HOME", HOME),
    ("USER", "dev"),
    ("LOGNAME", "dev"),
    ("PATH", PATH),
    ("SHELL", "/bin/bash"),
    ("LANG", "C.UTF-8"),
    ("TERM", "xterm"),
    ("PWD", PROJECT),
];

const APP: &str = "'use strict';\nconst { add } = require('./util');\n\n// TODO: read the numbers from the arguments\n\
    function main() {\n  console.log(add(1, 2));\n}\n\nmain();\n";
const UTIL: &str = "'use strict';\nfunction add(a, b) {\n  return a + b;\n}\nmodule.exports = { add };\n";
const SCRIPT: &str =
    "import sys\n\n\ndef main():\n    print('hello', len(sys.argv))\n\n\nif __name__ == '__main__':\n    main()\n";
const MANIFEST: &str = "{\n  \"name\": \"made-up\",\n  \"version\": \"1.0.0\",\n  \"private\": true,\n  \"scripts\": \
    {\"build\": \"echo build\", \"test\": \"echo test\", \"start\": \"node src/app.js\", \"lint\": \"echo lint\"}\n}\n";
const MAKE: &str = "all: build\n\nbuild:\n\t@echo built > build.log\n\ntest:\n\t@echo ok\n\nclean:\n\trm -f build.log\n\n\
    install:\n\t@echo install\n\n.PHONY: all build test clean install\n";
const TABLE: &str = "name,age,city\nann,31,Bern\nbob,27,Oslo\neve,45,Rome\n";
const C: &str = "#include <stdio.h>\n\nint main(void) {\n    printf(\"hello\\n\");\n    return 0;\n}\n";

/// A key ring without keys, so that a look does not begin with making one.
const KEYS: &[u8] =
    b"\x00\x00\x00\x20\x01\x01\x00\x02KBXf\x00\x00\x00\x00\x60\x00\x00\x00\x60\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00";

/// The project's files, apart from `.git`.
fn project() -> Tree {
    let mut tree = Tree::default();
    tree.file("README.md", "# Made up\n\nA project for measurements.\n\n## Usage\n\nRun it. TODO: more.\n");
    tree.file("package.json", MANIFEST);
    tree.file("Makefile", MAKE);
    tree.file(".gitignore", "node_modules/\nbuild/\n*.log\n.env\n");
    tree.file("src/app.js", APP);
    tree.file("src/util.js", UTIL);
    tree.file("src/index.ts", "export const answer: number = 42;\n");
    tree.file("src/main.py", SCRIPT);
    tree.file("src/main.c", C);
    tree.file("src/lib/deep/old.txt", "one\ntwo\nthree\n");
    tree.file("tests/test_main.py", "def test_nothing():\n    assert 1 + 1 == 2\n");
    tree.file("tests/app.test.js", "console.log('ok');\n");
    tree.file("data/people.csv", TABLE);
    tree.file("data/config.json", "{\"a\": 1, \"b\": [1, 2, 3], \"name\": \"made-up\"}\n");
    tree.file("data/access.log", "10.0.0.1 - GET / 200\n10.0.0.2 - GET /a 404\nERROR something\n");
    tree.file("docs/guide.md", "# Guide\n\nSome *text* here.\n");
    tree.file("config.yaml", "name: made-up\nport: 8080\n");
    tree.file_with("run.sh", "#!/bin/sh\necho run \"$@\"\n", 0o755);
    tree.file("notes.txt", "alpha\nbeta\ngamma\nerror: none\n");
    tree
}

/// What stands in the project and is in no commit.
fn loose() -> Tree {
    let mut tree = Tree::default();
    tree.file(".env", "API_KEY=made-up-value\n");
    tree.file("draft.txt", "not committed\n");
    tree.file("build/out.o", "made up\n");
    tree.file("node_modules/left/index.js", "module.exports = 1;\n");
    tree.file("node_modules/left/package.json", "{\"name\": \"left\", \"version\": \"1.0.0\"}\n");
    tree
}

/// The home's files.
fn home() -> Tree {
    let mut tree = Tree::default();
    tree.file("dev/.bashrc", "# made up\nalias ll='ls -l'\n");
    tree.file("dev/.profile", "# made up\n");
    tree.file("dev/.bash_history", "ls\ngit status\n");
    tree.file("dev/.gitconfig", "[user]\n\tname = Dev\n\temail = dev@example.com\n[init]\n\tdefaultBranch = main\n");
    tree.file_with("dev/.ssh/id_ed25519", "made-up private key\n", 0o600);
    tree.file("dev/.ssh/id_ed25519.pub", "ssh-ed25519 AAAAmadeup dev@example.com\n");
    tree.file("dev/.ssh/config", "Host box\n  HostName box.example.com\n");
    tree.file("dev/.ssh/known_hosts", "");
    tree.file_with("dev/.aws/credentials", "[default]\naws_access_key_id = made-up\naws_secret_access_key = made-up\n", 0o600);
    tree.file("dev/.aws/config", "[default]\nregion = eu-central-1\n");
    tree.file("dev/.npmrc", "fund=false\n");
    tree.file("dev/Documents/letter.txt", "Dear all\n");
    tree.file("dev/Downloads/archive.txt", "downloaded\n");
    tree.folder("dev/.config");
    tree.file("dev/.gnupg/pubring.kbx", KEYS);
    tree.folder("dev/.cache");
    tree.folder("dev/.local/share");
    tree.folder("dev/Desktop");
    tree
}

/// Makes the project's repository in an empty folder: some commits, a branch, a tag, a remote and a stash-free state.
pub(crate) fn repository(folder: &Path) -> Result<(), String> {
    project().write(folder).map_err(|error| error.to_string())?;
    git(folder, &["init", "-q", "-b", "main", "--template="])?;
    git(folder, &["add", "."])?;
    git(folder, &["commit", "-q", "-m", "First"])?;
    fs::write(folder.join("docs/more.md"), "# More\n").map_err(|error| error.to_string())?;
    git(folder, &["add", "."])?;
    git(folder, &["commit", "-q", "-m", "Add a page"])?;
    git(folder, &["branch", "feature"])?;
    git(folder, &["tag", "v1.0.0"])?;
    git(folder, &["remote", "add", "origin", "https://git.example.com/dev/made-up.git"])?;
    fs::write(folder.join("notes.txt"), "alpha\nbeta\ndelta\nerror: none\n").map_err(|error| error.to_string())?;
    git(folder, &["add", "notes.txt"])?;
    git(folder, &["commit", "-q", "-m", "Change the notes"])?;
    git(folder, &["gc", "-q"])?;
    fs::write(folder.join("config.yaml"), "name: made-up\nport: 9090\n").map_err(|error| error.to_string())?;
    loose().write(folder).map_err(|error| error.to_string())
}

fn git(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments).env("HOME", folder).env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "Dev").env(format!("GIT_{who}_EMAIL"), "dev@example.com");
        command.env(format!("GIT_{who}_DATE"), "2026-01-01T12:00:00Z");
    }
    let output = command.output().map_err(|error| format!("cannot start git: {error}"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("git {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
    }
}

/// Everything below /home: the made-up home, and the project as it stands in that folder.
pub(crate) fn homes(repository: &Path) -> std::io::Result<Tree> {
    let mut tree = home();
    tree.take(repository, Path::new("dev/project"))?;
    Ok(tree)
}
