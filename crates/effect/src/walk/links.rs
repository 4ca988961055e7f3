//! Links that the command line makes itself: what is reached through them is not where its path says, and the disk
//! cannot tell before it runs.

use bailiwick_vocab::effect::{Deed, Effect};

use crate::invocation::Word;

use super::Walker;
use super::state::State;

/// Links that are kept in mind; with more, nothing below any of them is known.
const MAX_LINKS: usize = 64;

/// A link made here.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// Where it stands, absolute.
    at: String,
    /// Where it leads, absolute; `None` where that is not known.
    to: Option<String>,
}

impl Walker<'_> {
    /// Takes down what `ln` makes.
    pub(super) fn note_links(&mut self, arguments: &[Word], state: &State) {
        let symbolic = |word: &&Word| {
            let option = word.text.strip_prefix('-').unwrap_or_default();
            !word.known() || option.starts_with("-s") || (!option.starts_with('-') && option.contains('s'))
        };
        if !arguments.iter().any(|word| symbolic(&word)) {
            return;
        }
        let operands: Vec<&Word> = arguments.iter().filter(|word| !word.text.starts_with('-')).collect();
        match operands.as_slice() {
            [source] => self.note_link(source, &Word::literal(".", None), state),
            [source, place] => self.note_link(source, place, state),
            // A directory to put them in, first or last.
            several => {
                for place in several {
                    for source in several {
                        self.note_link(source, place, state);
                    }
                }
            }
        }
    }

    /// `ln -s SOURCE PLACE`: the place is the link, or the directory it is put in.
    fn note_link(&mut self, source: &Word, place: &Word, state: &State) {
        let name = source.text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        for place in self.paths(place, state) {
            let place = crate::resolve::normal(&place);
            for at in [place.clone(), format!("{}/{name}", place.trim_end_matches('/'))] {
                let directory = at.rsplit_once('/').map_or("", |(directory, _)| directory);
                let to = match source.text.strip_prefix('/') {
                    Some(_) => source.text.clone(),
                    None => format!("{directory}/{}", source.text),
                };
                let to = (source.known() && source.pattern.is_none()).then_some(to);
                self.links.push(Link { at, to });
            }
        }
    }

    /// The same effect where a link made here leads; a path under too many of them is not known.
    pub(super) fn through_links(&self, effect: &Effect) -> Vec<Effect> {
        let Some(path) = effect.deed.target().map(|target| crate::resolve::normal(&target.path)) else { return Vec::new() };
        let mut found = Vec::new();
        for link in self.links.iter().take(MAX_LINKS) {
            let rest = match path.strip_prefix(&link.at) {
                Some("") if matches!(effect.deed, Deed::Delete(_)) => continue,
                Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
                Some(_) | None => continue,
            };
            let mut other = effect.clone();
            if let Some(target) = other.deed.target_mut() {
                target.given.get_or_insert_with(|| path.clone());
                match &link.to {
                    Some(to) if self.links.len() <= MAX_LINKS => target.path = format!("{to}{rest}"),
                    Some(_) | None => target.known = false,
                }
            }
            found.push(other);
        }
        found
    }

    /// Whether links were made.
    pub(super) fn has_links(&self) -> bool {
        !self.links.is_empty()
    }
}
