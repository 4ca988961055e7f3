//! Name service for the sandbox. In: one question as bytes. Out: its answer as bytes, or none for what is no question.
//!
//! A name gets a made-up address; nothing is asked of anybody outside, so a question carries nothing out. `A` and `PTR` have
//! answers, every other type exists and is empty (so does `HTTPS`, which would carry keys for a hidden server name).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::host::Host;

/// What is known of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// It has this address.
    At(Ipv4Addr),
    /// There is no such name here.
    Nothing,
    /// There is no room for another name.
    Full,
}

/// Who knows the names.
pub(crate) struct Names<'a> {
    /// The address of a name.
    pub(crate) find: &'a dyn Fn(&str) -> Found,
    /// The name of an address.
    pub(crate) name: &'a dyn Fn(IpAddr) -> Option<String>,
}

const HEAD: usize = 12;
/// Seconds. An address stands for its name as long as the session lives.
const TTL: u32 = 300;

const TYPE_A: u16 = 1;
const TYPE_PTR: u16 = 12;
const TYPE_AAAA: u16 = 28;
const CLASS_IN: u16 = 1;

const NO_ERROR: u8 = 0;
const FORMAT_ERROR: u8 = 1;
const SERVER_FAILURE: u8 = 2;
const NO_SUCH_NAME: u8 = 3;
const NOT_IMPLEMENTED: u8 = 4;
const REFUSED: u8 = 5;

/// A question: its bytes (to repeat them), and what they say. The name is none where a label is no text.
struct Question<'a> {
    bytes: &'a [u8],
    name: Option<String>,
    kind: u16,
    class: u16,
}

/// The answer to a message. None to what does not deserve one: too short, or itself an answer.
pub(crate) fn answer(message: &[u8], names: &Names<'_>) -> Option<Vec<u8>> {
    let head: &[u8; HEAD] = message.first_chunk()?;
    let [id_high, id_low, flags, _, questions @ ..] = head;
    if flags & 0x80 != 0 {
        return None;
    }
    let start = Start { id: [*id_high, *id_low], wanted: flags & 0x01 };
    if flags & 0x78 != 0 {
        return Some(start.reply(NOT_IMPLEMENTED, None, &[]));
    }
    let question = if questions.starts_with(&[0, 1]) { question(message.get(HEAD..).unwrap_or_default()) } else { None };
    let Some(question) = question else { return Some(start.reply(FORMAT_ERROR, None, &[])) };
    let (code, record) = if question.class == CLASS_IN { record(&question, names) } else { (REFUSED, Vec::new()) };
    Some(start.reply(code, Some(&question), &record))
}

fn question(bytes: &[u8]) -> Option<Question<'_>> {
    let mut name = Some(String::new());
    let mut at = 0;
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1;
        if length == 0 {
            break;
        }
        // 63 is the longest label; above are pointers, which a question has no use for. 255: RFC 1035.
        if length > 63 || at + length > 255 {
            return None;
        }
        let label = bytes.get(at..at + length)?;
        at += length;
        let text = std::str::from_utf8(label).ok().filter(|text| !text.contains('.'));
        name = name.zip(text).map(|(name, text)| if name.is_empty() { text.to_owned() } else { format!("{name}.{text}") });
    }
    let &[a, b, c, d] = bytes.get(at..at + 4)?.first_chunk()?;
    Some(Question { bytes: bytes.get(..at + 4)?, name, kind: u16::from_be_bytes([a, b]), class: u16::from_be_bytes([c, d]) })
}

/// The response code and the data of the one record, if there is one.
fn record(question: &Question<'_>, names: &Names<'_>) -> (u8, Vec<u8>) {
    let Some(name) = question.name.as_deref() else { return (NO_SUCH_NAME, Vec::new()) };
    if let Some(address) = reversed(name) {
        return match (names.name)(address) {
            Some(name) if question.kind == TYPE_PTR => (NO_ERROR, encoded(&name)),
            Some(_) => (NO_ERROR, Vec::new()),
            None => (NO_SUCH_NAME, Vec::new()),
        };
    }
    let Ok(Host::Name(name)) = Host::parse(name) else { return (NO_SUCH_NAME, Vec::new()) };
    if name == "localhost" || name.ends_with(".localhost") {
        return (NO_ERROR, loopback(question.kind));
    }
    match (names.find)(&name) {
        Found::At(address) if question.kind == TYPE_A => (NO_ERROR, address.octets().to_vec()),
        Found::At(_) => (NO_ERROR, Vec::new()),
        Found::Nothing => (NO_SUCH_NAME, Vec::new()),
        Found::Full => (SERVER_FAILURE, Vec::new()),
    }
}

/// RFC 6761: `localhost` is the machine itself, here the sandbox.
fn loopback(kind: u16) -> Vec<u8> {
    match kind {
        TYPE_A => Ipv4Addr::LOCALHOST.octets().to_vec(),
        TYPE_AAAA => Ipv6Addr::LOCALHOST.octets().to_vec(),
        _ => Vec::new(),
    }
}

