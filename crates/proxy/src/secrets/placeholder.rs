//! A text that looks like a credential and is worth nothing. In: the credential. Out: random letters of the same kinds at
//! the same places, behind the same prefix, so that programs that check the form of a key take it.

use zeroize::Zeroizing;

/// Prefixes that tell a key's kind end at a dash or an underscore; longer words are part of the secret.
const LONGEST_WORD: usize = 8;
/// AWS's access keys have one without a dash.
const PLAIN_PREFIXES: &[&str] = &["AKIA", "ASIA", "AIza", "eyJ"];

/// A new placeholder for a credential.
///
/// # Errors
/// The system gives no random bytes.
pub fn placeholder(value: &str) -> Result<String, getrandom::Error> {
    placeholder_from(value, || {
        let mut byte = Zeroizing::new([0u8]);
        getrandom::fill(&mut *byte)?;
        let [number] = *byte;
        Ok(number)
    })
}

/// The placeholder that these bytes make for a credential. Whoever knows them knows the placeholder, and nothing of the
/// credential but its form.
///
/// # Errors
/// The first error of `next`.
pub fn placeholder_from<E>(value: &str, mut next: impl FnMut() -> Result<u8, E>) -> Result<String, E> {
    let kept = prefix(value);
    let lower_hex = value.bytes().skip(kept).all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'));
    let mut made = String::with_capacity(value.len());
    for (index, letter) in value.chars().enumerate() {
        let letters = match letter {
            _ if index < kept => "",
            'a'..='f' | '0'..='9' if lower_hex => "0123456789abcdef",
            'a'..='z' => "abcdefghijklmnopqrstuvwxyz",
            'A'..='Z' => "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            '0'..='9' => "0123456789",
            _ => "",
        };
        made.push(one_of(letters, &mut next)?.unwrap_or(letter));
    }
    Ok(made)
}

/// Bytes of the prefix: words of letters and digits that end in `-` or `_`, in the first third of the text.
fn prefix(value: &str) -> usize {
    let plain = PLAIN_PREFIXES.iter().find(|prefix| value.starts_with(**prefix)).map_or(0, |prefix| prefix.len());
    let most = value.len() / 3;
    let mut kept = 0;
    let mut start = 0;
    for (index, byte) in value.bytes().enumerate().take(most) {
        if matches!(byte, b'-' | b'_') {
            if index - start > LONGEST_WORD {
                break;
            }
            (kept, start) = (index + 1, index + 1);
        }
    }
    kept.max(plain)
}

fn one_of<E>(letters: &str, next: &mut impl FnMut() -> Result<u8, E>) -> Result<Option<char>, E> {
    let count = letters.len();
    if count == 0 {
        return Ok(None);
    }
    // Bytes at or above the last whole multiple would favour the first letters.
    let fair = 256 - 256 % count;
    loop {
        let number = usize::from(next()?);
        if number < fair {
            return Ok(letters.chars().nth(number % count));
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_has_the_form_of_the_key() {
        for (value, kept) in [
            ("sk-ant-api03-Zx9Qw8Er7Ty6Ui5Op4As3Df2Gh1Jk0Lz9Xc8Vb7Nm6", "sk-ant-api03-"),
            ("ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8", "ghp_"),
            ("AKIAQX4BIPW3AHOV29GN", "AKIA"),
            ("0a1b2c3d-0a1b-2c3d-0a1b-2c3d4e5f6a7b", ""),
        ] {
            let made = placeholder(value).unwrap();
            assert_eq!(made.len(), value.len());
            assert!(made.starts_with(kept), "{made}");
            assert_ne!(made, value);
            let class = |byte: u8| (byte.is_ascii_lowercase(), byte.is_ascii_uppercase(), byte.is_ascii_digit());
            if kept.is_empty() {
                assert!(made.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-')), "{made}");
            } else {
                assert!(made.bytes().zip(value.bytes()).all(|(a, b)| class(a) == class(b)), "{made}");
            }
            assert_ne!(made, placeholder(value).unwrap());
        }
    }
}
