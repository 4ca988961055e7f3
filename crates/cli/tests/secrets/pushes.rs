//! What leaves by requests that can be seen: pushes to somebody else, and what a policy says of methods, paths and sizes.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::scene::Scene;
use crate::server::{Got, Servers, ok};
use crate::{GITHUB, REAL, apart, ground, text, trusting};

/// Answers as a forge would, with git's own CGI program, and only to whoever brings the credential.
fn forge(root: &Path, got: &Got) -> Vec<u8> {
    if got.field("authorization") != format!("Basic {}", STANDARD.encode(format!("me:{REAL}"))) {
        return b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"forge\"\r\nContent-Length: 0\r\n\r\n".to_vec();
    }
    let mut words = got.line.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut command = Command::new("git");
    command.arg("http-backend").env("GIT_PROJECT_ROOT", root).env("GIT_HTTP_EXPORT_ALL", "1").env("REMOTE_USER", "me");
    command.env("REQUEST_METHOD", method).env("PATH_INFO", path).env("QUERY_STRING", query);
    command.env("CONTENT_TYPE", got.field("content-type")).env("HTTP_CONTENT_ENCODING", got.field("content-encoding"));
    command.env("GIT_PROTOCOL", got.field("git-protocol"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&got.body).unwrap();
    let output = child.wait_with_output().unwrap().stdout;
    let end = output.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&output[..end]).into_owned();
    let status = head.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK").to_owned();
    let body = &output[end + 4..];
    let mut answer = format!("HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend(body);
    answer
}

fn repositories(scene: &Scene) -> PathBuf {
    let root = scene.root.join("forge");
    for name in ["me/mine.git", "you/mine.git", "you/yours.git"] {
        let path = root.join(name);
        scene.git(&["init", "-q", "--bare", &path.display().to_string()]);
        scene.git(&["-C", &path.display().to_string(), "config", "http.receivepack", "true"]);
    }
    root
}

fn branches(scene: &Scene, name: &str) -> String {
    let out = scene.outside("git").arg("-C").arg(scene.root.join("forge").join(name)).args(["branch"]).output().unwrap();
    text(&out.stdout)
}

#[test]
fn a_push_goes_home_and_to_nobody_else_unasked() {
    apart("pushes::a_push_goes_home_and_to_nobody_else_unasked", || {
        let map = "[places.forges]\nhosts = [\"forge.test\"]\n\
            [secrets.forge]\nfrom = { env = \"FORGE_TOKEN\" }\nhosts = \"forge.test\"\nas = \"basic\"\n\
            env = \"FORGE_TOKEN\"\nfile = { path = \"~/.netrc\", text = \"machine forge.test login me password {}\\n\" }\n";
        let scene = Scene::new(map).with("FORGE_TOKEN", REAL);
        let root = repositories(&scene);
        let servers = Servers::start(&["forge.test"], move |got: &Got| forge(&root, got));
        let scene = trusting(scene, &servers);
        fs::write(scene.home().join(".netrc"), "").unwrap();
        let helper = "[user]\n\tname = a\n\temail = a@a.test\n";
        fs::write(scene.home().join(".gitconfig"), helper).unwrap();
        scene.git(&["remote", "add", "origin", "https://forge.test/me/mine.git"]);
        let out = scene.run("c1", "git push -q origin HEAD:refs/heads/feature && echo PUSHED");
        assert!(text(&out.stdout).contains("PUSHED") && branches(&scene, "me/mine.git").contains("feature"), "{out:?}");
        let out = scene.run("c2", "git fetch -q origin && git log --oneline origin/feature | wc -l");
        assert_eq!(text(&out.stdout).trim(), "1", "{out:?}");
        // The user's own settings lead the same words elsewhere: the wire says where they really go.
        let elsewhere = format!("{helper}[url \"https://forge.test/you/\"]\n\tinsteadOf = https://forge.test/me/\n");
        fs::write(scene.home().join(".gitconfig"), elsewhere).unwrap();
        let out = scene.run("c3", "git push -q origin HEAD:refs/heads/feature && echo PUSHED");
        assert!(!text(&out.stdout).contains("PUSHED"), "{out:?}");
        // So does another program than git.
        let asked = "curl -sS -u me:$FORGE_TOKEN https://forge.test/you/mine.git/info/refs?service=git-receive-pack";
        let out = scene.hidden("c3b", asked);
        assert!(text(&out.stdout).contains("pushing to you/mine at forge.test is not what this call was allowed"), "{out:?}");
        // A person's yes lets it pass, once.
        let number = text(&out.stdout).split("bailiwick approve ").nth(1).unwrap().split('`').next().unwrap().to_owned();
        let yes = scene.guard().args(["approve", &number, "--yes"]).output().unwrap();
        assert!(yes.status.success(), "{yes:?}");
        let passes = |call: &str| !text(&scene.hidden(call, asked).stdout).contains("bailiwick: denied");
        assert!(passes("c3d") && !passes("c3e"));
        let out = scene.hidden("c3c", &asked.replace("you/", "me/"));
        assert!(text(&out.stdout).contains("refs/heads/feature"), "{out:?}");
        assert_eq!(branches(&scene, "you/mine.git"), "");
        // Named in the command, it is asked about; and where it runs then, it was said yes to.
        fs::write(scene.home().join(".gitconfig"), helper).unwrap();
        let push = "git push -q https://forge.test/you/yours.git HEAD:refs/heads/gift";
        let answer = scene.hook("s", "c4", push);
        assert_eq!(answer["hookSpecificOutput"]["permissionDecision"], "ask", "{answer}");
        let out = scene.run("c5", push);
        assert!(out.status.success() && branches(&scene, "you/yours.git").contains("gift"), "{out:?}");
    });
}

#[test]
fn a_credential_does_in_a_hidden_program_what_the_policy_lets_it() {
    apart("pushes::a_credential_does_in_a_hidden_program_what_the_policy_lets_it", || {
        let (servers, scene) = ground(GITHUB);
        let scene = scene.with("GITHUB_TOKEN", REAL);
        let rule = "@id(\"api-writes\")\n@reason(\"This changes something at the service.\")\n\
            forbid (principal, action == Action::\"connect\", resource == Host::\"api.test\")\n\
            when { resource.upload && resource.method != \"GET\" } unless { context.approved };\n";
        fs::write(scene.root.join("config/own.cedar"), rule).unwrap();
        let token = "-H \"Authorization: Bearer $GITHUB_TOKEN\"";
        let out = scene.hidden("c1", &format!("curl -sS {token} https://api.test/user"));
        assert!(text(&out.stdout).contains("GET /user"), "{out:?}");
        let out = scene.hidden("c2", &format!("curl -sS {token} -d x=1 https://api.test/gists"));
        assert!(text(&out.stdout).contains("POST /gists at api.test is not what this call was allowed"), "{out:?}");
        assert!(servers.got().iter().all(|got| !got.line.contains("gists")));
        // Without the credential it is no more than anybody's.
        let out = scene.hidden("c3", "curl -sS -d x=1 https://api.test/gists");
        assert!(text(&out.stdout).contains("POST /gists"), "{out:?}");
        // In a command that names it, it was judged as a whole.
        let out = scene.run("c4", &format!("curl -sS {token} -d x=1 https://api.test/gists"));
        assert!(text(&out.stdout).contains("POST /gists HTTP"), "{out:?}");
    });
}

#[test]
fn a_policy_decides_on_method_path_and_size_where_the_map_wants_that() {
    apart("pushes::a_policy_decides_on_method_path_and_size_where_the_map_wants_that", || {
        let (servers, scene) = ground("[egress]\nintercept = [\"other.test\"]\n");
        let rule = "@id(\"small-notes\")\n@reason(\"Only small notes go there.\")\n\
            forbid (principal, action == Action::\"connect\", resource == Host::\"other.test\")\n\
            when { resource.upload && resource.path != \"\" && resource.method != \"GET\" }\n\
            unless { resource.path == \"/notes\" && resource.bytes < 100 };\n\
            @id(\"no-admin\")\n@reason(\"Not for agents.\")\n\
            forbid (principal, action == Action::\"connect\", resource == Host::\"other.test\") when { resource.path like \"/admin*\" };\n";
        fs::write(scene.root.join("config/own.cedar"), rule).unwrap();
        let tries = [
            ("curl -sS https://other.test/anything", true),
            ("curl -sS https://other.test/x/../%61dmin/users", false),
            ("curl -sS --path-as-is https://other.test/x/../%61dmin/users", false),
            ("curl -sS -d small https://other.test/notes", true),
            ("curl -sS -d small https://other.test/other", false),
            ("curl -sS -d \"$(printf %0200d 1)\" https://other.test/notes", false),
            ("head -c 300000 /dev/zero | curl -sS -T - https://other.test/notes", false),
            ("curl -sS -X PATCH -d x=1 https://other.test/notes/1", false),
            ("curl -sS -d anything https://api.test/admin", true),
        ];
        for (number, (command, passes)) in tries.iter().enumerate() {
            for (hidden, out) in
                [(true, scene.hidden(&format!("h{number}"), command)), (false, scene.run(&format!("n{number}"), command))]
            {
                let said = text(&out.stdout);
                assert_eq!(said.contains(" HTTP/1.1\n"), *passes, "{command} hidden {hidden}: {out:?}");
                assert_eq!(said.contains("is not what this call was allowed"), !passes, "{command}: {out:?}");
            }
        }
        assert!(servers.got().iter().all(|got| !(got.host() == "other.test" && got.line.contains("dmin"))));
    });
}

#[test]
fn what_is_not_looked_into_is_passed_through_as_it_is() {
    apart("pushes::what_is_not_looked_into_is_passed_through_as_it_is", || {
        let servers = Servers::start(&["api.test", "other.test"], |_: &Got| ok("whole"));
        let scene = trusting(Scene::new("[egress]\nintercept = [\"api.test\"]\n"), &servers);
        let issuer = |host: &str| {
            let out = scene.run("c1", &format!("curl -sS -v https://{host}/ 2>&1 | grep -i issuer"));
            text(&out.stdout)
        };
        assert!(issuer("other.test").contains("root of a test"), "{}", issuer("other.test"));
        assert!(issuer("api.test").contains("Bailiwick session authority"));
        // With a secret in the call the web is opened, so that a placeholder that goes astray is seen; but for what is spared.
        let spare = format!("{GITHUB}[egress]\nspare = \"other.test\"\n");
        let scene = trusting(Scene::new(&spare), &servers).with("GITHUB_TOKEN", REAL);
        let out = scene.run("c2", "curl -sS -v https://other.test/ 2>&1 | grep -i issuer");
        assert!(text(&out.stdout).contains("root of a test"), "{out:?}");
        // Nor is a server of a private authority, which only its clients know.
        let scene = Scene::new(GITHUB).with("GITHUB_TOKEN", REAL);
        fs::write(scene.work().join("own.pem"), &servers.root).unwrap();
        let out = scene.run("c3", "curl -sS --cacert own.pem https://other.test/");
        assert_eq!(text(&out.stdout), "whole", "{out:?}");
        let out = scene.run("c4", "curl -sS --cacert own.pem https://api.test/");
        assert!(!out.status.success(), "{out:?}");
        let seen = scene.observed(2);
        assert!(seen["connects"][0][2].as_u64().unwrap() < 10_000, "{seen}");
    });
}
