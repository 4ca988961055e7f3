//! The doors: what a client says before its bytes go anywhere. In: an accepted socket and which door it came through. Out: a
//! conversation with the destination it asked for, or the refusal that its protocol has.

use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use crate::dns::{self, Found, Names};
use crate::exchange;
use crate::gate::{Spot, Via, Why};
use crate::host::Host;
use crate::live::STACK;
use crate::reach::Shared;
use crate::refusal;
use crate::socks::{self, Asked};
use crate::synthetic;
use crate::tunnel;
use crate::wire::{Reader, Wire};

/// What a TCP listener is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Door {
    Http,
    Socks,
    Transparent,
    Dns,
}

/// Takes a client in, if there is room.
pub(crate) fn admit(shared: &Arc<Shared>, door: Door, tcp: TcpStream) {
    let via = match door {
        Door::Http => Via::Connect,
        Door::Socks => Via::Socks,
        Door::Transparent | Door::Dns => Via::Transparent,
    };
    let Some(place) = shared.live.enter() else {
        shared.refused(String::new(), 0, via, Why::Full);
        return;
    };
    let tcp = Arc::new(tcp);
    let socket = tcp.clone();
    let own = shared.clone();
    let serve = move || {
        let _place = place;
        let _lease = own.live.add(&socket);
        if socket.set_nodelay(true).and(socket.set_write_timeout(Some(own.limits.still_time))).is_ok() {
            serve(&own, door, socket);
        }
    };
    if thread::Builder::new().stack_size(STACK).spawn(serve).is_err() {
        shared.refused(String::new(), 0, via, Why::Full);
    }
}

fn serve(shared: &Shared, door: Door, tcp: Arc<TcpStream>) {
    let local = tcp.local_addr();
    let client = Reader::new(Wire::plain(tcp.clone()));
    match (door, local) {
        (Door::Http, _) => exchange::serve(shared, client),
        (Door::Socks, _) => serve_socks(shared, client),
        (Door::Transparent, Ok(local)) => serve_transparent(shared, client, local),
        (Door::Transparent, Err(_)) => {}
        (Door::Dns, _) => serve_names(shared, &tcp),
    }
}

/// A client that connected to an address that our DNS made up, or to the namespace's own loopback address, which stands
/// for the machine's: the gate says whether that may be reached.
fn serve_transparent(shared: &Shared, mut client: Reader, local: SocketAddr) {
    let host = Host::Address(local.ip().to_canonical());
    let text = host.to_string();
    let stood = if synthetic::is_made_up(local.ip()) || local.ip().to_canonical().is_loopback() {
        exchange::stand(shared, client.wire.peer(), host, local.port(), Via::Transparent)
    } else {
        Err(Why::NoSuchName)
    };
    match stood {
        Ok((tcp, tally)) => tunnel::converse(shared, client, tcp, tally),
        Err(why) => {
            let name = shared.synthetic.name(local.ip()).unwrap_or(text);
            let why = shared.refused(name, local.port(), Via::Transparent, why);
            refusal::say(&mut client, &why);
        }
    }
}

fn serve_socks(shared: &Shared, mut client: Reader) {
    let Some((host, port)) = socks_request(shared, &mut client) else { return };
    match exchange::stand(shared, client.wire.peer(), host.clone(), port, Via::Socks) {
        Ok((tcp, tally)) => {
            if client.wire.write(&socks::reply(socks::DONE)).is_ok() {
                tunnel::converse(shared, client, tcp, tally);
            }
        }
        Err(why) => {
            let why = shared.refused(host.to_string(), port, Via::Socks, why);
            let _ = client.wire.write(&socks::reply(socks::code(&why)));
        }
    }
}

/// Greeting and request; none where there is nothing to serve.
fn socks_request(shared: &Shared, client: &mut Reader) -> Option<(Host, u16)> {
    let deadline = Instant::now() + shared.limits.head_time;
    let refuse = |why: Why| {
        shared.refused(String::new(), 0, Via::Socks, why);
    };
    let without_login = loop {
        match socks::greeting(client.held()) {
            socks::Read::Whole(without_login, length) => {
                client.used(length);
                break without_login;
            }
            socks::Read::More => client.fill_by(deadline).ok()?,
            socks::Read::Bad => {
                refuse(Why::Malformed("a SOCKS5 greeting"));
                return None;
            }
        }
    };
    client.wire.write(if without_login { &socks::ACCEPTED } else { &socks::NO_METHOD }).ok().filter(|()| without_login)?;
    loop {
        match socks::request(client.held()) {
            socks::Read::Whole(asked, length) => {
                client.used(length);
                let (code, why) = match asked {
                    Asked::Connect(host, port) => return Some((host, port)),
                    Asked::Odd => (socks::code(&Why::OddHost), Why::OddHost),
                    Asked::Other => (socks::NOT_SUPPORTED, Why::Malformed("a SOCKS5 command other than CONNECT")),
                };
                refuse(why);
                let _ = client.wire.write(&socks::reply(code));
                return None;
            }
            socks::Read::More => client.fill_by(deadline).ok()?,
            socks::Read::Bad => {
                refuse(Why::Malformed("a SOCKS5 request"));
                return None;
            }
        }
    }
}

/// Questions over TCP, each with its length before it.
fn serve_names(shared: &Shared, tcp: &TcpStream) {
    let client = Wire::plain(Arc::new(match tcp.try_clone() {
        Ok(tcp) => tcp,
        Err(_) => return,
    }));
    loop {
        let mut length = [0; 2];
        let mut from = tcp;
        if tcp.set_read_timeout(Some(shared.limits.head_time)).is_err() || from.read_exact(&mut length).is_err() {
            return;
        }
        let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
        if from.read_exact(&mut question).is_err() {
            return;
        }
        let Some(reply) = name_service(shared, &question) else { return };
        let Ok(length) = u16::try_from(reply.len()) else { return };
        if client.write(&[&length.to_be_bytes()[..], &reply].concat()).is_err() {
            return;
        }
    }
}

/// The answer to one question.
pub(crate) fn name_service(shared: &Shared, question: &[u8]) -> Option<Vec<u8>> {
    let find = |name: &str| {
        if let Some(credential) = shared.secrets.in_name(name) {
            shared.leaked(credential, &Host::Name(name.to_owned()), Spot::Name);
            return Found::Nothing;
        }
        if !shared.gate.known(name) {
            return Found::Nothing;
        }
        shared.synthetic.address(name).map_or(Found::Full, Found::At)
    };
    dns::answer(question, &Names { find: &find, name: &|address| shared.synthetic.name(address) })
}
