//! The sandbox's plan for one call. In: the ticket, the command, what this process was started with. Out: a plan, and
//! which of its listeners is what.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::os::fd::{OwnedFd, RawFd};
use std::path::{Path, PathBuf};

use bailiwick_proxy::server::Listeners;
use bailiwick_sandbox::closed::Pattern;
use bailiwick_sandbox::plan::{Listen, Network, Plan};

use crate::wall::carry;
use crate::wall::drafts;
use crate::wall::egress::{PORTS, local_ports};
use crate::wall::environment::scrubbed;
use crate::wall::grants::outermost;
use crate::wall::programs::is_installed;
use crate::wall::ticket::Ticket;

/// Where the proxies listen inside.
const HTTP: u16 = 3128;
const SOCKS: u16 = 1080;

/// Words that a shell reads itself, though there may be programs of these names. Not `true` and `false`: the programs do no
/// other than the shell.
const OF_THE_SHELL: &[&str] = &[
    "!",
    ".",
    ":",
    "[",
    "alias",
    "bg",
    "bind",
    "break",
    "builtin",
    "caller",
    "case",
    "cd",
    "command",
    "compgen",
    "complete",
    "continue",
    "coproc",
    "declare",
    "dirs",
    "disown",
    "do",
    "done",
    "echo",
    "elif",
    "else",
    "enable",
    "esac",
    "eval",
    "exec",
    "exit",
    "export",
    "fc",
    "fg",
    "fi",
    "for",
    "function",
    "getopts",
    "hash",
    "help",
    "history",
    "if",
    "in",
    "jobs",
    "kill",
    "let",
    "local",
    "logout",
    "mapfile",
    "popd",
    "printf",
    "pushd",
    "pwd",
    "read",
    "readarray",
    "readonly",
    "return",
    "select",
    "set",
    "shift",
    "shopt",
    "source",
    "suspend",
    "test",
    "then",
    "time",
    "times",
    "trap",
    "type",
    "typeset",
    "ulimit",
    "umask",
    "unalias",
    "unset",
    "until",
    "wait",
    "while",
];

/// The plan for an argument vector; `tell` is a descriptor that it inherits.
pub fn of(ticket: &Ticket, argv: Vec<OsString>, tell: Option<RawFd>) -> Plan {
    let grants = &ticket.grants;
    for tree in &grants.made {
        // Where it cannot be made, the tool says so as it would without the wall.
        let _ = std::fs::create_dir_all(tree);
    }
    let mut env = scrubbed(std::env::vars_os());
    let network = if grants.network { network(&mut env) } else { Network::default() };
    let existing = |path: &&PathBuf| path.exists();
    let mut writable = grants.writable.clone();
    writable.extend(grants.named.iter().filter(|path| !grants.hidden.iter().any(|hidden| path.starts_with(hidden))).cloned());
    let settings = grants.user_settings.iter().map(|setting| &setting.file);
    writable.extend(settings.clone().cloned());
    let writable: Vec<PathBuf> = writable.iter().map(|path| first_missing(path)).collect();
    Plan {
        argv,
        cwd: PathBuf::from(&ticket.cwd),
        env,
        readable: grants.readable.iter().filter(existing).cloned().collect(),
        writable: outermost(writable),
        drafts: drafts::of(grants.rewritten.iter().chain(settings), &grants.beginnings),
        removable: grants.removed.clone(),
        closed: grants.closed.iter().map(Pattern::new).collect(),
        hidden: grants.hidden.clone(),
        sockets: sockets(grants.keys),
        network,
        keep_descriptors: tell.into_iter().collect(),
        ..Plan::default()
    }
}

/// What has to be made for a path to be there: the path, or the first directory above it that is not there either. Whatever
/// comes into that one is new, and judged by its name.
fn first_missing(path: &Path) -> PathBuf {
    let missing = path.ancestors().take_while(|above| !above.exists()).last();
    missing.unwrap_or(path).to_owned()
}

