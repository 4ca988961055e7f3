//! Checkpoints as signed notes (c2sp.org/tlog-checkpoint, c2sp.org/signed-note), Ed25519 only: made, parsed, verified.
//!
//! Pure: keys arrive as text. Signatures by others (witnesses) may stand beside ours and are passed over.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::tree::Hash;

/// The type byte of Ed25519 in keys and key identifiers.
const ALG_ED25519: u8 = 1;

/// Notes longer than this are not read: a checkpoint has under 300 bytes, and 16 witnesses add 150 each.
pub const MAX_NOTE_BYTES: usize = 8_192;

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// It does not have the form `name+id+base64` of a key.
    Form,
    /// Its algorithm is not Ed25519.
    Algorithm,
    /// Its identifier does not belong to its name and bytes.
    Identifier,
    /// Its bytes are no point of the curve.
    Point,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyError::Form => "this is not the text of a note key",
            KeyError::Algorithm => "the key is not for Ed25519",
            KeyError::Identifier => "the key's identifier does not belong to it",
            KeyError::Point => "the key's bytes are no public key",
        })
    }
}

impl std::error::Error for KeyError {}

/// Why a note does not stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// It does not have the form of a signed checkpoint.
    Form,
    /// It is another log's.
    Origin,
    /// It has no signature by our key.
    Unsigned,
    /// The signature by our key is wrong.
    Signature,
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoteError::Form => "this is not a signed checkpoint",
            NoteError::Origin => "the checkpoint is of another log",
            NoteError::Unsigned => "the checkpoint has no signature by the log's key",
            NoteError::Signature => "the checkpoint's signature is wrong",
        })
    }
}

impl std::error::Error for NoteError {}

/// What a checkpoint says: this log had this root at this size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name; the key's name too.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root of the Merkle tree.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed: origin, size, root, a line each.
    #[must_use]
    pub fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    fn parse(body: &str) -> Option<Checkpoint> {
        let mut lines = body.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let root: Hash = STANDARD.decode(root).ok()?.try_into().ok()?;
        let checkpoint = Checkpoint { origin: origin.to_owned(), size: size.parse().ok()?, root };
        // Extension lines may follow; what we read must be what we would write (no "+7", no "007").
        body.starts_with(&checkpoint.body()).then_some(checkpoint)
    }
}

/// The public half of a log's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl VerifierKey {
    /// Reads a key in vkey form: `<name>+<id>+<base64>`.
    ///
    /// # Errors
    /// Where the text is no such key.
    pub fn parse(text: &str) -> Result<VerifierKey, KeyError> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        // Base64 has plus signs too: the first two divide.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else { return Err(KeyError::Form) };
        let bytes = key_bytes(key)?;
        let verifier = VerifierKey::new(name, VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Point)?)?;
        if hex(&verifier.id) == id { Ok(verifier) } else { Err(KeyError::Identifier) }
    }

    fn new(name: &str, key: VerifyingKey) -> Result<VerifierKey, KeyError> {
        if name.is_empty() || name.contains(|c: char| c == '+' || c.is_whitespace() || c.is_control()) {
            return Err(KeyError::Form);
        }
        Ok(VerifierKey { name: name.to_owned(), id: key_id(name, &key), key })
    }

    /// The log's origin line.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether `signature` is ours over this checkpoint.
    #[must_use]
    pub fn signed(&self, checkpoint: &Checkpoint, signature: &[u8; 64]) -> bool {
        self.signed_text(&checkpoint.body(), signature)
    }

    fn signed_text(&self, text: &str, signature: &[u8; 64]) -> bool {
        self.key.verify_strict(text.as_bytes(), &Signature::from_bytes(signature)).is_ok()
    }

    /// Reads a signed note and checks our signature on it.
    ///
    /// # Errors
    /// Where it is no checkpoint of this log signed by this key.
    pub fn open(&self, note: &str) -> Result<Checkpoint, NoteError> {
        if note.len() > MAX_NOTE_BYTES {
            return Err(NoteError::Form);
        }
        let at = note.rfind("\n\n").ok_or(NoteError::Form)?;
        let (body, signatures) = note.split_at(at + 1);
        let signatures = signatures.strip_prefix('\n').filter(|lines| lines.ends_with('\n')).ok_or(NoteError::Form)?;
        let checkpoint = Checkpoint::parse(body).ok_or(NoteError::Form)?;
        if checkpoint.origin != self.name {
            return Err(NoteError::Origin);
        }
        let signature = self.find_signature(signatures)?;
        if self.signed_text(body, &signature) { Ok(checkpoint) } else { Err(NoteError::Signature) }
    }

    fn find_signature(&self, lines: &str) -> Result<[u8; 64], NoteError> {
        for line in lines.lines() {
            let (name, blob) = line.strip_prefix("— ").and_then(|line| line.split_once(' ')).ok_or(NoteError::Form)?;
            let blob = STANDARD.decode(blob).map_err(|_| NoteError::Form)?;
            let (id, signature) = blob.split_first_chunk::<4>().ok_or(NoteError::Form)?;
            if name == self.name && *id == self.id {
                return signature.try_into().map_err(|_| NoteError::Form);
            }
        }
        Err(NoteError::Unsigned)
    }

    /// The note of a checkpoint with a signature that was made before.
    #[must_use]
    pub fn note(&self, checkpoint: &Checkpoint, signature: &[u8; 64]) -> String {
        let blob = [&self.id[..], &signature[..]].concat();
        format!("{}\n— {} {}\n", checkpoint.body(), self.name, STANDARD.encode(blob))
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}+{}", self.name, hex(&self.id), key_text(self.key.as_bytes()))
    }
}

