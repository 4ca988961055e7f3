//! The gate of the way out: which hosts a command inside the wall may reach. What the ruling named, and what the policy lets
//! be fetched from where a part of the address is not known; and, where requests are seen, which of them may leave.

use std::net::IpAddr;
use std::sync::Arc;

use bailiwick_proxy::gate::{Answer, Connection, Destination, Gate, Leak, Protocol, Refusal, Request, Wanted};
use bailiwick_proxy::host::{Host, HostPattern};
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::effect::{Deed, Effect};

use crate::wall::forge;
use crate::wall::lead;
use crate::wall::secrets::patterns;
use crate::wall::seen::Seen;
use crate::wall::ticket::quoted;

/// Ports inside on which programs find the way out by themselves, without asking a proxy.
pub const PORTS: &[u16] = &[80, 443, 22, 9418];

/// Ports of this machine behind which somebody does what he is told: container engines, debuggers, desktops, node agents.
const OBEYING: &[u16] = &[2375, 2376, 2377, 5900, 5901, 6000, 6001, 6443, 9222, 9223, 9229, 9230, 10250, 10255];

/// The most of this machine's ports that are stood for inside.
const MOST: usize = 48;

/// The TCP ports on which something of this machine listens, for its own programs or for all: a test's database, the server
/// that is being worked on. They are stood for inside; whether one may be reached, the gate says.
pub fn local_ports() -> Vec<u16> {
    let mut ports = std::collections::BTreeSet::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        for line in std::fs::read_to_string(table).unwrap_or_default().lines().skip(1) {
            let mut fields = line.split_ascii_whitespace().skip(1);
            let (local, state) = (fields.next().unwrap_or_default(), fields.nth(1).unwrap_or_default());
            let port = local.rsplit(':').next().and_then(|port| u16::from_str_radix(port, 16).ok());
            ports.extend(port.filter(|port| state == "0A" && !OBEYING.contains(port) && !PORTS.contains(port)));
        }
    }
    ports.into_iter().take(MOST).collect()
}

/// Answers for one call.
pub struct Way {
    seen: Arc<Seen>,
    /// Hosts that secrets of the map are for.
    secret: Vec<HostPattern>,
    /// Hosts of which the map wants each request decided on.
    intercepted: Vec<HostPattern>,
}

impl Way {
    /// The way out of one call.
    pub fn new(seen: Arc<Seen>) -> Way {
        let secret = seen.ticket.secrets.values().flat_map(|secret| patterns(&secret.hosts)).collect();
        let intercepted = patterns(&seen.ticket.egress.intercept);
        Way { seen, secret, intercepted }
    }

    /// Whether the ruling meant this host: it named it; or one above it, or none, and a secret of the map is for it.
    fn foreseen(&self, host: &Host, port: u16) -> bool {
        let name = host.to_string();
        let secret = || self.secret.iter().any(|pattern| pattern.matches(host, port));
        self.seen.names_host(&name) || (self.seen.names_above(&name) && secret())
    }

    fn answer(&self, host: &Host, port: u16, client: IpAddr) -> Answer {
        let name = host.to_string();
        let lead = self.seen.lead.as_ref();
        let leads = client == lead::ADDRESS;
        let leaders = leads && lead.is_some_and(|lead| lead.reaches(&name, port));
        if leaders || self.foreseen(host, port) {
            // A public name never leads inside, whoever named it.
            return if self.seen.is_inside(&name) { Answer::AllowLocal } else { Answer::Allow };
        }
        if !leads && lead.is_some_and(|lead| lead.is_model(&name, port)) {
            return Answer::Deny {
                reason: format!("{name} is where the agent's model answers, and only the agent itself goes there"),
            };
        }
        let own = match host {
            Host::Address(address) => address.is_loopback(),
            Host::Name(name) => name == "localhost",
        };
        if own && OBEYING.contains(&port) {
            return Answer::Deny { reason: format!("what listens on {name}:{port} does what it is told") };
        }
        let fetched = || connect(host, port, "https", "GET", true);
        // What will be asked for there is not known: a question about a plain fetch would be another one.
        let question = format!("curl \"https://{name}:{port}/$UNKNOWN\"");
        let answer = self.seen.lets(format!("c{name}:{port}"), fetched, question);
        if answer.is_ok() {
            self.seen.unpredicted(format!("connected to {name}:{port}"));
            // A name that is this machine's by the user's map, or by what it is called, may lead to it.
            let local = own || self.seen.host_lies_in(&name, &["loopback"]);
            return if local { Answer::AllowLocal } else { Answer::Allow };
        }
        let why = answer.err().unwrap_or_default();
        Answer::Deny { reason: format!("{name} is not a host that this call was allowed. {why}") }
    }

