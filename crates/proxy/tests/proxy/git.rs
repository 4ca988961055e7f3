//! Real git over HTTP: clones pass, pushes are known by their repository.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use bailiwick_proxy::gate::Answer;

use crate::ground::{Ground, Wishes};
use crate::origin::{Got, Origin};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn git(folder: &Path, proxy: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=a", "-c", "user.email=a@a.test", "-c", "init.defaultBranch=main"]);
    command.args(arguments).env("HOME", folder).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_TERMINAL_PROMPT", "0");
    command.env("http_proxy", proxy).env_remove("no_proxy").env_remove("NO_PROXY").env_remove("GIT_DIR");
    command.output().map_err(|error| format!("this test needs git: {error}")).unwrap()
}

/// Answers as a web server would with git's own CGI program.
fn backend(root: &Path, got: &Got) -> Vec<u8> {
    let mut words = got.line.split(' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut command = Command::new("git");
    command.arg("http-backend").env("GIT_PROJECT_ROOT", root).env("GIT_HTTP_EXPORT_ALL", "1").env("REMOTE_USER", "a");
    command.env("REQUEST_METHOD", method).env("PATH_INFO", path).env("QUERY_STRING", query);
    command.env("CONTENT_TYPE", got.field("content-type").unwrap_or_default());
    command.env("HTTP_CONTENT_ENCODING", got.field("content-encoding").unwrap_or_default());
    command.env("GIT_PROTOCOL", got.field("git-protocol").unwrap_or_default());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
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

#[test]
fn a_clone_passes_and_a_push_to_somebody_elses_repository_does_not() {
    let root = folder("git-server");
    for name in ["me/mine.git", "you/yours.git"] {
        assert!(git(&root, "", &["init", "-q", "--bare", name]).status.success());
        assert!(git(&root.join(name), "", &["config", "http.receivepack", "true"]).status.success());
    }
    let served = root.clone();
    let origin = Origin::plain(move |got| backend(&served, got));
    let judge = Box::new(|request: &bailiwick_proxy::gate::Request<'_>| match &request.git {
        Some(git) if git.push && !git.repository.starts_with("me/") => {
            Answer::Deny { reason: format!("push to {}", git.repository) }
        }
        Some(_) => Answer::Allow,
        None => Answer::Deny { reason: "not git".to_owned() },
    });
    let ground = Ground::new(Wishes { judge: Some(judge), ..Wishes::default() });
    let proxy = format!("http://{}", ground.http);
    let work = folder("git-work");
    let url = |name: &str| format!("http://forge.test:{}/{name}", origin.port());
    let said = |arguments: &[&str], folder: &Path| {
        let output = git(folder, &proxy, arguments);
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert!(said(&["clone", "-q", &url("me/mine.git"), "mine"], &work).0);
    let mine = work.join("mine");
    std::fs::write(
        mine.join("big"),
        (0..2_000_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()).collect::<Vec<u8>>(),
    )
    .unwrap();
    for arguments in [&["add", "."][..], &["commit", "-qm", "x"], &["push", "-q", "origin", "HEAD:refs/heads/main"]] {
        let (fine, text) = said(arguments, &mine);
        assert!(fine, "{arguments:?}: {text}");
    }
    let (fine, text) = said(&["push", &url("you/yours.git"), "HEAD:refs/heads/main"], &mine);
    assert!(!fine && text.contains("403"), "{text}");
    let branches = |name: &str| String::from_utf8_lossy(&git(&root.join(name), "", &["branch"]).stdout).into_owned();
    assert!(branches("me/mine.git").contains("main"));
    assert_eq!(branches("you/yours.git"), "");
    assert!(said(&["clone", "-q", &url("me/mine"), "again"], &work).0);
    assert!(work.join("again/big").exists());
}
