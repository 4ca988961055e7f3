//! Bodies of HTTP messages. In: a reader that stands behind a head, and the framing that the head told. Out: the body piece
//! by piece without its framing. Chunk extensions and trailers are read and dropped.

use std::io::{self, ErrorKind};
use std::time::Duration;

use crate::head::{self, Bad, Framing};
use crate::wire::Reader;

/// The longest piece; also what one chunk towards the other side holds at most.
const PIECE: usize = 64 * 1024;
/// A chunk's first line: 16 digits, and extensions that nobody uses.
const CHUNK_LINE: usize = 256;
/// Lines of a trailer, each at most `TRAILER_LINE` long.
const TRAILERS: usize = 32;
const TRAILER_LINE: usize = 8 * 1024;

/// Why a body could not be read to its end.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The connection.
    Io(io::Error),
    /// The framing.
    Bad(Bad),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Where the reader stands in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before so many bytes, the last of the body.
    Rest(u64),
    /// Before a chunk's first line.
    Chunk,
    /// Inside a chunk.
    In(u64),
    /// In a body that ends with the connection.
    Open,
    /// Behind it.
    End,
}

/// A body that is being read.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    at: At,
    within: Duration,
}

impl Body {
    /// A body; each read waits at most so long.
    pub(crate) fn new(framing: Framing, within: Duration) -> Self {
        let at = match framing {
            Framing::Length(0) => At::End,
            Framing::Length(length) => At::Rest(length),
            Framing::Chunked => At::Chunk,
            Framing::UntilClose => At::Open,
        };
        Self { at, within }
    }

    /// Changes how long each read waits. A read that waited in vain can be tried again.
    pub(crate) fn set_patience(&mut self, within: Duration) {
        self.within = within;
    }

    /// Whether all of it was read.
    pub(crate) fn is_done(&self) -> bool {
        self.at == At::End
    }

    /// The next piece; none at the end.
    pub(crate) fn next(&mut self, reader: &mut Reader) -> Result<Option<Vec<u8>>, Broken> {
        loop {
            match self.at {
                At::End => return Ok(None),
                At::Open => return self.open(reader),
                At::Rest(left) => {
                    let piece = self.some(reader, left)?;
                    let left = left - piece.len() as u64;
                    self.at = if left == 0 { At::End } else { At::Rest(left) };
                    return Ok(Some(piece));
                }
                At::In(left) => {
                    let piece = self.some(reader, left)?;
                    let left = left - piece.len() as u64;
                    self.at = At::In(left);
                    if left == 0 {
                        self.at = At::Chunk;
                        if !self.line(reader, 2)?.is_empty() {
                            return Err(Broken::Bad("a chunk longer than it said"));
                        }
                    }
                    return Ok(Some(piece));
                }
                At::Chunk => self.chunk(reader)?,
            }
        }
    }

    fn open(&mut self, reader: &mut Reader) -> Result<Option<Vec<u8>>, Broken> {
        if reader.held().is_empty() && reader.fill(self.within)? == 0 {
            self.at = At::End;
            return Ok(None);
        }
        Ok(Some(reader.take(PIECE)))
    }

    fn some(&self, reader: &mut Reader, left: u64) -> Result<Vec<u8>, Broken> {
        if reader.held().is_empty() && reader.fill(self.within)? == 0 {
            return Err(Broken::Io(ErrorKind::UnexpectedEof.into()));
        }
        Ok(reader.take(usize::try_from(left).unwrap_or(PIECE).min(PIECE)))
    }

    fn chunk(&mut self, reader: &mut Reader) -> Result<(), Broken> {
        let line = self.line(reader, CHUNK_LINE)?;
        let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
        let length = chunk_length(digits).ok_or(Broken::Bad("an unreadable chunk length"))?;
        if length > 0 {
            self.at = At::In(length);
            return Ok(());
        }
        for _ in 0..TRAILERS {
            let line = self.line(reader, TRAILER_LINE)?;
            if line.is_empty() {
                self.at = At::End;
                return Ok(());
            }
            head::field(&line).map_err(Broken::Bad)?;
        }
        Err(Broken::Bad("too many trailers"))
    }

