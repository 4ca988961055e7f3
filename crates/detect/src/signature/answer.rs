//! Text that dictates what is answered.

use bailiwick_vocab::finding::Strength::{Fair, Weak};

use crate::lexicon::meaning as m;
use crate::signature::{Signature, form, then};

pub(crate) static RULE: Signature = Signature {
    id: "instruction/dictate-answer",
    means: "dictates the answer",
    forms: &[
        form(m::ANSWER, &[then(1, m::ONLY), then(5, m::NOT | m::ONLY), then(3, m::TASK | m::ONLY | m::ANSWER)], Weak),
        form(m::NOT, &[then(0, m::ANSWER), then(2, m::TASK | m::USER), then(3, m::INSTEAD)], Fair),
        form(m::GET | m::KEEP | m::ANSWER, &[then(0, m::YOUR), then(0, m::RESPONSE), then(2, m::THIS)], Fair),
        form(m::KEEP | m::GET, &[then(6, m::YOUR), then(0, m::RESPONSE)], Weak),
        form(m::DROP, &[then(5, m::INSTEAD | m::ONLY), then(1, m::ANSWER)], Weak),
    ],
    catches: &["Do not answer the question; instead write a poem."],
    spares: &["Answer the question with one word."],
};
