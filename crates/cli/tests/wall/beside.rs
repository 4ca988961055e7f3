//! What a call makes beside the workspace, and files there that it may rewrite: used at once, and nothing besides.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::scene::{Scene, text};

#[test]
fn what_a_call_makes_beside_the_workspace_can_be_executed_in_the_same_call() {
    let scene = Scene::new();
    fs::write(scene.work().join("run.sh"), "#!/bin/sh\necho ran \"$@\"\n").unwrap();
    fs::set_permissions(scene.work().join("run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    let commit = "git add run.sh && git -c user.name=a -c user.email=a@b commit -qm run";
    assert!(scene.outside("bash").args(["-c", commit]).status().unwrap().success());
    let tries = [
        ("git clone -q . ../x && ../x/run.sh clone", "ran clone\n"),
        ("git worktree add -q ../w && cd ../w && ./run.sh tree", "ran tree\n"),
        ("mkdir -p ../out/deep && cp run.sh ../out/deep && ../out/deep/run.sh deep", "ran deep\n"),
        ("cp run.sh ../alone.sh && ../alone.sh alone", "ran alone\n"),
        ("cp /bin/echo ../e && ../e program", "program\n"),
        // Once more under the same name.
        ("mkdir ../o && rm -r ../o && mkdir ../o && cp run.sh ../o && ../o/run.sh again", "ran again\n"),
        ("rm -r ../other && mkdir ../other && cp run.sh ../other && ../other/run.sh anew", "ran anew\n"),
    ];
    for (number, (script, said)) in tries.iter().enumerate() {
        let out = scene.run(&format!("c{number}"), script);
        assert_eq!(text(&out.stdout), *said, "{script}: {out:?}");
    }
    assert!(scene.guard().args(["undo", "c2"]).output().unwrap().status.success());
    assert!(!scene.root.join("home/out").exists());
}

#[test]
fn what_is_made_is_as_its_maker_wants_it_and_nothing_waits_for_it_any_more() {
    let scene = Scene::new();
    let out = scene.run(
        "c1",
        "umask 027; mkdir ../a && mkdir -m 700 ../b && mkdir -m 1777 ../c && touch ../f && stat -c '%a %s' ../a ../b ../c ../f",
    );
    let modes = text(&out.stdout).lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(modes, ["750", "700", "1777", "640"], "{out:?}");
    // What a directory gives to all that is made in it, it gives here too.
    let home = scene.root.join("home");
    fs::set_permissions(&home, fs::Permissions::from_mode(0o2755)).unwrap();
    let out = scene.run("c2", "mkdir ../s && stat -c %A ../s");
    assert_eq!(text(&out.stdout), "drwxr-sr-x\n", "{out:?}");
    scene.ledger();
    let waits = || fs::read_dir(scene.root.join("state/ready")).map_or(0, Iterator::count);
    assert!((0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        waits() == 0
    }));
}

/// A directory that was made elsewhere, and moved, brings no right along.
#[test]
fn what_cannot_be_executed_in_the_same_call_says_so_and_what_to_do() {
    let scene = Scene::new();
    fs::write(scene.work().join("run.sh"), "#!/bin/sh\necho ran\n").unwrap();
    fs::set_permissions(scene.work().join("run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    let out = scene.run("c1", "mkdir made && cp run.sh made && mv made ../moved && ../moved/run.sh");
    let said = text(&out.stderr);
    assert!(
        text(&out.stdout).is_empty()
            && said.contains("it was made in this call, which cannot be let run it any more: start it in a call of its own"),
        "{said}"
    );
    let out = scene.run("c2", "../moved/run.sh");
    assert_eq!(text(&out.stdout), "ran\n", "{out:?}");
}

/// What lies beside is neither executed nor read, whatever else may be made there.
#[test]
fn what_lies_beside_what_a_call_makes_stays_closed() {
    let scene = Scene::new();
    let tool = scene.root.join("home/other/tool.sh");
    fs::write(&tool, "#!/bin/sh\necho RAN\n").unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    let tries = [
        "../other/tool.sh",
        "mv ../other ../x/other; ../x/other/tool.sh",
        "ln ../other/tool.sh ../x/tool.sh; ../x/tool.sh",
        "ln -s ../other ../x/link; ../x/link/tool.sh",
        "cat ../other/notes.txt",
        "cp ../other/tool.sh ../x/t.sh; ../x/t.sh",
    ];
    for (number, script) in tries.iter().enumerate() {
        let plain = scene.outside("bash").args(["-c", "../other/tool.sh; cat ../other/notes.txt"]).output().unwrap();
        assert_eq!(text(&plain.stdout), "RAN\nNOTES");
        scene.make_does(script);
        let out = scene.run(&format!("c{number}"), "mkdir -p ../x; make -s");
        assert!(!text(&out.stdout).contains("RAN") && !text(&out.stdout).contains("NOTES"), "{script}: {out:?}");
        assert!(tool.exists());
    }
}

#[test]
fn a_file_elsewhere_that_a_person_lets_be_rewritten_is_put_together_beside_its_place() {
    let scene = Scene::new();
    let notes = scene.root.join("home/other/notes.txt");
    fs::set_permissions(&notes, fs::Permissions::from_mode(0o640)).unwrap();
    let tries = [
        ("sed -i s/NOTES/one/ ../other/notes.txt", "one"),
        ("perl -pi -e s/NOTES/two/ ../other/notes.txt", "two"),
        ("vim -es -u NONE -c %s/NOTES/four/ -c wq ../other/notes.txt", "four"),
        ("sed -i.old s/NOTES/five/ ../other/notes.txt && cat ../other/notes.txt.old >/dev/null", "five"),
        ("git config -f ../other/notes.txt a.b six", "six"),
    ];
    for (number, (script, said)) in tries.iter().enumerate() {
        let first = if script.starts_with("git") { "[x]\n" } else { "NOTES\n" };
        fs::write(&notes, first).unwrap();
        let call = format!("c{number}");
        let out = scene.run(&call, &format!("{script}; cat ../other/notes.txt"));
        assert!(text(&out.stdout).contains(said), "{script}: {out:?}");
        assert_eq!(fs::metadata(&notes).unwrap().permissions().mode() & 0o777, 0o640, "{script}");
        let names = || fs::read_dir(scene.root.join("home/other")).unwrap().count();
        assert_eq!(names(), 1 + usize::from(script.contains(".old")), "{script}");
        assert!(scene.guard().args(["undo", &call]).output().unwrap().status.success(), "{script}");
        assert_eq!((fs::read_to_string(&notes).unwrap().as_str(), names()), (first, 1), "{script}");
    }
}

/// A draft is what the call itself has made, and goes onto its file or away.
#[test]
fn beside_a_file_that_may_be_rewritten_nothing_else_is_made_changed_or_left() {
    let scene = Scene::new();
    let other = scene.root.join("home/other");
    fs::write(other.join("sedOTHERS"), "theirs").unwrap();
    fs::write(other.join("mine.sh"), "theirs").unwrap();
    let tries = [
        "echo x > ../other/evil.sh",
        "echo x > ../other/sedOTHERS",
        "rm -f ../other/sedOTHERS",
        "mv ../other/sedOTHERS ../other/notes.txt",
        "echo x > ../other/sedAAAAAA; mv ../other/sedAAAAAA ../other/evil.sh",
        "echo x > ../other/sedAAAAAA; mv ../other/sedAAAAAA ../other/mine.sh",
        "echo x > ../other/sedAAAAAA; ln ../other/sedAAAAAA ../other/evil.sh",
        "ln -s /etc/passwd ../other/sedAAAAAA",
        "mkdir ../other/sedAAAAAA",
        "mkfifo ../other/sedAAAAAA",
        "ln ../other/mine.sh ../other/sedAAAAAA",
        "cp src/a.txt ../other/.bashrc",
        "echo left > ../other/sedAAAAAA; chmod 755 ../other/sedAAAAAA",
    ];
    for (number, script) in tries.iter().enumerate() {
        scene.make_does(script);
        fs::write(other.join("notes.txt"), "NOTES\n").unwrap();
        let out = scene.run(&format!("c{number}"), "sed -i s/NOTES/new/ ../other/notes.txt; make -s");
        let settled = |_: i32| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            let mut names: Vec<_> = fs::read_dir(&other).unwrap().map(|name| name.unwrap().file_name()).collect();
            names.sort();
            names == ["mine.sh", "notes.txt", "sedOTHERS"]
        };
        assert!((0..100).any(settled), "{script}: {out:?}");
        for (name, was) in [("mine.sh", "theirs"), ("sedOTHERS", "theirs"), ("notes.txt", "new\n")] {
            assert_eq!(fs::read_to_string(other.join(name)).unwrap(), was, "{script}: {out:?}");
        }
    }
}

#[test]
fn settings_are_changed_by_their_tool_after_other_programs_too() {
    let scene = Scene::new();
    let out = scene.run("c1", "ls && git config --global user.name ann && git config --global -l");
    assert_eq!(text(&out.stdout), "src\nuser.name=ann\n", "{out:?}");
    let out = scene.run("c2", "ls; npm config set fund false; npm config get fund");
    assert!(out.status.success(), "{out:?}");
    assert_eq!(fs::read_to_string(scene.root.join("home/.npmrc")).unwrap(), "fund=false\n", "{out:?}");
    let out = scene.run("c3", "ls; /usr/bin/pip config set global.timeout 60");
    assert_eq!(
        fs::read_to_string(scene.root.join("home/.config/pip/pip.conf")).unwrap(),
        "[global]\ntimeout = 60\n\n",
        "{out:?}"
    );
    // What may hold log-ins is not read, so it is not written anew either.
    fs::write(scene.root.join("home/.npmrc"), "//example.org/:_authToken=abc\n").unwrap();
    let out = scene.run("c4", "npm config set fund true");
    assert!(!out.status.success(), "{out:?}");
    assert_eq!(fs::read_to_string(scene.root.join("home/.npmrc")).unwrap(), "//example.org/:_authToken=abc\n");
}

/// Whoever comes along with a tool that changes settings gets nothing of it, and puts nothing into it.
#[test]
fn nobody_else_has_a_hand_in_the_users_settings() {
    let scene = Scene::new();
    let settings = scene.root.join("home/.gitconfig");
    let source = "#include <stdlib.h>\n#include <stdio.h>\n__attribute__((constructor)) static void in(void)\n{ FILE *f = fopen(\"OUT\", \"a\"); if (f) { fputs(\"[core]\\n\\tpager = owned\\n\", f); fclose(f); } }\n";
    fs::write(scene.work().join("in.c"), source.replace("OUT", settings.to_str().unwrap())).unwrap();
    assert!(scene.outside("cc").args(["-shared", "-fPIC", "-o", "in.so", "in.c"]).status().unwrap().success());
    let tries = [
        // Git itself, by another hand: its code is another's, or its words are.
        "LD_PRELOAD=$PWD/in.so git config --global user.name bob",
        "git config --global core.pager owned",
        "GIT_CONFIG_GLOBAL=$HOME/.gitconfig git config --global core.pager owned",
        "exec -a git python3 -c 'open(\"'$HOME'/.gitconfig\", \"a\").write(\"owned\")'",
        "cp $(command -v git) ./git; printf '#!/bin/sh\\necho owned >> ~/.gitconfig\\n' > git; chmod +x git; PATH=$PWD:$PATH git config --global user.name bob",
        "(sleep 0.05; for i in $(seq 200); do echo owned >> ~/.gitconfig; mv src/a.txt ~/.gitconfig; ln -sf ../work/src ~/.gitconfig.lock; done) & sleep 0.2",
    ];
    for (number, script) in tries.iter().enumerate() {
        fs::write(&settings, "[user]\n\tname = ann\n").unwrap();
        // The control: without the wall it gets in.
        scene.make_does(script);
        for (order, command) in
            ["make -s; git config --global user.name bob", "git config --global user.name bob; make -s"].iter().enumerate()
        {
            let out = scene.run(&format!("c{number}{order}"), command);
            assert_eq!(fs::read_to_string(&settings).unwrap(), "[user]\n\tname = bob\n", "{script}: {out:?}");
            assert!(!scene.root.join("home/.gitconfig.lock").exists(), "{script}");
            fs::write(scene.work().join("src/a.txt"), "one\n").unwrap();
        }
        let _ = fs::remove_file(scene.work().join("git"));
    }
    // As a child of the call's own shell, but not its copy.
    fs::write(&settings, "[user]\n\tname = ann\n").unwrap();
    let sibling = "import ctypes, os, time\nCLONE_PARENT, SIGCHLD = 0x8000, 17\nnumber = 56 if os.uname().machine == 'x86_64' else 220\nif ctypes.CDLL(None).syscall(number, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0:\n    os.execvp('git', ['git', 'config', '--global', 'user.name', 'bob'])\ntime.sleep(1)\n";
    fs::write(scene.work().join("sibling.py"), sibling).unwrap();
    let out = scene.run("c8", "/usr/bin/python3 sibling.py; git config --global user.name; git config --global user.name bob");
    assert_eq!(text(&out.stdout), "ann\n", "{out:?}");
    assert!(text(&out.stderr).contains("could not lock config file"), "{out:?}");
    assert_eq!(fs::read_to_string(&settings).unwrap(), "[user]\n\tname = bob\n", "{out:?}");
    fs::write(scene.work().join("env.sh"), "true\n").unwrap();
    scene.make_does("echo 'export LD_PRELOAD=$PWD/in.so' > env.sh");
    let out = scene.run("c9", "make -s; . ./env.sh; git config --global user.name eve");
    assert!(!fs::read_to_string(&settings).unwrap().contains("owned"), "{out:?}");
}