    /// A line without its CR LF, which `most` includes.
    fn line(&self, reader: &mut Reader, most: usize) -> Result<Vec<u8>, Broken> {
        loop {
            if let Some(end) = reader.held().iter().take(most).position(|byte| *byte == b'\n') {
                let mut line = reader.take(end + 1);
                line.pop();
                let ends_well = line.pop() == Some(b'\r') && !line.contains(&b'\r');
                return if ends_well { Ok(line) } else { Err(Broken::Bad("a chunk's line that ends without CR LF")) };
            }
            if reader.held().len() >= most {
                return Err(Broken::Bad("a chunk's line that is too long"));
            }
            if reader.fill(self.within)? == 0 {
                return Err(Broken::Io(ErrorKind::UnexpectedEof.into()));
            }
        }
    }
}

fn chunk_length(digits: &[u8]) -> Option<u64> {
    let plain = (1..=15).contains(&digits.len()) && digits.iter().all(u8::is_ascii_hexdigit);
    let text = std::str::from_utf8(digits).ok().filter(|_| plain)?;
    u64::from_str_radix(text, 16).ok()
}

/// A piece as a chunk.
pub(crate) fn chunk(piece: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{:x}\r\n", piece.len()).into_bytes();
    bytes.extend(piece);
    bytes.extend(b"\r\n");
    bytes
}

/// What stands behind the last chunk.
pub(crate) const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::wire::Wire;
    use proptest::prelude::*;
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};
    use std::sync::Arc;

    fn read(bytes: &[u8], framing: Framing) -> Result<Vec<u8>, Broken> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = listener.accept().unwrap();
        client.write_all(bytes).unwrap();
        drop(client);
        let mut reader = Reader::new(Wire::plain(Arc::new(server)));
        let mut body = Body::new(framing, Duration::from_secs(5));
        let mut whole = Vec::new();
        while let Some(piece) = body.next(&mut reader)? {
            whole.extend(piece);
        }
        Ok(whole)
    }

    #[test]
    fn bodies_are_read_to_their_ends() {
        assert_eq!(read(b"hello world", Framing::Length(5)).unwrap(), b"hello");
        assert_eq!(read(b"hello", Framing::UntilClose).unwrap(), b"hello");
        assert_eq!(read(b"5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nA: b\r\n\r\n", Framing::Chunked).unwrap(), b"hello!");
        assert!(matches!(read(b"hell", Framing::Length(5)), Err(Broken::Io(_))));
    }

    #[test]
    fn chunks_are_read_strictly() {
        for text in
            ["5\nhello\r\n0\r\n\r\n", "5\r\nhello!\r\n0\r\n\r\n", "+5\r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n", "\r\n"]
        {
            assert!(matches!(read(text.as_bytes(), Framing::Chunked), Err(Broken::Bad(_))), "{text:?}");
        }
        for text in
            ["5 \r\nhello\r\n0\r\n\r\n", "fffffffffffffffff\r\n", "5\r\nhello\n0\r\n\r\n", "0\r\n A\r\n\r\n", "5\rx\r\nhello\r\n"]
        {
            assert!(matches!(read(text.as_bytes(), Framing::Chunked), Err(Broken::Bad(_))), "{text:?}");
        }
        assert!(matches!(read(&[b'1'; 300], Framing::Chunked), Err(Broken::Bad(_))));
        assert!(matches!(read(b"5\r\nhello\r\n", Framing::Chunked), Err(Broken::Io(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_bytes_are_chunks_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes, Framing::Chunked);
        }

        #[test]
        fn chunks_come_back_whole(pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..300), 0..5)) {
            let mut bytes: Vec<u8> = pieces.iter().flat_map(|piece| chunk(piece)).collect();
            bytes.extend(LAST_CHUNK);
            prop_assert_eq!(read(&bytes, Framing::Chunked).unwrap(), pieces.concat());
        }
    }
}
