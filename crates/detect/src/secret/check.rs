//! Checks that tokens carry in themselves. In: a rule and what it matched. Out: how strong the finding is: a token whose check
//! does not hold was made up, or cut.

use bailiwick_vocab::finding::Strength;

use crate::rule::Rule;

/// Letters and digits after the beginning of a token with a check: thirty, and six that are made of them.
const RANDOM: usize = 30;
const CHECK: usize = 6;

/// The rule's own strength, or one less where the check does not hold.
pub(crate) fn strength(rule: &Rule, token: &str) -> Strength {
    let checked = matches!(rule.id, "secret/github-token" | "secret/npm-token");
    let body = token.split_once('_').map_or("", |(_, body)| body);
    let holds = body.len() != RANDOM + CHECK || body.get(RANDOM..) == body.get(..RANDOM).map(check).as_deref();
    if checked && !holds { Strength::Fair } else { rule.strength }
}

/// CRC-32 of the random part in base 62, six digits with leading zeros.
fn check(random: &str) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut value = crc32(random.as_bytes()) as usize;
    let mut digits = [b'0'; CHECK];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS.get(value % 62).copied().unwrap_or(b'0');
        value /= 62;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

/// CRC-32 as in gzip (RFC 1952, section 8), bit by bit: tokens are short.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_of_a_real_token_holds() {
        // A token of the format that was published and revoked; in two parts, so that this file leaks nothing.
        assert_eq!(check(concat!("zQWBuTSOoRi4A9s", "pHcVY5ncnsDkxkJ")), "0mLq17");
    }
}