/// `4.3.2.1.in-addr.arpa` is 1.2.3.4. A reversed IPv6 name is never one of ours: `::` stands for it.
fn reversed(name: &str) -> Option<IpAddr> {
    let name = name.to_ascii_lowercase();
    if name.ends_with(".ip6.arpa") {
        return Some(Ipv6Addr::UNSPECIFIED.into());
    }
    let numbers: Vec<&str> = name.strip_suffix(".in-addr.arpa")?.rsplit('.').collect();
    Some(numbers.join(".").parse().map_or(Ipv6Addr::UNSPECIFIED.into(), IpAddr::V4))
}

fn encoded(name: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(name.len() + 2);
    for label in name.split('.') {
        bytes.push(u8::try_from(label.len()).unwrap_or(0));
        bytes.extend(label.as_bytes());
    }
    bytes.push(0);
    bytes
}

struct Start {
    id: [u8; 2],
    /// The bit by which the client wants recursion, to be repeated.
    wanted: u8,
}

impl Start {
    fn reply(&self, code: u8, question: Option<&Question<'_>>, data: &[u8]) -> Vec<u8> {
        let mut bytes = self.id.to_vec();
        bytes.extend([0x80 | self.wanted, 0x80 | code]);
        bytes.extend([0, u8::from(question.is_some()), 0, u8::from(!data.is_empty()), 0, 0, 0, 0]);
        let Some(question) = question else { return bytes };
        bytes.extend(question.bytes);
        if let (false, Ok(length)) = (data.is_empty(), u16::try_from(data.len())) {
            // 0xc00c points at the question's name.
            bytes.extend([0xc0, 0x0c]);
            bytes.extend(question.kind.to_be_bytes());
            bytes.extend(CLASS_IN.to_be_bytes());
            bytes.extend(TTL.to_be_bytes());
            bytes.extend(length.to_be_bytes());
            bytes.extend(data);
        }
        bytes
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ask(name: &str, kind: u16) -> Vec<u8> {
        let mut message = vec![0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        message.extend(encoded(name));
        message.extend(kind.to_be_bytes());
        message.extend([0, 1]);
        message
    }

    fn find(name: &str) -> Found {
        match name {
            "known.example" => Found::At(Ipv4Addr::new(198, 18, 0, 1)),
            "full.example" => Found::Full,
            _ => Found::Nothing,
        }
    }

    fn back(address: IpAddr) -> Option<String> {
        (address == IpAddr::from([198, 18, 0, 1])).then(|| "known.example".to_owned())
    }

    fn reply(message: &[u8]) -> Option<Vec<u8>> {
        answer(message, &Names { find: &find, name: &back })
    }

    /// The code and what stands after the question.
    fn said(name: &str, kind: u16) -> (u8, Vec<u8>) {
        let message = ask(name, kind);
        let reply = reply(&message).unwrap();
        assert_eq!(reply[..3], [0xab, 0xcd, 0x81]);
        assert_eq!(reply[HEAD..message.len()], message[HEAD..]);
        (reply[3] & 15, reply[message.len()..].to_vec())
    }

    #[test]
    fn a_known_name_has_one_address_and_nothing_else() {
        assert_eq!(said("Known.Example", TYPE_A), (0, vec![0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 198, 18, 0, 1]));
        for kind in [TYPE_AAAA, 16, 15, 65, 255, 5] {
            assert_eq!(said("known.example", kind), (0, vec![]), "{kind}");
        }
    }

    #[test]
    fn other_names_are_not_there() {
        for name in ["other.example", "127.1", "0x7f.1", "a b.example", "-a.example"] {
            assert_eq!(said(name, TYPE_A), (NO_SUCH_NAME, vec![]), "{name}");
        }
        assert_eq!(said("full.example", TYPE_A).0, SERVER_FAILURE);
    }

    #[test]
    fn localhost_is_the_sandbox() {
        assert_eq!(said("localhost", TYPE_A).1[12..], [127, 0, 0, 1]);
        assert_eq!(said("x.localhost", TYPE_AAAA).1.len(), 12 + 16);
    }

    #[test]
    fn only_our_own_addresses_have_names() {
        assert_eq!(said("1.0.18.198.in-addr.arpa", TYPE_PTR).1[12..], encoded("known.example"));
        for name in ["1.1.1.1.in-addr.arpa", "1.0.0.ip6.arpa", "x.in-addr.arpa"] {
            assert_eq!(said(name, TYPE_PTR), (NO_SUCH_NAME, vec![]), "{name}");
        }
    }

    #[test]
    fn what_is_no_question_gets_no_answer_or_an_error() {
        assert_eq!(reply(&[0; 11]), None);
        let mut message = ask("known.example", TYPE_A);
        message[2] |= 0x80;
        assert_eq!(reply(&message), None);
        message[2] = 0x28;
        assert_eq!(reply(&message).unwrap()[3] & 15, NOT_IMPLEMENTED);
        message[2] = 0;
        message[5] = 2;
        assert_eq!(reply(&message).unwrap()[3] & 15, FORMAT_ERROR);
        message[5] = 1;
        message.pop();
        assert_eq!(reply(&message).unwrap()[3] & 15, FORMAT_ERROR);
        message.push(3);
        assert_eq!(reply(&message).unwrap()[3] & 15, REFUSED);
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = reply(&bytes);
        }

        #[test]
        fn any_question_is_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut message = vec![0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
            message.extend(bytes);
            prop_assert!(reply(&message).is_some_and(|reply| reply.len() >= HEAD));
        }
    }
}
