//! `policy import`: agents' own rules become a policy that loads, holds what they denied through the real hook, permits no
//! more than they did, and says what is missing.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use bailiwick_dialect::claude::probe::{Speaker, decision};
use bailiwick_dialect::tongue::{Decision, Stage};
use serde_json::{Value, json};

struct User {
    root: PathBuf,
}

impl User {
    fn new(name: &str) -> User {
        let root = std::env::temp_dir().join(format!("bailiwick-import-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("home/work/.git")).unwrap();
        fs::create_dir_all(root.join("config")).unwrap();
        User { root }
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.root.join("home").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn work(&self, name: &str) -> String {
        self.root.join("home/work").join(name).display().to_string()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick"));
        command.args(arguments).arg("--state").arg(self.root.join("state")).arg("--config").arg(self.root.join("config"));
        command.env("HOME", self.root.join("home")).env_remove("CLAUDE_PROJECT_DIR").current_dir(self.root.join("home/work"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Imports into the user's layer; whether all that denies or asks translated.
    fn imports(&self, files: &[&str]) -> (bool, String) {
        let out = self.root.join("config/imported.cedar").display().to_string();
        let _ = fs::remove_file(&out);
        let output = self.run(&[&["policy", "import", "--out", &out], files].concat());
        assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
        assert!(self.run(&["policy", "check"]).status.success(), "{:?}", self.run(&["policy", "check"]));
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    }

    fn asks(&self, tool: &str, input: &Value) -> Decision {
        let stage = Speaker(Stage { session: "s1".into(), cwd: self.root.join("home/work").display().to_string() });
        let mut child = self.command(&["hook", "claude-code"]).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stage.call("c1", tool, input).as_bytes()).unwrap();
        decision(&child.wait_with_output().unwrap().stdout)
    }

    fn shell(&self, command: &str) -> Decision {
        self.asks("Bash", &json!({ "command": command }))
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn denied(decision: &Decision) -> bool {
    matches!(decision, Decision::Deny(_))
}

#[test]
fn what_claude_code_denied_is_denied_by_every_way_to_it() {
    let user = User::new("claude");
    user.file("work/secrets/a.txt", "x");
    user.file("work/private.txt", "x");
    std::os::unix::fs::symlink(user.work("private.txt"), user.work("link.txt")).unwrap();
    let settings = json!({ "permissions": {
        "deny": ["Bash(terraform apply:*)", "Bash(wget *)", "Read(./secrets/**)", "Read(./private.txt)", "Edit(/vendor/**)", "WebFetch(domain:evil.example)", "mcp__tickets__purge"],
        "ask": ["Bash(make release)"],
        "allow": ["Bash(npm run lint)"],
    }});
    let before = user.shell("terraform apply");
    assert!(!denied(&before) && !denied(&user.shell("cat secrets/a.txt")), "a control: nothing denies these yet");
    let (whole, _) = user.imports(&[&user.file("work/.claude/settings.json", &settings.to_string())]);
    assert!(whole);
    for command in [
        "terraform apply",
        "cd infra && terraform -chdir=x apply -auto-approve",
        "env A=1 /usr/bin/terraform apply",
        "sh -c 'wget example.org'",
        "cat secrets/a.txt",
        "head -1 < secrets/a.txt",
        "cat link.txt",
        "cp private.txt /tmp/x",
        "echo x > vendor/a.c",
        "rm -rf vendor",
        "curl https://www.evil.example/",
    ] {
        assert!(denied(&user.shell(command)), "{command}: {:?}", user.shell(command));
    }
    assert!(denied(&user.asks("Read", &json!({ "file_path": user.work("link.txt") }))));
    assert!(denied(&user.asks("mcp__tickets__purge", &json!({}))));
    assert!(matches!(user.shell("make release"), Decision::Ask(_)));
    for command in ["terraform plan", "cat README.md", "echo x > src/a.c", "make", "npm run lint", "curl https://example.org/"] {
        assert!(!denied(&user.shell(command)), "{command}: {:?}", user.shell(command));
    }
}

#[test]
fn an_allowed_command_opens_nothing_that_it_does() {
    let user = User::new("allow");
    let rules = json!({ "permissions": { "allow": ["Bash(cat *)", "Edit(/docs/**)", "Bash(rm:*)", "Bash(git push:*)"] } });
    let (whole, _) = user.imports(&[&user.file("work/.claude/settings.json", &rules.to_string())]);
    assert!(whole);
    assert!(denied(&user.shell("cat ~/.ssh/id_rsa")));
    assert!(matches!(user.shell("rm -rf ~/other"), Decision::Ask(_)));
    assert!(matches!(user.shell("git push origin main"), Decision::Ask(_)));
    // Alone, the text permits what it names and nothing else.
    let docs = user.work("docs/a.md");
    let cases = format!(
        "allow execute cat x\nallow write {docs} tool=Edit\ndeny write {docs} tool=Bash\ndeny read ~/notes.txt\ndeny delete src tree=true\ndeny execute cat x client=codex\ndeny execute /tmp/cat x\n"
    );
    let imported = user.root.join("config/imported.cedar").display().to_string();
    let tested = user.run(&["policy", "test", &imported, "--cases", &user.file("cases.txt", &cases)]);
    assert!(tested.status.success(), "{tested:?}");
}

#[test]
fn codex_and_gemini_rules_stand_in_one_policy() {
    let user = User::new("several");
    let rules = "prefix_rule(pattern = [\"kubectl\", [\"delete\", \"drain\"]], decision = \"forbidden\", justification = \"the pipeline does that\", match = [\"kubectl delete pod x\"])\n";
    let codex = user.file(".codex/rules/default.rules", rules);
    let required = user.file("requirements.toml", "[permissions.filesystem]\ndeny_read = [\"~/vault\"]\n");
    let gemini = user
        .file(".gemini/policies/mine.toml", "[[rule]]\ncommandPrefix = \"helm uninstall\"\ndecision = \"deny\"\npriority = 7\n");
    let (whole, _) = user.imports(&[&codex, &required, &gemini]);
    assert!(whole);
    for command in ["kubectl delete pod a", "kubectl -n prod drain node", "cat ~/vault/a", "helm uninstall x"] {
        assert!(denied(&user.shell(command)), "{command}");
    }
    assert!(
        matches!(user.shell("kubectl drain node"), Decision::Deny(reason) if reason.contains("pipeline") || !reason.is_empty())
    );
    assert!(!denied(&user.shell("kubectl get pods")) && !denied(&user.shell("helm list")));
}

#[test]
fn a_lost_denial_is_loud_and_a_lost_allow_is_not() {
    let user = User::new("loud");
    let (whole, said) =
        user.imports(&[&user.file("work/.claude/settings.json", r#"{"permissions":{"deny":["Bash(curl * | sh)"]}}"#)]);
    assert!(!whole && said.contains("NOT TRANSLATED deny Bash(curl * | sh)"), "{said}");
    let text = fs::read_to_string(user.root.join("config/imported.cedar")).unwrap();
    assert!(text.contains("// Did not translate:\n//   deny Bash(curl * | sh)"), "{text}");
    let allow = user.file(
        "work/.claude/settings.json",
        r#"{"permissions":{"allow":["Bash(cd a && make)"],"defaultMode":"bypassPermissions"}}"#,
    );
    let (whole, said) = user.imports(&[&allow]);
    assert!(whole && said.contains("not translated allow Bash(cd a && make)"), "{said}");
}

#[test]
fn nothing_of_a_foreign_rule_becomes_policy_of_its_own() {
    let user = User::new("hostile");
    let hostile = "Bash(x \"\n@id(\"open\") @reason(\"r\") permit(principal, action, resource);\n//)";
    let comment = "Frobnicate(\n@id(\"open\") @reason(\"r\") permit(principal, action, resource);)";
    let rules = json!({ "permissions": { "deny": [hostile, comment, "Read(/a\"]);\r\npermit(principal,action,resource);//)"], "allow": [hostile, comment] } });
    let (_, _) = user.imports(&[&user.file("work/.claude/settings.json", &rules.to_string())]);
    let text = fs::read_to_string(user.root.join("config/imported.cedar")).unwrap();
    assert!(!text.lines().any(|line| line.trim_start().starts_with("permit")), "{text}");
}

#[test]
fn files_that_are_not_rules_are_refused_whole() {
    let user = User::new("refused");
    let unknown = user.file("work/some.json", "{}");
    assert_eq!(user.run(&["policy", "import", &unknown]).status.code(), Some(2));
    let broken = user.file("work/.claude/settings.json", r#"{"permissions":{"deny":["Bash"],"allow":"x"}}"#);
    let output = user.run(&["policy", "import", &broken]);
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(3), true));
    assert_eq!(user.run(&["policy", "import", &user.work("absent.json"), "--from", "claude-code"]).status.code(), Some(4));
    assert!(Path::new(&broken).exists());
}

#[test]
fn a_policy_that_is_there_is_not_replaced() {
    let user = User::new("kept");
    let settings = user.file("work/.claude/settings.json", r#"{"permissions":{"deny":["Bash(wget *)"]}}"#);
    let out = user.file("mine.cedar", "// mine\n");
    assert_eq!(user.run(&["policy", "import", &settings, "--out", &out]).status.code(), Some(4));
    assert_eq!(fs::read_to_string(&out).unwrap(), "// mine\n");
}
