//! Laws of the classifier: any text has an answer, and the answer names bytes of that text.

use bailiwick_detect::classifier::{score, strongest};
use proptest::prelude::*;

fn holds(text: &str) {
    let probability = score(text);
    assert!((0.0..=1.0).contains(&probability), "{probability}");
    if let Some(found) = strongest(text) {
        assert!(text.get(found.span.clone()).is_some_and(|passage| !passage.is_empty()), "{:?}", found.span);
        assert!((found.probability - probability).abs() < f32::EPSILON);
    }
}

proptest! {
    #[test]
    fn any_text_has_an_answer(text in any::<String>()) {
        holds(&text);
    }

    #[test]
    fn so_has_any_mix_of_what_texts_are_cut_at(text in "([a-zé忽ß'’@:/\\\\n.!?<#\" \\t0-9\u{300}-]|http://|\\\\n|a@b\\.c){0,200}") {
        holds(&text);
    }
}

#[test]
fn texts_without_an_end_of_word_or_sentence_have_an_answer() {
    for piece in ["a", "\n", "a ", "忽", "://", "@", "'", "\\n", "a@", "é", "."] {
        holds(&piece.repeat(300_000));
    }
}
