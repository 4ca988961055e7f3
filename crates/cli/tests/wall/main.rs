//! The wall, from the hook's answer to the end of the command: each test starts the real binary as Claude Code would, runs
//! the command that the answer puts in the place of its own, and looks at what became of it.
#![expect(clippy::unwrap_used, reason = "tests")]

mod bad_input;
mod beside;
mod kills;
mod review;
mod scene;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use crate::scene::{Scene, text};

#[test]
fn a_command_behaves_as_without_the_wall() {
    let scene = Scene::new();
    let out = scene.run("c1", "cat src/a.txt; echo err >&2; echo new > src/b.txt; git status --short");
    assert_eq!((text(&out.stdout), text(&out.stderr)), ("one\n?? src/b.txt\n".to_owned(), "err\n".to_owned()));
    assert_eq!(scene.run("c2", "exit 7").status.code(), Some(7));
    let line = scene.line("c3", "cd src && pwd");
    let out = scene.outside("bash").args(["-c", &format!("{line}; pwd")]).output().unwrap();
    let src = scene.work().join("src").canonicalize().unwrap();
    assert_eq!(text(&out.stdout), format!("{0}\n{0}\n", src.display()));
    assert!(scene.ledger().contains("\"exit 0\""));
}

/// Agents with one shell for all their calls go on in it.
#[test]
fn the_agents_shell_goes_on_where_the_command_left_it() {
    let scene = Scene::new();
    let first = scene.line("c1", "cd src && export COLOUR='it'\\''s blue' LD_LIBRARY_PATH=/tmp/x && unset LEFT && false");
    let second = scene.line("c2", "echo $COLOUR; echo ${LEFT-gone}; echo ${LD_LIBRARY_PATH-none}; export SLEEPS=1; sleep 3 &");
    let began = std::time::Instant::now();
    let script = format!("{first}; echo code $?; pwd; echo $MY_TOKEN; {second}; echo $SLEEPS");
    let mut shell = scene.outside("bash");
    shell.env("LEFT", "x").env("MY_TOKEN", "t0ken").env_remove("LD_LIBRARY_PATH").args(["-c", &script]);
    let out = shell.stderr(std::process::Stdio::inherit()).stdin(std::process::Stdio::null());
    let file = fs::File::create(scene.work().join("said")).unwrap();
    assert!(out.stdout(file).status().unwrap().success());
    let src = scene.work().join("src").canonicalize().unwrap();
    let said = fs::read_to_string(scene.work().join("said")).unwrap();
    assert_eq!(said, format!("code 1\n{}\nt0ken\nit's blue\ngone\nnone\n1\n", src.display()));
    assert!(began.elapsed().as_secs() < 3, "what runs on in the background was waited for");
}

/// Claude Code's shell begins with the user's aliases and functions; without them their commands would be unknown inside.
#[test]
fn aliases_and_functions_of_the_agents_shell_are_known_inside() {
    let scene = Scene::new();
    let line = scene.line("c1", "use_version 20 && greet World");
    let known = "shopt -s expand_aliases; alias greet='echo Hello,'; use_version() { export VERSION=$1; };";
    let script = format!("{known} {line}; echo code $? $VERSION");
    let out = scene.outside("bash").args(["-c", &script]).output().unwrap();
    assert_eq!(text(&out.stdout), "Hello, World\ncode 0 20\n", "{}", text(&out.stderr));
    let large = scene.line("c3", "greet big");
    let many = "for i in $(seq 3000); do eval \"f$i() { echo a function of which there are many; }\"; done;";
    let out = scene.outside("bash").args(["-c", &format!("{known} {many} {large}")]).output().unwrap();
    assert_eq!(text(&out.stdout), "Hello, big\n", "{}", text(&out.stderr));
    // What a function hides is judged where it happens.
    let hidden = scene.line("c2", "tidy_up");
    let script = format!("tidy_up() {{ rm -rf ../../home/keep; }}; {hidden}; ls ..");
    fs::create_dir_all(scene.work().join("../keep")).unwrap();
    let out = scene.outside("bash").args(["-c", &script]).output().unwrap();
    assert!(text(&out.stdout).contains("keep"), "{out:?}");
}