/// The user's shell reads a command as the agent's own would; over `tell` it says where it is when it ends.
pub fn argv(command: &str, tell: Option<RawFd>) -> Vec<OsString> {
    let shell = std::env::var("SHELL").ok().filter(|shell| shell.ends_with("/bash") || shell.ends_with("/zsh"));
    let shell = shell.unwrap_or_else(|| "/bin/bash".to_owned());
    if tell.is_some() || std::env::var_os("BAILIWICK_SHELL").is_some() {
        let script = carry::script(&shell, tell);
        return [shell.as_str(), "-c", script.as_str(), shell.as_str(), command].map(OsString::from).to_vec();
    }
    if let Some(words) = plain(command) {
        return words;
    }
    [shell.as_str(), "-c", command].map(OsString::from).to_vec()
}

/// The words of a command of which a shell would make nothing else: one program of the search path with plain words. A shell
/// less is a millisecond less.
fn plain(command: &str) -> Option<Vec<OsString>> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" _-./:,+@%".contains(&byte);
    let words: Vec<&str> = command.split(' ').filter(|word| !word.is_empty()).collect();
    let program = words.first().filter(|program| command.bytes().all(is_plain) && !OF_THE_SHELL.contains(program))?;
    is_installed(program).then(|| words.iter().map(OsString::from).collect())
}

fn sockets(keys: bool) -> Vec<PathBuf> {
    std::env::var_os("SSH_AUTH_SOCK").filter(|_| keys).map(PathBuf::from).into_iter().collect()
}

fn network(env: &mut Vec<(OsString, OsString)>) -> Network {
    let http = format!("http://127.0.0.1:{HTTP}");
    let socks = format!("socks5h://127.0.0.1:{SOCKS}");
    let set = [
        ("HTTP_PROXY", http.as_str()),
        ("HTTPS_PROXY", &http),
        ("http_proxy", &http),
        ("https_proxy", &http),
        ("ALL_PROXY", &socks),
        ("all_proxy", &socks),
        ("NO_PROXY", "localhost,127.0.0.1,::1"),
        ("no_proxy", "localhost,127.0.0.1,::1"),
    ];
    env.retain(|(name, _)| !set.iter().any(|(own, _)| name == own));
    env.extend(set.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))));
    let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut listen = vec![Listen::Tcp(local(HTTP)), Listen::Tcp(local(SOCKS)), Listen::Udp(local(53)), Listen::Tcp(local(53))];
    listen.extend(PORTS.iter().map(|port| Listen::Tcp(SocketAddr::from((Ipv4Addr::UNSPECIFIED, *port)))));
    let own = local_ports().into_iter().filter(|port| ![HTTP, SOCKS, 53].contains(port));
    listen.extend(own.map(|port| Listen::Tcp(local(port))));
    Network {
        listen,
        any_address: vec![(Ipv4Addr::new(198, 18, 0, 0), 15)],
        resolv_conf: Some("nameserver 127.0.0.1\n".to_owned()),
        netlink: true,
    }
}

/// The sockets made inside, in the order of the plan; none where there is no network.
pub fn listeners(made: Vec<OwnedFd>) -> Option<Listeners> {
    let mut made = made.into_iter();
    let http = vec![TcpListener::from(made.next()?)];
    let socks = vec![TcpListener::from(made.next()?)];
    let dns_udp = vec![UdpSocket::from(made.next()?)];
    let dns_tcp = vec![TcpListener::from(made.next()?)];
    Some(Listeners { http, socks, transparent: made.map(TcpListener::from).collect(), dns_udp, dns_tcp })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_need_no_shell() {
        assert_eq!(plain("git  status -s"), Some(["git", "status", "-s"].map(OsString::from).to_vec()));
        assert_eq!(plain("true"), Some(vec![OsString::from("true")]));
        for command in
            ["ls *", "ls ~", "ls $HOME", "A=1 ls", "ls; ls", "ls # x", "exit 7", "no-such-program", "/bin/ls", "", "ls\nls"]
        {
            assert_eq!(plain(command), None, "{command:?}");
        }
    }
}
