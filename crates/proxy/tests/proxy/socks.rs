//! SOCKS5 as bytes.

use crate::ground::{Ground, talk};
use crate::origin::{Origin, ok};

fn request(kind: u8, host: &[u8], port: u16) -> Vec<u8> {
    [&[5, 1, 0, 5, 1, 0, kind][..], host, &port.to_be_bytes()].concat()
}

#[test]
fn a_name_and_an_address_are_reached() {
    let origin = Origin::plain(|_| ok("here"));
    let mut ground = Ground::plain();
    let named = [&[8u8][..], b"web.test"].concat();
    for (kind, host, text) in [(3, named.as_slice(), "web.test"), (1, &[127, 0, 0, 1], "127.0.0.1")] {
        let get = format!("GET / HTTP/1.1\r\nHost: {text}:{}\r\n\r\n", origin.port());
        let answer = talk(ground.socks, &[&request(kind, host, origin.port())[..], get.as_bytes()].concat());
        assert!(answer.ends_with("here"), "{answer:?}");
    }
    let told = ground.told();
    assert!(told.contains(&format!("wanted web.test:{} Socks", origin.port())), "{told:?}");
}

#[test]
fn refusals_have_their_codes() {
    let ground = Ground::plain();
    let code = |bytes: &[u8]| {
        let mut tcp = std::net::TcpStream::connect(ground.socks).unwrap();
        std::io::Write::write_all(&mut tcp, bytes).unwrap();
        let mut answer = Vec::new();
        let _ = std::io::Read::read_to_end(&mut tcp, &mut answer);
        answer
    };
    let denied = [&[11u8][..], b"bad.example"].concat();
    assert_eq!(code(&request(3, &denied, 80))[..4], [5, 0, 5, 2]);
    assert_eq!(code(&request(1, &[169, 254, 169, 254], 80))[3], 2);
    assert_eq!(code(&request(1, &[198, 18, 77, 1], 80))[3], 4);
    assert_eq!(code(&request(3, &[&[5u8][..], b"127.1"].concat(), 80))[3], 8);
    assert_eq!(code(&request(1, &[127, 0, 0, 1], 1))[3], 5);
    assert_eq!(code(&[5, 1, 2]), [5, 0xff]);
    assert_eq!(code(&[4, 1, 0, 80, 1, 2, 3, 4, 0]), []);
    let mut associate = request(1, &[127, 0, 0, 1], 53);
    associate[4] = 3;
    assert_eq!(code(&associate)[3], 7);
}
