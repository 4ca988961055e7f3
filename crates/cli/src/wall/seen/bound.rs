//! What was seen of a call, cut to what one entry of the ledger holds. In: all of it. Out: the same, with long words cut, and
//! what is left out counted.

use bailiwick_vocab::record::Observed;

/// Longest word of a command line, or path, that is written down whole.
const LONGEST_WORD: usize = 1_200;

/// Most bytes of what is seen, as JSON; an entry of the ledger holds 65 535.
const MOST_BYTES: usize = 48 << 10;

/// What one entry of the ledger holds: long words are cut, and of the longest lists the half is left out and counted, until
/// it fits. What was refused goes last.
pub fn bounded(mut observed: Observed) -> Observed {
    observed.execs.iter_mut().flatten().for_each(shorten);
    [&mut observed.unpredicted, &mut observed.changed, &mut observed.not_kept, &mut observed.refused]
        .into_iter()
        .flatten()
        .for_each(shorten);
    while serde_json::to_vec(&observed).map_or(0, |bytes| bytes.len()) > MOST_BYTES {
        let execs = observed.execs.iter().flatten().map(String::len).sum();
        let texts = |list: &[String]| list.iter().map(String::len).sum::<usize>();
        let connects = observed.connects.iter().map(|(to, _, _)| to.len()).sum();
        let sizes = [execs, texts(&observed.unpredicted), texts(&observed.changed), texts(&observed.not_kept), connects];
        let left = match sizes.iter().enumerate().max_by_key(|(_, size)| **size) {
            Some((_, 0)) | None => halve(&mut observed.refused),
            Some((0, _)) => halve(&mut observed.execs),
            Some((1, _)) => halve(&mut observed.unpredicted),
            Some((2, _)) => halve(&mut observed.changed),
            Some((3, _)) => halve(&mut observed.not_kept),
            Some(_) => halve(&mut observed.connects),
        };
        observed.left_out += left;
        if left == 0 {
            break;
        }
    }
    observed
}

fn shorten(word: &mut String) {
    if word.len() > LONGEST_WORD {
        let kept: String = word.chars().take(LONGEST_WORD / 4).collect();
        *word = format!("{kept}… ({} bytes)", word.len());
    }
}

/// Leaves out the second half; how many those were.
fn halve<T>(list: &mut Vec<T>) -> u64 {
    let kept = list.len() / 2;
    let gone = list.len() - kept;
    list.truncate(kept);
    gone as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_fits_into_an_entry() {
        let many = |number: usize, length: usize| (0..number).map(|at| format!("{at}{}", "x".repeat(length))).collect::<Vec<_>>();
        let observed = Observed {
            call: String::new(),
            entry: 0,
            exit: "exit 0".to_owned(),
            wall: Vec::new(),
            execs: many(200, 9_000).into_iter().map(|word| vec!["sh".to_owned(), word]).collect(),
            changed: many(200, 300),
            connects: Vec::new(),
            refused: many(20, 200),
            unpredicted: many(200, 300),
            left_out: 3,
            journal: None,
            not_kept: many(200, 300),
            credentials: Vec::new(),
            findings: Vec::new(),
        };
        let fits = bounded(observed);
        assert!(serde_json::to_vec(&fits).is_ok_and(|bytes| bytes.len() <= MOST_BYTES));
        assert_eq!(fits.refused.len(), 20);
        let left = fits.execs.len() + fits.changed.len() + fits.unpredicted.len() + fits.not_kept.len();
        assert_eq!(fits.left_out, 3 + 800 - left as u64);
    }
}