    /// Whether a push may leave: the ruling named its repository, or the policy lets it be pushed to unasked.
    fn push(&self, request: &Request<'_>, path: &str) -> Answer {
        let host = request.destination.host.to_string();
        if self.seen.pushes_to(&host, path) {
            return Answer::Allow;
        }
        let deed = forge::push(request, &host, path, &self.seen.ticket.grants.remotes);
        let (key, question) = (format!("p{deed:?}"), question(&deed));
        match self.seen.lets(key, || Effect::new(deed, None), question) {
            Ok(()) => {
                self.seen.unpredicted(format!("pushed to {path} at {host}"));
                Answer::Allow
            }
            Err(why) => Answer::Deny { reason: format!("pushing to {path} at {host} is not what this call was allowed. {why}") },
        }
    }

    /// Whether a request may leave where the policy decides on each.
    fn judged(&self, request: &Request<'_>) -> Answer {
        let Destination { host, port, .. } = request.destination;
        let name = host.to_string();
        let foreseen = self.foreseen(host, *port);
        let bytes = request.length.unwrap_or(u64::MAX);
        let fetches = matches!(request.method, "GET" | "HEAD" | "OPTIONS") && bytes == 0
            || request.git.as_ref().is_some_and(|git| !git.push);
        // Where the ruling sends data there, whoever said yes to that has said it to what else would ask.
        let sent = foreseen && self.seen.sends_to(&name);
        let scheme = if request.encrypted { "https" } else { "http" };
        let path = request.path.unwrap_or_default();
        let effect = || {
            let mut effect = connect(host, *port, scheme, request.method, !(foreseen && fetches));
            if let Deed::Connect { path: seen, bytes: counted, .. } = &mut effect.deed {
                (*seen, *counted) = (Some(path.to_owned()), Some(bytes));
            }
            effect
        };
        let key = format!("r{scheme} {name}:{port} {} {path} {bytes} {foreseen}", request.method);
        if sent && self.seen.verdict(key.clone(), effect) == Verdict::Ask {
            return Answer::Allow;
        }
        let url = quoted(&format!("{scheme}://{name}:{port}{path}"));
        let question = format!("curl -X {} --data-binary @- {url}", quoted(request.method));
        match self.seen.lets(key, effect, question) {
            Ok(()) => Answer::Allow,
            Err(why) => {
                let what = format!("{} {path} at {name}", request.method);
                Answer::Deny { reason: format!("{what} is not what this call was allowed. {why}") }
            }
        }
    }

    /// Whether a planted token is in what of the request can be seen.
    fn trapped(&self, request: &Request<'_>) -> bool {
        let Destination { host, port, .. } = request.destination;
        let scheme = if request.encrypted { "https" } else { "http" };
        let headers: Vec<_> = request.headers.iter().map(|(_, value)| String::from_utf8_lossy(value)).collect();
        let body = String::from_utf8_lossy(request.body);
        let texts: Vec<&str> = headers.iter().map(AsRef::as_ref).chain([request.target, &*body]).collect();
        self.seen.traps(&host.to_string(), connect(host, *port, scheme, request.method, true), &texts)
    }

    fn looked_into(&self, host: &Host, port: u16) -> bool {
        self.intercepted.iter().any(|pattern| pattern.matches(host, port))
    }
}

/// The command that asks about a push.
fn question(deed: &Deed) -> String {
    let Deed::Push { remote, refs, force, .. } = deed else { return String::new() };
    let words = std::iter::once(remote).chain(refs).map(|word| format!(" {}", quoted(word)));
    format!("git push{}{}", if *force { " --force" } else { "" }, words.collect::<String>())
}

fn connect(host: &Host, port: u16, scheme: &str, method: &str, upload: bool) -> Effect {
    let deed = Deed::Connect {
        host: host.to_string(),
        port: Some(port),
        scheme: scheme.to_owned(),
        method: Some(method.to_owned()),
        upload,
        path: None,
        bytes: None,
    };
    Effect::new(deed, None)
}