#[test]
fn what_the_analysis_does_not_see_the_wall_holds() {
    let scene = Scene::new();
    let tries = [
        ("cat ~/.ssh/id_ed25519", "KEY"),
        ("cat ~/other/notes.txt", "NOTES"),
        ("env", "t0ken"),
        ("ls ~/../state", "ledger"),
        ("curl -fsS --max-time 3 http://example.org/ && echo REACHED", "REACHED"),
    ];
    for (number, (script, sign)) in tries.iter().enumerate() {
        // The control: without the wall it works, but for the network.
        let plain = scene.outside("bash").env("MY_TOKEN", "t0ken").args(["-c", script]).output().unwrap();
        assert!(text(&plain.stdout).contains(sign) || script.contains("curl"), "{script}: {plain:?}");
        let out = scene.hidden(&format!("r{number}"), script);
        assert!(!text(&out.stdout).contains(sign), "{script}: {out:?}");
    }
    let writes = [
        ("echo x >> ~/.bashrc", "home/.bashrc"),
        ("echo x > .git/hooks/pre-commit", "home/work/.git/hooks/pre-commit"),
        ("echo x >> .git/config", "home/work/.git/config"),
        ("mkdir -p .claude && echo '{}' > .claude/settings.json", "home/work/.claude/settings.json"),
        ("echo '{}' > .mcp.json", "home/work/.mcp.json"),
        ("mkdir -p .vscode && echo '{}' > .vscode/tasks.json", "home/work/.vscode/tasks.json"),
        ("echo x > ~/other/notes.txt", "home/other/notes.txt"),
        ("rm -rf ~/other", "home/other/notes.txt"),
    ];
    for (number, (script, file)) in writes.iter().enumerate() {
        let before = fs::read(scene.root.join(file)).ok();
        scene.hidden(&format!("w{number}"), script);
        assert_eq!(fs::read(scene.root.join(file)).ok(), before, "{script}");
    }
    assert!(scene.ledger().contains("refused"));
}

#[test]
fn a_whole_program_runs_behind_the_wall_and_is_undone() {
    let scene = Scene::new();
    let script = "echo in > src/b.txt; rm src/a.txt; echo x >> ~/.bashrc; cat ~/.ssh/id_ed25519; git push --force https://example.org/x main; exit 5";
    let out = scene.guard().args(["run", "--", "bash", "-c", script]).env("MY_TOKEN", "t0ken").output().unwrap();
    assert_eq!(out.status.code(), Some(5), "{out:?}");
    assert!(!text(&out.stdout).contains("KEY"));
    assert_eq!(fs::read_to_string(scene.root.join("home/.bashrc")).unwrap(), "# mine\n");
    assert!(scene.work().join("src/b.txt").exists() && !scene.work().join("src/a.txt").exists());
    assert!(scene.ledger().contains("rewriting history"), "{}", scene.ledger());
    let undone = scene.guard().args(["undo", "#0"]).output().unwrap();
    assert!(undone.status.success(), "{undone:?}");
    assert!(!scene.work().join("src/b.txt").exists() && scene.work().join("src/a.txt").exists());
    let keep =
        scene.guard().args(["run", "--keep", "MY_TOKEN", "--", "bash", "-c", "echo $MY_TOKEN"]).env("MY_TOKEN", "t0ken").output();
    assert_eq!(text(&keep.unwrap().stdout), "t0ken\n");
}

#[test]
fn a_server_of_this_machine_is_reached_and_a_debuggers_port_is_not() {
    let scene = Scene::new();
    let serve = |listener: std::net::TcpListener| {
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHELLO");
                let _ = std::io::Read::read(&mut stream, &mut [0; 512]);
            }
        });
    };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    serve(listener);
    for (number, name) in ["127.0.0.1", "localhost"].iter().enumerate() {
        let out = scene.hidden(&format!("h{number}"), &format!("curl -sS --max-time 20 http://{name}:{port}/"));
        assert_eq!(text(&out.stdout), "HELLO", "{out:?}");
    }
    if let Ok(debugger) = std::net::TcpListener::bind("127.0.0.1:9229") {
        serve(debugger);
        let out = scene.hidden("c2", "curl -sS --max-time 20 http://127.0.0.1:9229/");
        assert!(!text(&out.stdout).contains("HELLO"), "{out:?}");
    }
}

#[test]
fn a_program_that_pushes_by_force_is_refused_as_it_starts() {
    let scene = Scene::new();
    let out = scene.hidden("c1", "git push --force https://example.org/x.git main && echo PUSHED");
    assert!(!text(&out.stdout).contains("PUSHED"));
    // The agent is told what was refused, by which rule, and what a person can do.
    let said = text(&out.stderr);
    assert!(said.contains("bailiwick: refused starting") && said.contains("force-push:"), "{said}");
    assert!(said.contains("bailiwick approve "), "{said}");
    assert!(scene.ledger().contains("force-push"), "{}", scene.ledger());
}

