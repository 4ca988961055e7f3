//! A text with an error that no shell gets past: it runs nothing of the command that the error lies in. In: the text and
//! the error. Out: the effects of what it would be with the error mended, since such a text is often a piece of one that
//! is run, and since what stands before the error runs as it is.

use bailiwick_vocab::effect::{OpaqueCause, Span};

use crate::shell::{self, Limits, Unread, refusal};

use super::flow::{Flow, Out};
use super::state::State;
use super::{MAX_PARSED_BYTES, Walker};

/// Errors mended in one text.
const MAX_MENDED: usize = 12;

impl Walker<'_> {
    /// Mends one error after the other until the text can be read.
    pub(super) fn refused(&mut self, text: &str, error: Unread, state: State, span: Option<Span>) -> Flow {
        let (mut mended, mut unread, mut certain) = (text.to_owned(), error, true);
        for _ in 0..MAX_MENDED {
            certain = refusal::is_certain(&mended, &unread);
            if !certain || !refusal::mend(&mut mended, &unread) {
                break;
            }
            self.parsed += mended.len();
            if self.parsed > MAX_PARSED_BYTES {
                break;
            }
            match shell::parse(&mended, &Limits::default()) {
                Ok(script) => {
                    let source = std::mem::replace(&mut self.source, std::rc::Rc::from(mended.as_str()));
                    let flow = self.script(&script, state);
                    self.source = source;
                    return Flow::same(flow.after().0, Out::Unknown);
                }
                Err(next) => unread = next,
            }
        }
        if certain && !text.trim_end().contains('\n') {
            // One line, and no shell gets past its error.
            return Flow::same(state, Out::Unknown);
        }
        self.opaque(OpaqueCause::Unparsed, "shell", &[], span);
        Flow::same(state, Out::Unknown)
    }
}
