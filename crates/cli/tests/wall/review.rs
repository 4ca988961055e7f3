//! `run --review`: the workspace stays as it is until a person accepts, whole or by path; what was accepted is undone like
//! anything else; what somebody changed meanwhile is shown and left alone.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::scene::{Scene, text};

/// Everything that a run may do to names.
const SCRIPT: &str = "set -e
echo two >> src/a.txt
printf 'a\\0b' > binary
printf 'x\\0y' > 'odd %41 naïve name'
rm src/gone.txt
mv src/moved.txt src/elsewhere.txt
chmod 755 src/tool.sh
rm link; ln -s src/a.txt link
rm -r tree; mkdir tree; echo anew > tree/anew
mkdir -p made/deep; echo deep > made/deep/file
rm -r becomes-file; echo file > becomes-file
rm becomes-directory; mkdir becomes-directory; echo x > becomes-directory/x
cp -p src/same.txt /tmp/same.$$; cat /tmp/same.$$ > src/same.txt; rm /tmp/same.$$
mkfifo pipe
";

fn prepared() -> Scene {
    let scene = Scene::new();
    let work = scene.work();
    for (file, content) in [
        ("src/gone.txt", "gone\n"),
        ("src/moved.txt", "moved\n"),
        ("src/tool.sh", "#!/bin/sh\n"),
        ("src/same.txt", "same\n"),
        ("tree/one", "1"),
        ("tree/sub/two", "2"),
        ("becomes-file/inner", "i"),
        ("becomes-directory", "f"),
    ] {
        fs::create_dir_all(work.join(file).parent().unwrap()).unwrap();
        fs::write(work.join(file), content).unwrap();
    }
    fs::set_permissions(work.join("src/tool.sh"), fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("src/tool.sh", work.join("link")).unwrap();
    scene
}

fn run(scene: &Scene, script: &str) -> Output {
    // Below the scene, so that nothing of it is left on the machine.
    let script = script.replace("/tmp/", &format!("{}/home/work/src/.", scene.root.display()));
    let mut command = scene.guard();
    command.args(["run", "--review", "--", "bash", "-c", &script]).stdin(Stdio::null());
    command.output().unwrap()
}

fn review(scene: &Scene, arguments: &[&str]) -> Output {
    scene.guard().arg("review").args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn changes(scene: &Scene) -> BTreeMap<String, (String, bool)> {
    let out = review(scene, &["--json"]);
    let listed: Value = serde_json::from_slice(&out.stdout).unwrap_or(Value::Null);
    let one = |change: &Value| {
        let what = change["what"].as_str().unwrap_or_default().to_owned();
        (change["path"].as_str().unwrap_or_default().to_owned(), (what, !change["conflict"].is_null()))
    };
    listed["changes"].as_array().map(|all| all.iter().map(one).collect()).unwrap_or_default()
}

/// Names with modes, contents and links; without git's own.
fn tree(directory: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory_now) = open.pop() {
        for entry in fs::read_dir(&directory_now).unwrap().flatten() {
            let (path, found) = (entry.path(), entry.path().symlink_metadata().unwrap());
            let name = path.strip_prefix(directory).unwrap().to_string_lossy().into_owned();
            if name == ".git" {
                continue;
            }
            let mode = found.permissions().mode();
            let content = if found.is_symlink() {
                fs::read_link(&path).unwrap().display().to_string()
            } else if found.is_dir() {
                open.push(path);
                String::new()
            } else {
                String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()
            };
            all.insert(name, format!("{mode:o} {content}"));
        }
    }
    all
}

#[test]
fn the_workspace_stays_until_all_is_accepted_and_the_acceptance_is_undone() {
    let scene = prepared();
    let before = tree(&scene.work());
    let out = run(&scene, SCRIPT);
    assert!(out.status.success() && text(&out.stderr).contains("wait for your review"), "{out:?}");
    assert_eq!(tree(&scene.work()), before);
    let listed = changes(&scene);
    let what = |path: &str| listed.get(path).map(|(what, conflict)| (what.as_str(), *conflict));
    for (path, wanted) in [
        ("src/a.txt", "changed"),
        ("binary", "added"),
        ("odd %41 naïve name", "added"),
        ("src/gone.txt", "removed"),
        ("src/moved.txt", "removed"),
        ("src/elsewhere.txt", "added"),
        ("src/tool.sh", "mode"),
        ("link", "changed"),
        ("tree/one", "removed"),
        ("tree/sub", "removed"),
        ("tree/anew", "added"),
        ("made/deep/file", "added"),
        ("becomes-file/inner", "removed"),
        ("becomes-directory/x", "added"),
        ("pipe", "special"),
    ] {
        assert_eq!(what(path), Some((wanted, false)), "{path}: {listed:?}");
    }
    assert_eq!(what("src/same.txt"), None);
    let diff = text(&review(&scene, &["--diff"]).stdout);
    assert!(
        diff.contains("+two") && diff.contains("-gone") && diff.contains("not text") && diff.contains("mode 755, was 640"),
        "{diff}"
    );
    assert_eq!(tree(&scene.work()), before, "showing changes nothing");

    let accepted = review(&scene, &["--accept"]);
    // The pipe alone is left.
    assert_eq!(accepted.status.code(), Some(1), "{accepted:?}");
    let after = tree(&scene.work());
    assert_eq!(after.get("src/a.txt").map(String::as_str), Some("100644 one\ntwo\n"));
    assert_eq!(after.get("src/tool.sh").map(String::as_str), Some("100755 #!/bin/sh\n"));
    assert_eq!(after.get("link").map(String::as_str), Some("120777 src/a.txt"));
    assert!(after.contains_key("becomes-directory/x") && after.contains_key("made/deep/file") && after.contains_key("tree/anew"));
    assert!(!after.contains_key("src/gone.txt") && !after.contains_key("tree/one") && !after.contains_key("pipe"));
    assert_eq!(after.get("becomes-file").map(String::as_str), Some("100644 file\n"));
    assert_eq!(changes(&scene).into_keys().collect::<Vec<_>>(), ["pipe"]);

    let number = text(&accepted.stdout).rsplit("undo '#").next().unwrap().trim_end_matches("'\n").to_owned();
    let undone = scene.guard().args(["undo", &format!("#{number}")]).output().unwrap();
    assert!(undone.status.success(), "{undone:?}");
    assert_eq!(tree(&scene.work()), before);
    assert!(scene.guard().arg("verify").status().unwrap().success());
}

#[test]
fn a_part_is_accepted_and_a_part_discarded() {
    let scene = prepared();
    run(&scene, SCRIPT);
    assert!(review(&scene, &["--accept", "src/a.txt", "made/deep/file"]).status.success());
    assert_eq!(fs::read_to_string(scene.work().join("src/a.txt")).unwrap(), "one\ntwo\n");
    assert_eq!(fs::read_to_string(scene.work().join("made/deep/file")).unwrap(), "deep\n");
    assert!(!scene.work().join("binary").exists() && scene.work().join("src/gone.txt").exists());
    let discarded = review(&scene, &["--discard", "src", "link"]);
    assert!(discarded.status.success(), "{discarded:?}");
    let left = changes(&scene);
    assert!(!left.keys().any(|path| path.starts_with("src") || path == "link") && left.contains_key("binary"), "{left:?}");
    assert!(review(&scene, &["--accept", "nothing-there"]).status.code() == Some(1));
    assert!(review(&scene, &["--discard"]).status.success());
    assert!(scene.work().join("src/gone.txt").exists() && !scene.work().join("binary").exists());
    assert_eq!(fs::read_dir(scene.root.join("state/reviews")).unwrap().count(), 0);
    assert!(text(&review(&scene, &[]).stderr).contains("no run waits"));
}

#[test]
fn what_somebody_changed_meanwhile_is_shown_and_left_alone() {
    let scene = prepared();
    run(
        &scene,
        "echo mine >> src/a.txt; rm src/gone.txt; echo mine > made.txt; echo fine > fine.txt; echo m > src/kept/x || mkdir src/kept",
    );
    let work = scene.work();
    fs::write(work.join("src/a.txt"), "theirs\n").unwrap();
    fs::write(work.join("src/gone.txt"), "theirs\n").unwrap();
    fs::write(work.join("made.txt"), "theirs\n").unwrap();
    let listed = changes(&scene);
    for path in ["src/a.txt", "src/gone.txt", "made.txt"] {
        assert!(listed.get(path).is_some_and(|(_, conflict)| *conflict), "{path}: {listed:?}");
    }
    let accepted = review(&scene, &["--accept"]);
    assert_eq!(accepted.status.code(), Some(1), "{accepted:?}");
    for path in ["src/a.txt", "src/gone.txt", "made.txt"] {
        assert_eq!(fs::read_to_string(work.join(path)).unwrap(), "theirs\n", "{path}");
    }
    assert_eq!(fs::read_to_string(work.join("fine.txt")).unwrap(), "fine\n");
    assert_eq!(changes(&scene).len(), 3);
}

#[test]
fn a_link_that_came_into_the_way_is_not_followed() {
    let scene = prepared();
    run(&scene, "echo in > src/new.txt; echo two > tree/sub/two");
    let work = scene.work();
    fs::rename(work.join("src"), work.join("src-before")).unwrap();
    std::os::unix::fs::symlink(scene.root.join("home/other"), work.join("src")).unwrap();
    let accepted = review(&scene, &["--accept"]);
    assert_eq!(accepted.status.code(), Some(1), "{accepted:?}");
    assert!(!scene.root.join("home/other/new.txt").exists());
    assert_eq!(fs::read_to_string(work.join("tree/sub/two")).unwrap(), "two\n");
}

#[test]
fn a_run_that_changes_nothing_leaves_nothing_and_one_that_goes_on_is_waited_for() {
    let scene = prepared();
    let out = run(&scene, "cat src/a.txt; touch src/a.txt; exit 3");
    assert_eq!((out.status.code(), text(&out.stdout)), (Some(3), "one\n".to_owned()), "{out:?}");
    assert!(text(&review(&scene, &[]).stderr).contains("no run waits"));
    let out = run(&scene, "(sleep 8; echo late > late.txt) >/dev/null 2>&1 </dev/null & echo now > now.txt");
    assert!(text(&out.stderr).contains("in the background"), "{out:?}");
    assert!(text(&review(&scene, &["--accept"]).stderr).contains("still runs"));
    for _ in 0..200 {
        if review(&scene, &["--accept", "now.txt"]).status.success() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert!(scene.work().join("now.txt").exists());
    assert_eq!(changes(&scene).into_keys().collect::<Vec<_>>(), ["late.txt"]);
}

#[test]
fn what_is_protected_stays_so_under_the_layer() {
    let scene = prepared();
    run(
        &scene,
        "echo x > .git/hooks/pre-commit; mkdir -p .claude; echo '{}' > .claude/settings.json; echo x > ../other/notes.txt; echo ok > ok.txt",
    );
    assert_eq!(changes(&scene).into_keys().collect::<Vec<_>>().join(" ").replace(".claude ", ""), "ok.txt");
    assert_eq!(fs::read_to_string(scene.root.join("home/other/notes.txt")).unwrap(), "NOTES");
}
