//! What a leader has, and that no program which it starts has it: files, variables, its memory, the address of its
//! connections. The leader is bash; `sh` is another program.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

#[path = "escapes/inside.rs"]
mod inside;
#[path = "escapes/walled.rs"]
mod walled;

struct Workspace(PathBuf);

impl Workspace {
    fn new() -> Workspace {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("bailiwick-leader-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("home/own")).unwrap();
        fs::create_dir_all(path.join("work")).unwrap();
        fs::write(path.join("home/own/key"), "PRIVATE\n").unwrap();
        Workspace(path)
    }

    /// Runs a script by a leading bash.
    fn lead(&self, script: &str) -> Output {
        let (home, work, own) = (self.0.join("home"), self.0.join("work"), self.0.join("home/own"));
        let own = own.to_str().unwrap();
        let bash = fs::canonicalize("/bin/bash").unwrap();
        let more = ["--leads", bash.to_str().unwrap(), "--private", own, "--sheds", "OWN_*", "--sheds", "KEY", "--keep-env"];
        let mut command =
            walled::command(&work, &[&more[..], &["--listen", "127.0.0.1:7777", "--write", home.to_str().unwrap()]].concat());
        command.envs([("KEY", "k3y"), ("OWN_A", "0wn"), ("OWN_B", "0wn"), ("LAST", "kept")]);
        command.args(["--", "bash", "-c", script]).stdin(Stdio::null()).output().unwrap()
    }

    fn says(&self, script: &str) -> String {
        let out = self.lead(script);
        String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned()
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_leader_has_its_files_and_what_it_starts_has_not() {
    let workspace = Workspace::new();
    assert_eq!(
        workspace.says(
            "read x < ../home/own/key; echo $x; (read y < ../home/own/key; echo $y); echo n > ../home/own/new; ls ../home/own"
        ),
        "PRIVATE\nPRIVATE\nkey\nnew\n"
    );
    let tries = [
        "cat ../home/own/key",
        "sh -c 'read x < ../home/own/key; echo $x'",
        "sh -c 'bash -c \"read x < ../home/own/key; echo \\$x\"'",
        "ln ../home/own/key hard; cat hard",
        "mv ../home/own stolen; cat stolen/key",
        "cp -a ../home/own copy; cat copy/key",
        "setsid sh -c 'sleep 0.1; cat ../home/own/key' & wait; sleep 0.3",
        "python3 -c 'import subprocess; print(subprocess.run([\"cat\", \"../home/own/key\"], capture_output=True).stdout)'",
    ];
    for script in tries {
        let said = workspace.says(script);
        assert!(!said.contains("PRIVATE"), "{script}: {said}");
    }
    workspace.lead("sh -c 'echo x > ../home/own/key; rm -f ../home/own/key; touch ../home/own/x'");
    assert_eq!(fs::read_to_string(workspace.0.join("home/own/key")).unwrap(), "PRIVATE\n");
    assert!(!workspace.0.join("home/own/x").exists());
}

#[test]
fn variables_of_the_leader_end_with_it() {
    let workspace = Workspace::new();
    assert_eq!(workspace.says("echo $KEY $OWN_A $OWN_B"), "k3y 0wn 0wn\n");
    let said = workspace.says("env; cat /proc/self/environ | tr '\\0' '\\n'; sh -c 'echo [$KEY$OWN_A$OWN_B] $LAST'");
    assert!(said.contains("[] kept") && said.contains("PATH=") && !said.contains("k3y") && !said.contains("0wn"), "{said}");
    // Whether as many are taken away as an odd or an even number.
    for names in ["KEY", "KEY OWN_A", "KEY OWN_A OWN_B"] {
        let said =
            workspace.says(&format!("unset {names}; sh -c 'echo [$KEY$OWN_A$OWN_B] $LAST'; exec sh -c 'echo $0 $LAST' arg"));
        assert_eq!(said, "[] kept\narg kept\n", "{names}");
    }
}

#[test]
fn the_leaders_memory_is_closed_to_what_it_starts() {
    let workspace = Workspace::new();
    let said = workspace.says("cat /proc/$$/environ; head -c 1 /proc/$$/mem; ls -l /proc/$$/cwd/; true");
    assert_eq!(said.matches("Permission denied").count(), 3, "{said}");
    assert!(!said.contains("k3y"));
}

#[test]
fn only_the_leader_connects_from_its_address() {
    let workspace = Workspace::new();
    let client = "exec 3<>/dev/tcp/127.0.0.1/7777; read -u 3 x; echo $x";
    assert_eq!(workspace.says(client), "from outside to the leader\n");
    fs::write(workspace.0.join("work/client"), client).unwrap();
    assert_eq!(workspace.says("sh -c 'bash client'"), "from outside\n");
    let said = workspace.says(
        "python3 -c 'import socket
s = socket.socket()
try:
    s.bind((\"127.0.0.2\", 0))
except OSError as error:
    print(error)
s = socket.socket(socket.AF_INET6)
try:
    s.bind((\"::ffff:127.0.0.2\", 0))
except OSError as error:
    print(error)'",
    );
    assert_eq!(said.matches("Cannot assign").count(), 2, "{said}");
}

#[test]
fn an_exec_that_fails_leaves_nothing_behind() {
    let workspace = Workspace::new();
    for (file, text, mode) in [
        ("a/tool", "no program", 0o644),
        ("b/tool", "#!/nowhere\n", 0o755),
        ("c/tool", "exec sh -c 'echo [$KEY]; cat ../home/own/key'", 0o755),
    ] {
        let path = workspace.0.join("work").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let said = workspace.says("./a/tool; echo $?; ./b/tool; echo $?; PATH=$PWD/a:$PWD/c:$PATH tool");
    assert!(said.contains("126") && said.contains("127") && !said.contains("PRIVATE"), "{said}");
    assert!(said.contains("[]"), "{said}");
}

#[test]
fn a_thread_of_the_leader_that_executes_by_itself_is_refused() {
    let workspace = Workspace::new();
    let python = fs::canonicalize("/usr/bin/python3").unwrap();
    let script = "import os, threading
def run():
    try:
        os.execv('/bin/cat', ['cat', '../home/own/key'])
    except OSError as error:
        print(error, flush=True)
thread = threading.Thread(target=run)
thread.start()
thread.join()
print(open('../home/own/key').read())";
    let (home, work) = (workspace.0.join("home"), workspace.0.join("work"));
    let own = home.join("own");
    let words = ["--leads", python.to_str().unwrap(), "--private", own.to_str().unwrap(), "--write", home.to_str().unwrap()];
    let out = walled::command(&work, &words).args(["--"]).arg(&python).args(["-c", script]).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(said.starts_with("[Errno 13]") && said.contains("PRIVATE"), "{said} {out:?}");
}

#[test]
fn what_it_starts_behaves_as_ever() {
    let workspace = Workspace::new();
    let many = "p=; for i in $(seq 60); do sh -c 'exit 3' & p=\"$p $!\"; done; for j in $p; do wait $j || echo -n $?; done; echo";
    assert_eq!(workspace.says(many), format!("{}\n", "3".repeat(60)));
    let killed = "sleep 30 & sh -c \"kill $!\"; wait $!; echo $?; timeout 0.1 sleep 5; echo $?; sh -c 'kill -9 $$'; echo $?";
    let said = workspace.says(killed);
    assert!(said.contains("143\n124\n") && said.contains("137\n"), "{said}");
    assert_eq!(
        workspace
            .says("seq 100000 | sort -rn | head -1; printf '%s ' a b | cat; git init -q r && git -C r status --short; echo $?"),
        "100000\na b 0\n"
    );
}
