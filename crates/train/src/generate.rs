//! Texts made here: orders to agents and their harmless look-alikes, from phrases in `phrases/` by a fixed seed.
//!
//! A file has lines `name = one | two`, then `!attack` or `!harmless` and lines with `{name}` in them; `@xx` begins a language
//! with names of its own; `¦`, `«` and `»` stand for
//! `|`, `{` and `}`.

use std::collections::HashMap;

use crate::dice::{Dice, digest};
use crate::document::Document;
use crate::salad::Salad;

const FILES: &[(&str, usize)] = &[(include_str!("../phrases/en.txt"), 40), (include_str!("../phrases/world.txt"), 20)];
const SEED: u64 = 5;
/// Names within names: deeper than any file goes.
const DEPTH: usize = 5;
/// What a made order counts, in English and in other languages, beside 1 for a row of a small source.
const ORDER_WEIGHTS: (f32, f32) = (2.0, 1.0);
/// What a made harmless text counts: nearly all that the rows have in other languages than English are attacks.
const HARMLESS_WEIGHT: f32 = 2.0;

/// All made texts as documents. A line in ten is kept for the calibration.
pub(crate) fn documents(salad: &mut Salad) -> Vec<Document> {
    let mut dice = Dice::new(SEED);
    FILES.iter().flat_map(|(file, times)| of_file(file, *times, &mut dice, salad)).collect()
}

fn of_file(file: &str, times: usize, dice: &mut Dice, salad: &mut Salad) -> Vec<Document> {
    let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut documents = Vec::new();
    let lines = || file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("# "));
    // Names of a language may stand after the lines that use them.
    let mut attack = None;
    for section in sections(lines()) {
        names.clear();
        for (name, choices) in section.iter().filter_map(|line| definition(line)) {
            names.insert(name, choices);
        }
        for line in section.into_iter().filter(|line| definition(line).is_none()) {
            match line {
                "!attack" => attack = Some(true),
                "!harmless" => attack = Some(false),
                _ => {
                    let attack = attack == Some(true);
                    for text in made(line, times, &names, dice) {
                        let shuffled = if attack { salad.of(&text) } else { Vec::new() };
                        let weight = match (attack, shuffled.is_empty()) {
                            (false, _) => HARMLESS_WEIGHT,
                            (true, true) => ORDER_WEIGHTS.0,
                            (true, false) => ORDER_WEIGHTS.1,
                        };
                        documents.extend(shuffled);
                        documents.push(document(line, &text, attack, weight));
                    }
                }
            }
        }
    }
    documents
}

fn sections<'f>(lines: impl Iterator<Item = &'f str>) -> Vec<Vec<&'f str>> {
    let mut sections = vec![Vec::new()];
    for line in lines {
        match line.strip_prefix('@') {
            Some(_) => sections.push(Vec::new()),
            None => sections.last_mut().into_iter().for_each(|section| section.push(line)),
        }
    }
    sections
}

fn definition(line: &str) -> Option<(&str, Vec<&str>)> {
    let (name, choices) = line.split_once(" = ")?;
    name.chars().all(|letter| !letter.is_whitespace()).then(|| (name, choices.split(" | ").collect()))
}

fn made(line: &str, times: usize, names: &HashMap<&str, Vec<&str>>, dice: &mut Dice) -> Vec<String> {
    let times = if line.contains('{') { times } else { 1 };
    let text = |_| filled(line, names, dice, DEPTH).replace('¦', "|").replace('«', "{").replace('»', "}");
    (0..times).map(text).collect()
}

fn document(line: &str, text: &str, attack: bool, weight: f32) -> Document {
    Document { attack, weight, held: digest(line).is_multiple_of(10), ..Document::read(text, None) }
}

/// A line with a choice in the place of every name.
fn filled(line: &str, names: &HashMap<&str, Vec<&str>>, dice: &mut Dice, depth: usize) -> String {
    let Some((before, rest)) = line.split_once('{').filter(|_| depth > 0) else { return line.to_owned() };
    let Some((name, after)) = rest.split_once('}') else { return line.to_owned() };
    let choice = names
        .get(name)
        .and_then(|choices| choices.get(dice.below(choices.len())))
        .map_or_else(|| format!("{{{name}}}"), |choice| filled(choice, names, dice, depth - 1));
    format!("{before}{choice}{}", filled(after, names, dice, depth))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_phrases_is_defined() {
        for (file, _) in FILES {
            for section in sections(file.lines().filter(|line| !line.starts_with("# "))) {
                let names: HashMap<&str, Vec<&str>> = section.iter().filter_map(|line| definition(line)).collect();
                for line in section {
                    let used = line.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
                    for name in used {
                        assert!(names.contains_key(name), "{name} in: {line}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_same_texts_are_made_every_time() {
        let slots = || documents(&mut Salad::new(&[])).iter().map(|document| document.slots.clone()).collect::<Vec<_>>();
        assert_eq!(slots(), slots());
    }
}