impl Gate for Way {
    fn known(&self, name: &str) -> bool {
        let Ok(host) = Host::parse(name) else { return false };
        // Nothing leaves because of a name; a person is asked when somebody connects, and other names do not wait for that.
        self.seen.lead.as_ref().is_some_and(|lead| lead.knows(name))
            || self.foreseen(&host, 443)
            || self.seen.verdict(format!("c{host}:443"), || connect(&host, 443, "https", "GET", true)) != Verdict::Deny
    }

    fn wanted(&self, wanted: &Wanted) -> Answer {
        self.answer(&wanted.host, wanted.port, wanted.client)
    }

    fn connect(&self, destination: &Destination) -> Answer {
        self.answer(&destination.host, destination.port, destination.client)
    }

    fn spares(&self, destination: &Destination) -> bool {
        let name = destination.host.to_string();
        let model = self.seen.lead.as_ref().is_some_and(|lead| lead.reaches(&name, destination.port));
        model || self.seen.host_lies_in(&name, &["package-registries"])
    }

    fn protocol(&self, _: &Destination, _: Protocol) -> Answer {
        Answer::Allow
    }

    fn request(&self, request: &Request<'_>) -> Answer {
        let Destination { host, port, .. } = request.destination;
        if self.trapped(request) {
            return Answer::Deny {
                reason: "this holds a token that was planted as a trap, and nobody has a reason to send it".to_owned(),
            };
        }
        if let Some(path) = forge::pushed(request) {
            return self.push(request, &path);
        }
        // The user's own credential lets a request do more than a fetch: where nobody foresaw the host, the policy decides.
        let powerful = !request.credentials.is_empty() && !self.foreseen(host, *port);
        if powerful || self.looked_into(host, *port) { self.judged(request) } else { Answer::Allow }
    }

    fn grown(&self, _: &Destination, _: u64) -> Answer {
        Answer::Allow
    }

    fn leaked(&self, leak: &Leak) {
        self.seen.leaked(&leak.credential, &leak.host);
    }

    fn refused(&self, refusal: &Refusal) {
        self.seen.refused(format!("connecting to {}:{}: {}", refusal.host, refusal.port, refusal.why));
    }

    fn closed(&self, connection: &Connection) {
        let to = format!("{}:{}", connection.destination.host, connection.destination.port);
        self.seen.credentials(&connection.credentials, &to);
        self.seen.connected(to, connection.bytes_out, connection.bytes_in);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::net::Ipv4Addr;

    use bailiwick_vocab::event::Agent;
    use bailiwick_vocab::label::Labels;
    use bailiwick_vocab::map::Egress;

    use super::*;
    use crate::dirs::Dirs;
    use crate::wall::grants::Grants;
    use crate::wall::ticket::Ticket;

    #[test]
    fn a_public_name_that_was_named_is_no_way_inside() {
        let root = std::env::temp_dir().join(format!("bailiwick-way-{}", std::process::id()));
        let hosts = ["example.org", "localhost", "127.0.0.1", "db.internal"].map(str::to_owned).to_vec();
        let ticket = Ticket {
            entry: 0,
            session: "s".to_owned(),
            agent: Agent::default(),
            call: String::new(),
            tool: "Bash".to_owned(),
            cwd: "/".to_owned(),
            workspace: String::new(),
            unseen_input: false,
            command: String::new(),
            effects: String::new(),
            labels: Labels::default(),
            programs: Vec::new(),
            grants: Grants { hosts, ..Grants::default() },
            not_undone: Vec::new(),
            undo: bailiwick_vocab::map::Undo::default(),
            secrets: BTreeMap::new(),
            egress: Egress::default(),
            made_ms: 0,
        };
        let dirs = Dirs { state: root.join("state"), config: root.join("config") };
        let way = Way::new(Arc::new(Seen::new(dirs, ticket)));
        let answers = |name: &str| Host::parse(name).map(|host| way.answer(&host, 80, IpAddr::V4(Ipv4Addr::UNSPECIFIED)));
        assert_eq!(answers("example.org"), Ok(Answer::Allow));
        for name in ["localhost", "127.0.0.1", "db.internal"] {
            assert_eq!(answers(name), Ok(Answer::AllowLocal), "{name}");
        }
        assert!(matches!(answers("stranger.example"), Ok(Answer::Deny { .. })));
        let _ = std::fs::remove_dir_all(root);
    }
}
