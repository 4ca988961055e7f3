//! What front, supervisor, init and command say to each other over sequenced packets. In and out: one message a packet,
//! with descriptors beside it. Both ends are this program, forked; nothing foreign is parsed here.

use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags,
    SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
};

/// Longest packet: a failure's text is cut to fit.
const LONGEST: usize = 4096;
/// Most descriptors beside one message; the kernel's own bound is 253.
const MOST_DESCRIPTORS: usize = 64;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    /// Init to supervisor: the network stands; its listeners are beside this.
    Network,
    /// Init to supervisor: everything else stands; the root directory is beside this, and what is ready for names.
    Standing(Vec<u8>),
    /// Command to supervisor: the filter is on; the listener is beside this.
    Listening,
    /// Something could not be done.
    Failed {
        /// Which step.
        step: u8,
        /// The error.
        errno: i32,
        /// More words.
        text: String,
    },
    /// The command ended, with this wait status.
    Ended(i32),
    /// The command stopped by this signal.
    Stopped(i32),
    /// The command goes on.
    Continued,
    /// Front to supervisor: give the command this signal.
    Signal(i32),
    /// Supervisor to init: so many rules say what can be read; their ruleset is beside this, none where the kernel has none.
    Rules(i32),
}

impl Message {
    fn encode(&self) -> Vec<u8> {
        let plain = |tag: u8, value: i32| [&[tag][..], &value.to_le_bytes()].concat();
        match self {
            Message::Network => plain(1, 0),
            Message::Standing(facts) => [&plain(2, 0)[..], facts].concat(),
            Message::Listening => plain(3, 0),
            Message::Failed { step, errno, text } => {
                let text = text.as_bytes();
                let text = text.get(..text.len().min(LONGEST - 16)).unwrap_or_default();
                [&plain(4, *errno)[..], &[*step], text].concat()
            }
            Message::Ended(status) => plain(5, *status),
            Message::Stopped(signal) => plain(6, *signal),
            Message::Continued => plain(7, 0),
            Message::Signal(signal) => plain(8, *signal),
            Message::Rules(rules) => plain(9, *rules),
        }
    }

    fn decode(packet: &[u8]) -> Option<Message> {
        let (tag, rest) = packet.split_first()?;
        let (value, rest) = rest.split_first_chunk::<4>()?;
        let value = i32::from_le_bytes(*value);
        Some(match tag {
            1 => Message::Network,
            2 => Message::Standing(rest.to_vec()),
            3 => Message::Listening,
            4 => {
                let (step, text) = rest.split_first()?;
                Message::Failed { step: *step, errno: value, text: String::from_utf8_lossy(text).into_owned() }
            }
            5 => Message::Ended(value),
            6 => Message::Stopped(value),
            7 => Message::Continued,
            8 => Message::Signal(value),
            9 => Message::Rules(value),
            _ => return None,
        })
    }
}

/// Two connected ends, closed on exec.
pub(crate) fn pair() -> Result<(OwnedFd, OwnedFd), Errno> {
    socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
}

/// Sends one message with descriptors.
pub(crate) fn send(to: BorrowedFd<'_>, message: &Message, descriptors: &[BorrowedFd<'_>]) -> Result<(), Errno> {
    let bytes = message.encode();
    let mut space = [MaybeUninit::<u8>::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() && !control.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(Errno::TOOBIG);
    }
    rustix::io::retry_on_intr(|| sendmsg(to, &[IoSlice::new(&bytes)], &mut control, SendFlags::NOSIGNAL)).map(|_| ())
}

/// The next message and its descriptors; `None` when the other end is gone.
pub(crate) fn receive(from: BorrowedFd<'_>) -> Result<Option<(Message, Vec<OwnedFd>)>, Errno> {
    let mut bytes = [0; LONGEST];
    let mut space = [MaybeUninit::<u8>::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = rustix::io::retry_on_intr(|| {
        recvmsg(from.as_fd(), &mut [IoSliceMut::new(&mut bytes)], &mut control, RecvFlags::CMSG_CLOEXEC)
    })?;
    if received.bytes == 0 {
        return Ok(None);
    }
    let descriptors = control
        .drain()
        .filter_map(|message| if let RecvAncillaryMessage::ScmRights(fds) = message { Some(fds) } else { None })
        .flatten()
        .collect();
    let packet = bytes.get(..received.bytes).unwrap_or_default();
    Message::decode(packet).map(|message| Some((message, descriptors))).ok_or(Errno::BADMSG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_comes_back_as_it_went() {
        let failed = Message::Failed { step: 3, errno: 13, text: "why".to_owned() };
        for message in
            [Message::Network, Message::Standing(vec![1, 2]), failed, Message::Ended(256), Message::Signal(15), Message::Rules(7)]
        {
            assert_eq!(Message::decode(&message.encode()), Some(message));
        }
        assert_eq!(Message::decode(&[]), None);
        assert_eq!(Message::decode(&[99, 0, 0, 0, 0]), None);
    }
}
