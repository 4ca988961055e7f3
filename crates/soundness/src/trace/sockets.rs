//! Whom a process spoke to: the calls on sockets in, addresses and looked-up names out. An attempt counts like a success:
//! there is no network in here to succeed on.

use super::Done;
use super::line::{Call, strings};

/// The port of name servers.
const NAMES: u16 = 53;

/// What a call on a socket does.
pub(super) fn deeds(call: &Call<'_>) -> Vec<Done> {
    match call.name {
        "connect" => address(call.argument(1)).into_iter().filter(|deed| !is_name_server(deed)).collect(),
        // Waiting for others is nothing that the vocabulary of effects knows.
        "bind" => Vec::new(),
        _ => sent(call),
    }
}

fn sent(call: &Call<'_>) -> Vec<Done> {
    let message = if call.name == "sendto" { call.argument(4) } else { call.argument(1) };
    let to = address(message);
    let asks = call.argument(0).contains(":53]") || to.as_ref().is_some_and(is_name_server);
    if !asks {
        return to.into_iter().collect();
    }
    strings(call.argument(1)).iter().filter_map(|bytes| question(bytes)).map(Done::Name).collect()
}

fn is_name_server(deed: &Done) -> bool {
    matches!(deed, Done::Reach { port: NAMES, address } if address == "127.0.0.1")
}

/// The name in a DNS question: behind a header of twelve bytes, labels with their lengths.
fn question(packet: &[u8]) -> Option<String> {
    let mut labels = Vec::new();
    let mut at = 12;
    loop {
        let length = usize::from(*packet.get(at)?);
        if length == 0 {
            break;
        }
        labels.push(String::from_utf8_lossy(packet.get(at + 1..at + 1 + length)?).to_lowercase());
        at += 1 + length;
    }
    (!labels.is_empty()).then(|| labels.join("."))
}

/// A socket address as strace writes it.
fn address(text: &str) -> Option<Done> {
    let after = |key: &str| text.split_once(key).map(|(_, rest)| rest);
    if text.contains("AF_UNIX") {
        let name = strings(after("sun_path=")?).into_iter().next()?;
        let sign = if text.contains("sun_path=@") { "@" } else { "" };
        return Some(Done::Local(format!("{sign}{}", String::from_utf8_lossy(&name))));
    }
    if !text.contains("AF_INET") {
        return None;
    }
    // Port 0 is nobody's: programs ask the kernel so which of their own addresses it would take.
    let port = after("port=htons(")?.split(')').next()?.parse().ok().filter(|port| *port != 0)?;
    let quoted = after("inet_addr(").or_else(|| after("inet_pton(AF_INET6, "))?;
    let address = String::from_utf8_lossy(strings(quoted).first()?).into_owned();
    Some(Done::Reach { address, port })
}