/// The secret half of a log's key. Not printable.
#[derive(Clone)]
pub struct SignerKey {
    key: SigningKey,
    verifier: VerifierKey,
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignerKey({})", self.verifier)
    }
}

impl SignerKey {
    /// The key of a seed; its name is `bailiwick/` and the first eight bytes of the public key's SHA-256.
    ///
    /// # Errors
    /// Never in practice: the name is well formed.
    pub fn from_seed(seed: &[u8; 32]) -> Result<SignerKey, KeyError> {
        let key = SigningKey::from_bytes(seed);
        let digest: Hash = Sha256::digest(key.verifying_key().as_bytes()).into();
        let name = format!("bailiwick/{}", hex(digest.first_chunk::<8>().unwrap_or(&[0; 8])));
        SignerKey::new(&name, key)
    }

    fn new(name: &str, key: SigningKey) -> Result<SignerKey, KeyError> {
        let verifier = VerifierKey::new(name, key.verifying_key())?;
        Ok(SignerKey { key, verifier })
    }

    /// Reads a secret key: `PRIVATE+KEY+<name>+<id>+<base64>`.
    ///
    /// # Errors
    /// Where the text is no such key.
    pub fn parse(text: &str) -> Result<SignerKey, KeyError> {
        let text = text.strip_suffix('\n').unwrap_or(text).strip_prefix("PRIVATE+KEY+").ok_or(KeyError::Form)?;
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else { return Err(KeyError::Form) };
        let signer = SignerKey::new(name, SigningKey::from_bytes(&key_bytes(key)?))?;
        if hex(&signer.verifier.id) == id { Ok(signer) } else { Err(KeyError::Identifier) }
    }

    /// The text of the secret key, for its file alone.
    #[must_use]
    pub fn secret_text(&self) -> String {
        let verifier = &self.verifier;
        format!("PRIVATE+KEY+{}+{}+{}\n", verifier.name, hex(&verifier.id), key_text(self.key.as_bytes()))
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// The checkpoint of this log at a size.
    #[must_use]
    pub fn checkpoint(&self, size: u64, root: Hash) -> Checkpoint {
        Checkpoint { origin: self.verifier.name.clone(), size, root }
    }

    /// Signs a checkpoint.
    #[must_use]
    pub fn sign(&self, checkpoint: &Checkpoint) -> [u8; 64] {
        self.key.sign(checkpoint.body().as_bytes()).to_bytes()
    }
}

/// The size that a note claims on its second line, signature unseen.
#[must_use]
pub fn claimed_size(note: &[u8]) -> Option<u64> {
    std::str::from_utf8(note).ok()?.lines().nth(1)?.parse().ok()
}

/// `SHA-256(name || "\n" || algorithm || key)`, its first four bytes.
fn key_id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let digest: Hash = Sha256::new()
        .chain_update(name)
        .chain_update(b"\n")
        .chain_update([ALG_ED25519])
        .chain_update(key.as_bytes())
        .finalize()
        .into();
    digest.first_chunk().copied().unwrap_or_default()
}