/// In a home that is new, tools make their caches at their first use.
#[test]
fn a_tool_used_for_the_first_time_has_its_cache() {
    let scene = Scene::new();
    let script = "mkdir -p ~/.cargo/registry/index && echo kept > ~/.cargo/registry/index/a && cat ~/.cargo/registry/index/a";
    let out = scene.hidden("c1", script);
    assert_eq!(text(&out.stdout), "kept\n", "{}", text(&out.stderr));
}

/// A directory that looks like a repository is one, and its settings run programs as soon as somebody looks in there.
#[test]
fn no_repository_is_slipped_into_the_workspace_and_one_that_was_asked_for_is() {
    let scene = Scene::new();
    let script = "mkdir -p docs/objects docs/refs; printf '[core]\n\tfsmonitor = touch ~/pwned\n' > docs/config; echo 'ref: refs/heads/main' > docs/HEAD";
    let out = scene.hidden("c1", script);
    assert!(scene.work().join("docs/config").exists() && !scene.work().join("docs/HEAD").exists(), "{out:?}");
    let out = scene.run("c2", "git init -q --bare ours.git && git -C ours.git rev-parse --is-bare-repository");
    assert_eq!(text(&out.stdout), "true\n", "{out:?}");
}

/// A repository on the same disk: pushing there asks about no host.
fn remote(scene: &Scene) -> std::path::PathBuf {
    let remote = scene.root.join("remote.git");
    for words in [&["init", "-q", "--bare", remote.to_str().unwrap()][..], &["commit", "-q", "--allow-empty", "-m", "one"]] {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"];
        assert!(scene.outside("git").args(identity).args(words).status().unwrap().success());
    }
    remote
}

#[test]
fn what_a_person_approves_passes_once_inside() {
    let scene = Scene::new();
    let remote = remote(&scene);
    let script = format!("git push -q --force {} HEAD:main && echo PUSHED", remote.display());
    let said = text(&scene.hidden("c1", &script).stderr);
    let entry = said.split("bailiwick approve ").nth(1).and_then(|rest| rest.split('`').next()).unwrap();
    let pending = || text(&scene.guard().arg("pending").output().unwrap().stdout);
    assert!(pending().contains(&format!("bailiwick approve {entry}\n")), "{}", pending());
    scene.approve(entry);
    assert_eq!(pending(), "nothing waits for a yes\n");
    let out = scene.hidden("c2", &script);
    assert!(!text(&out.stderr).contains("force-push"), "{}", text(&out.stderr));
    let again = scene.hidden("c3", &script);
    assert!(text(&again.stderr).contains("force-push"), "{}", text(&again.stderr));
}

#[test]
fn where_the_map_says_so_a_command_is_held_until_a_person_answers() {
    let scene = Scene::new();
    fs::create_dir_all(scene.root.join("config")).unwrap();
    fs::write(scene.root.join("config/bailiwick.toml"), "[wall]\nwait = 60\n").unwrap();
    let script = format!("git push -q --force {} HEAD:main; true", remote(&scene).display());
    let asked = std::thread::scope(|scope| {
        let held = scope.spawn(|| scene.hidden("c1", &script));
        let entry = (0..200).find_map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(100));
            let log = text(&scene.guard().args(["log", "--all", "--json"]).output().unwrap().stdout);
            log.lines().position(|entry| entry.contains("(inside)"))
        });
        scene.approve(&entry.unwrap().to_string());
        held.join().unwrap()
    });
    assert!(!text(&asked.stderr).contains("refused starting"), "{}", text(&asked.stderr));
}

#[test]
fn what_sweeps_over_the_workspace_does_not_open_its_hooks_and_settings() {
    let scene = Scene::new();
    let files = [".git/hooks/pre-commit", ".claude/settings.json", ".mcp.json"];
    let script =
        "mkdir -p .claude; for f in .git/hooks/pre-commit .claude/settings.json .mcp.json swept.txt; do echo x > $f; done";
    fs::write(scene.work().join("tool.bin"), script).unwrap();
    fs::write(scene.work().join("Makefile"), "all:\n\t@bash tool.bin\n").unwrap();
    // `git add` changes the repository's tree as a whole, says the analysis.
    scene.run("c1", "git add -A; make -s");
    assert!(scene.work().join("swept.txt").exists());
    for file in files {
        assert!(!scene.work().join(file).exists(), "{file}");
    }
}

