//! Passwords in addresses: `scheme://user:password@host`.

use crate::rule::Place;
use crate::secret::{is_exact, is_placeholder};

/// The longest user and password together. Longer ones are cut-off texts, not addresses.
const LONGEST: usize = 512;

/// The password alone.
pub(crate) fn look(place: &Place<'_>) -> Option<(usize, usize)> {
    if !place.before(1).iter().any(u8::is_ascii_alphanumeric) {
        return None;
    }
    let end = place.run(place.after, LONGEST, |byte| !b"/?# \t\r\n\"'`<>|\\,;()".contains(&byte));
    let authority = place.text.get(place.after..end)?;
    let at_sign = authority.iter().rposition(|byte| *byte == b'@')?;
    let login = authority.get(..at_sign)?;
    let colon = login.iter().position(|byte| *byte == b':')?;
    let (user, password) = (login.get(..colon)?, login.get(colon + 1..)?);
    let stands =
        !password.is_empty() && password != user && !password.eq_ignore_ascii_case(b"password") && !is_placeholder(password);
    let start = place.after + colon + 1;
    (stands && !is_exact(place.text, start)).then_some((start, place.after + at_sign))
}
