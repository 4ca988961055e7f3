//! Weights as bytes, with the curve that makes a score a probability.

use bailiwick_detect::classifier::{Model, WEIGHTS_COUNT};

use crate::document::Document;
use crate::learn::Learnt;

/// The file's bytes: the table in signed bytes, Platt's curve fitted on the documents held out.
pub(crate) fn quantise(learnt: &Learnt, held: &[(&Document, f32)]) -> Vec<u8> {
    let (slope, offset) = platt(learnt, held);
    let mut sorted: Vec<f32> = learnt.table.iter().map(|weight| weight.abs()).filter(|weight| *weight > 0.0).collect();
    sorted.sort_by(f32::total_cmp);
    // The rare weights beyond are cut off, so that the many have finer steps.
    let top = sorted.get(sorted.len() * 9_995 / 10_000).copied().unwrap_or(1.0);
    let scale = top / 127.0;
    let mut table = Box::new([0_i8; WEIGHTS_COUNT]);
    for (byte, weight) in table.iter_mut().zip(&learnt.table) {
        *byte = step(weight / scale);
    }
    Model::write(&table, scale, slope, offset, &learnt.offsets)
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to a signed byte first")]
fn step(weight: f32) -> i8 {
    weight.round().clamp(-127.0, 127.0) as i8
}

/// Platt's slope and offset: logistic regression of the label on the score, by plain gradient steps.
#[expect(clippy::cast_precision_loss, reason = "a count of documents")]
fn platt(learnt: &Learnt, held: &[(&Document, f32)]) -> (f32, f32) {
    let scored: Vec<(f32, f32)> = held
        .iter()
        .filter_map(|(document, _)| {
            let all = Document { suspect: 0..document.cuts.len() - 1, ..(*document).clone() };
            Some((learnt.strongest(&all)?.0, if document.attack { 1.0 } else { 0.0 }))
        })
        .collect();
    let (mut slope, mut offset) = (1.0_f32, 0.0_f32);
    for _ in 0..20_000 {
        let (mut by_slope, mut by_offset) = (0.0, 0.0);
        for (score, label) in &scored {
            let error = 1.0 / (1.0 + (-(slope * score + offset)).exp()) - label;
            by_slope += error * score;
            by_offset += error;
        }
        let count = scored.len().max(1) as f32;
        slope -= 0.3 * by_slope / count;
        offset -= 0.3 * by_offset / count;
    }
    (slope, offset)
}