#[test]
fn a_ticket_runs_its_own_command_once() {
    let scene = Scene::new();
    let line = scene.line("c1", "echo one >> src/a.txt");
    let other = line.replace("echo one", "echo two");
    let run = |line: &str| scene.outside("bash").args(["-c", line]).output().unwrap();
    let refused = run(&other);
    assert!(!refused.status.success() && text(&refused.stderr).contains("another command"), "{refused:?}");
    // Tried with another command, the ticket is gone.
    assert!(text(&run(&line).stderr).contains("no such ticket"));
    assert_eq!(fs::read_to_string(scene.work().join("src/a.txt")).unwrap(), "one\n");
    let line = scene.line("c2", "echo two >> src/a.txt");
    assert!(run(&line).status.success());
    assert!(!run(&line).status.success());
    assert_eq!(fs::read_to_string(scene.work().join("src/a.txt")).unwrap(), "one\ntwo\n");
    let forged = line.replace(line.split(" exec ").nth(1).unwrap().split(' ').next().unwrap(), &"0".repeat(32));
    assert!(text(&run(&forged).stderr).contains("no such ticket"));
}

#[test]
fn a_ticket_does_not_fit_what_has_become_something_else() {
    let scene = Scene::new();
    fs::write(scene.work().join("run.sh"), "echo harmless\n").unwrap();
    let line = scene.line("c1", "bash run.sh");
    fs::write(scene.work().join("run.sh"), "rm -rf src\n").unwrap();
    let out = scene.outside("bash").args(["-c", &line]).output().unwrap();
    assert!(text(&out.stderr).contains("something else"), "{out:?}");
    assert!(scene.work().join("src/a.txt").exists());
}

#[test]
fn a_ticket_fits_a_command_that_looks_at_processes() {
    let scene = Scene::new();
    for (number, (command, said)) in
        [("head -n 1 /proc/self/status", "Name:\thead\n"), ("head -qn 1 /proc/$$/comm /proc/1/comm", "head\nbailiwick\n")]
            .iter()
            .enumerate()
    {
        let out = scene.run(&format!("c{number}"), command);
        assert_eq!(text(&out.stdout), *said, "{out:?}");
    }
}