fn key_text(key: &[u8; 32]) -> String {
    STANDARD.encode([&[ALG_ED25519][..], &key[..]].concat())
}

fn key_bytes(text: &str) -> Result<[u8; 32], KeyError> {
    let bytes = STANDARD.decode(text).map_err(|_| KeyError::Form)?;
    let (algorithm, key) = bytes.split_first().ok_or(KeyError::Form)?;
    if *algorithm != ALG_ED25519 {
        return Err(KeyError::Algorithm);
    }
    key.try_into().map_err(|_| KeyError::Form)
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|nibble| char::from_digit(u32::from(nibble), 16)).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn signer() -> SignerKey {
        SignerKey::from_seed(&[7; 32]).unwrap()
    }

    fn note() -> String {
        let checkpoint = signer().checkpoint(42, [9; 32]);
        signer().verifier().note(&checkpoint, &signer().sign(&checkpoint))
    }

    /// The example key and note of c2sp.org/signed-note's Go ancestor, golang.org/x/mod/sumdb/note.
    const GO_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const GO_TEXT: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const GO_BLOB: &str = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";

    #[test]
    fn the_example_of_the_go_implementation_verifies() {
        let key = VerifierKey::parse(GO_KEY).unwrap();
        let blob = STANDARD.decode(GO_BLOB).unwrap();
        assert_eq!(blob[..4], key.id);
        assert!(key.signed_text(GO_TEXT, blob[4..].try_into().unwrap()));
        assert_eq!(key.to_string(), GO_KEY);
    }

    #[test]
    fn a_note_opens_to_what_was_signed() {
        let checkpoint = signer().verifier().open(&note()).unwrap();
        assert_eq!((checkpoint.size, checkpoint.root), (42, [9; 32]));
        assert!(checkpoint.origin.starts_with("bailiwick/"));
    }

    #[test]
    fn a_note_changed_in_any_byte_does_not_open() {
        let note = note();
        for at in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            assert!(signer().verifier().open(&changed).is_err(), "byte {at}");
            assert!(signer().verifier().open(&note[..at.min(note.floor_char_boundary(at))]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_witness_signature_beside_ours_is_passed_over() {
        let witness = STANDARD.encode([1; 76]);
        let cosigned = format!("{}— witness.example/w {witness}\n", note());
        assert_eq!(signer().verifier().open(&cosigned).unwrap().size, 42);
    }

    #[test]
    fn another_logs_note_is_told_from_a_forged_one() {
        let other = SignerKey::from_seed(&[8; 32]).unwrap();
        assert_eq!(other.verifier().open(&note()), Err(NoteError::Origin));
        let forged = note().replace("\n42\n", "\n43\n");
        assert_eq!(signer().verifier().open(&forged), Err(NoteError::Signature));
        let padded = note().replace("\n42\n", "\n042\n");
        assert_eq!(signer().verifier().open(&padded), Err(NoteError::Form));
    }

    #[test]
    fn keys_come_back_from_their_text() {
        let signer = signer();
        assert_eq!(SignerKey::parse(&signer.secret_text()).unwrap().verifier(), signer.verifier());
        assert_eq!(&VerifierKey::parse(&signer.verifier().to_string()).unwrap(), signer.verifier());
    }

    #[test]
    fn damaged_keys_are_told_apart() {
        let text = signer().verifier().to_string();
        assert_eq!(VerifierKey::parse("nonsense"), Err(KeyError::Form));
        assert_eq!(VerifierKey::parse(&text.replacen("bailiwick/", "bailiwick/0", 1)), Err(KeyError::Identifier));
        let (head, _) = text.rsplit_once('+').unwrap();
        assert_eq!(VerifierKey::parse(&format!("{head}+{}", STANDARD.encode([2; 33]))), Err(KeyError::Algorithm));
        assert_eq!(SignerKey::parse(&text).err(), Some(KeyError::Form));
    }
}