#[test]
fn what_a_shell_command_did_is_undone_and_the_undo_too() {
    let scene = Scene::new();
    let work = scene.work();
    fs::write(work.join("keep.txt"), "kept\n").unwrap();
    fs::set_permissions(work.join("keep.txt"), fs::Permissions::from_mode(0o640)).unwrap();
    let out = scene
        .run("c1", "rm -rf src; echo changed > keep.txt; chmod 600 keep.txt; mkdir made; echo x > made/x; ln -s keep.txt link");
    assert!(out.status.success(), "{out:?}");
    assert!(!work.join("src").exists() && work.join("made/x").exists());
    scene.ledger();
    let dry = scene.guard().args(["undo", "c1", "--dry-run"]).output().unwrap();
    assert!(dry.status.success() && text(&dry.stdout).contains("src") && !work.join("src").exists(), "{dry:?}");
    let undone = scene.guard().args(["undo", "c1"]).output().unwrap();
    assert!(undone.status.success(), "{undone:?}");
    assert_eq!(fs::read_to_string(work.join("src/a.txt")).unwrap(), "one\n");
    assert_eq!(fs::read_to_string(work.join("keep.txt")).unwrap(), "kept\n");
    assert_eq!(fs::metadata(work.join("keep.txt")).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(!work.join("made").exists() && !work.join("link").exists());
    let number = text(&undone.stdout).rsplit("undo '#").next().unwrap().trim_end_matches("'\n").to_owned();
    let again = scene.guard().args(["undo", &format!("#{number}")]).output().unwrap();
    assert!(again.status.success(), "{again:?}");
    assert!(!work.join("src").exists() && work.join("made/x").exists());
}

#[test]
fn what_undo_will_not_bring_back_is_said_before_it_happens() {
    let scene = Scene::new();
    let big = scene.work().join("big.bin");
    fs::File::create(&big).unwrap().set_len(300 << 20).unwrap();
    fs::create_dir(scene.work().join("target")).unwrap();
    fs::write(scene.work().join("target/made"), "made").unwrap();
    fs::write(scene.work().join(".gitignore"), "target\n").unwrap();
    let said = |call: &str, command: &str| text(&scene.run(call, command).stderr);
    // Said before the command's own first word.
    let out = said("c1", "echo begun >&2; echo x > big.bin");
    let (first, rest) = out.split_once('\n').unwrap();
    assert!(first.contains("undo will not bring back") && first.contains("big.bin") && rest == "begun\n", "{out}");
    assert!(scene.ledger().contains("314572800 bytes are more"), "{}", scene.ledger());
    assert!(said("c2", "rm -r target").contains("build output"));
    assert_eq!(said("c3", "echo x > src/a.txt; rm -r src"), "");
    fs::File::create(&big).unwrap().set_len(300 << 20).unwrap();
    // Removed whole, it is kept as the file it is.
    assert_eq!(said("c4", "rm big.bin"), "");
    // The map says how much is kept.
    fs::write(scene.root.join("config/bailiwick.toml"), "[wall]\nexec = true\n[undo]\nfile_mib = 400\n").unwrap();
    fs::File::create(&big).unwrap().set_len(300 << 20).unwrap();
    assert_eq!(said("c6", "truncate -s 301M big.bin"), "");
    fs::write(scene.root.join("config/bailiwick.toml"), "[wall]\nexec = true\n[undo]\nfile_mib = 0\n").unwrap();
    fs::write(scene.work().join("small.txt"), "small").unwrap();
    assert!(said("c7", "echo x > small.txt").contains("5 bytes are more than is kept of one file"));
    fs::write(scene.root.join("config/bailiwick.toml"), "[wall]\nexec = true\n").unwrap();
    // Whoever is asked is told, too.
    let asks = |command: &str| {
        let answer = scene.hook("c5", command);
        assert_eq!(answer["hookSpecificOutput"]["permissionDecision"], "ask", "{answer}");
        answer["hookSpecificOutput"]["permissionDecisionReason"].as_str().unwrap().to_owned()
    };
    let pushed = asks("git push --force origin main");
    assert!(pushed.contains("Undo does not take back this: push"), "{pushed}");
    fs::File::create(&big).unwrap().set_len(300 << 20).unwrap();
    let both = asks("echo x > big.bin; npm publish");
    assert!(both.contains("take back this: publish; it does not bring back 1 of the files"), "{both}");
    assert!(!asks("rm -rf ~/other").contains("Undo"));
    fs::write(scene.root.join("config/bailiwick.toml"), "[wall]\nexec = false\n").unwrap();
    let unkept = asks("rm -rf ~/other");
    assert!(unkept.contains("Undo does not bring back files here"), "{unkept}");
}

#[test]
fn what_the_map_lets_go_cannot_be_undone_and_says_so() {
    let scene = Scene::new();
    fs::write(scene.root.join("config/bailiwick.toml"), "[wall]\nexec = true\n[undo]\ndays = 0\n").unwrap();
    let journals = || fs::read_dir(scene.root.join("state/ledger/journals")).map_or(0, Iterator::count);
    assert!(scene.run("c1", "echo two > src/a.txt").status.success());
    // Looked at once a day, when a call is over: the first call's own journal is still open then.
    let looked = scene.root.join("state/cache/forgotten");
    let wait_for = |done: &dyn Fn() -> bool| {
        for _ in 0..400 {
            if done() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    };
    wait_for(&|| looked.exists());
    fs::remove_file(&looked).unwrap();
    assert!(scene.run("c2", "true").status.success());
    wait_for(&|| looked.exists() && journals() < 2);
    let undone = scene.guard().args(["undo", "c1"]).output().unwrap();
    assert!(!undone.status.success() && text(&undone.stderr).contains("cannot be put back"), "{undone:?}");
    assert_eq!(fs::read_to_string(scene.work().join("src/a.txt")).unwrap(), "two\n");
}

#[test]
fn a_session_is_undone_newest_first() {
    let scene = Scene::new();
    scene.run("c1", "echo one > n.txt");
    scene.run("c2", "echo two > n.txt; mv n.txt m.txt");
    for _ in 0..100 {
        if scene.ledger().matches("\"observed\"").count() >= 2 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let out = scene.guard().args(["undo", "--session", "s"]).output().unwrap();
    assert!(out.status.success(), "{out:?}");
    assert!(!scene.work().join("n.txt").exists() && !scene.work().join("m.txt").exists());
}

#[test]
fn a_tree_that_is_made_beside_the_workspace_is_used_at_once() {
    let scene = Scene::new();
    let out = scene.run("c1", "git worktree add -q ../x && cat ../x/src/a.txt && cd ../x && git status --short && ls -A");
    assert_eq!(text(&out.stdout), "one\n.git\nsrc\n", "{out:?}");
    let out = scene.run("c2", "git clone -q . ../y && cat ../y/src/a.txt && cd ../y && git log --format=%s");
    assert_eq!(text(&out.stdout), "one\nx\n", "{out:?}");
    let out = scene.run("c3", "mkdir -p ../m/n/o && echo new > ../m/n/o/a && cat ../m/n/o/a && ls ../m");
    assert_eq!(text(&out.stdout), "new\nn\n", "{out:?}");
    // What lies beside it stays unread.
    scene.make_does("mkdir -p ../z; cat ../other/notes.txt; ls ..");
    let out = scene.run("c4", "mkdir ../z; make -s");
    assert!(scene.root.join("home/z").exists() && text(&out.stdout).is_empty(), "{out:?}");
    assert!(scene.guard().args(["undo", "#0"]).output().unwrap().status.success());
    assert!(!scene.root.join("home/x").exists());
}

#[test]
fn a_tree_that_a_person_let_go_is_gone() {
    let scene = Scene::new();
    let out = scene.run("c1", "rm -r ../other");
    assert!(out.status.success() && !scene.root.join("home/other").exists(), "{out:?}");
    assert!(scene.guard().args(["undo", "c1"]).output().unwrap().status.success());
    assert_eq!(fs::read_to_string(scene.root.join("home/other/notes.txt")).unwrap(), "NOTES");
}

#[test]
fn the_users_settings_of_git_are_changed_by_git_alone() {
    let scene = Scene::new();
    let settings = scene.root.join("home/.gitconfig");
    let out =
        scene.run("c1", "git config --global user.name ann && git config --global user.email a@b && git config --global -l");
    assert_eq!(text(&out.stdout), "user.name=ann\nuser.email=a@b\n", "{out:?}");
    let before = fs::read_to_string(&settings).unwrap();
    // Whoever comes along with it gets nothing of it.
    let tries = [
        "git config --global alias.x '!sh'",
        "echo '[core]' >> ~/.gitconfig",
        "mv ~/.gitconfig ~/.gitconfig.old",
        "echo > ~/.gitconfig.lock",
    ];
    for (number, script) in tries.iter().enumerate() {
        scene.make_does(script);
        scene.run(&format!("t{number}"), "make -s; git config --global user.name ann");
        scene.run(&format!("u{number}"), "git config --global user.name ann; make -s");
        assert_eq!(fs::read_to_string(&settings).unwrap(), before, "{script}");
        assert!(!scene.root.join("home/.gitconfig.lock").exists(), "{script}");
    }
    assert!(scene.guard().args(["undo", "c1"]).output().is_ok());
}

/// Cline runs several commands in one call: where one of them is not walled, none is, and no right to run one lies about.
#[test]
fn of_several_commands_one_that_stays_outside_leaves_no_ticket_behind() {
    let scene = Scene::new();
    fs::write(scene.root.join("config/bailiwick.toml"), "").unwrap();
    let hook = |commands: &[&str]| {
        let cwd = scene.work();
        let event = serde_json::json!({
            "clineVersion": "", "hookName": "tool_call", "timestamp": "2026-01-01T00:00:00.000Z", "taskId": "s",
            "sessionContext": {"rootSessionId": "s"}, "workspaceRoots": [cwd], "userId": "unknown", "agent_id": "agent",
            "parent_agent_id": null, "iteration": 1,
            "tool_call": {"id": commands.join(";"), "name": "run_commands", "input": {"commands": commands}},
        });
        let mut child = scene.guard().args(["hook", "cline"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), event.to_string().as_bytes()).unwrap();
        text(&child.wait_with_output().unwrap().stdout)
    };
    let tickets = || fs::read_dir(scene.root.join("state/tickets")).map_or(0, Iterator::count);
    let answer = hook(&["ls", "python3 -m http.server 8123"]);
    assert!(!answer.contains(" exec ") && tickets() == 0, "{answer}");
    let answer = hook(&["ls", "git status"]);
    assert!(answer.contains(" exec ") && tickets() == 2, "{answer}");
}
