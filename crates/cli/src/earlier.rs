//! What a session has said and read, for the line to trace values by: folded from the ledger when it is first needed, and
//! kept in a file beside the session's snapshot. The file is a cache: losing it loses nothing.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use bailiwick_guard::origin::texts::Texts;
use bailiwick_guard::origin::tracing::Earlier;
use bailiwick_guard::taint::Taint;
use bailiwick_ledger::objects::Objects;
use bailiwick_ledger::reader::Reader;
use bailiwick_vocab::map::Map;
use bailiwick_vocab::record::{Body, Payload, Record};

use crate::dirs::{Dirs, keep_cached};
use crate::disk::Disk;
use crate::setup::digest_of;
use crate::snapshots;
use crate::taint;

/// The file is written again when this many entries of the ledger had to be looked at.
const WRITE_AFTER_ENTRIES: u64 = 16;

/// Tainted files below a directory whose state in version control is looked up; more are taken as they are.
const MAX_LOOKED_UP: usize = 64;

/// Sessions whose texts one process keeps in memory.
const MAX_SESSIONS: usize = 256;

/// What a process keeps for it that judges many events.
#[derive(Default)]
pub struct Kept {
    texts: RefCell<HashMap<String, Rc<Texts>>>,
    reader: RefCell<Option<Reader>>,
    taint: RefCell<Option<Taint>>,
}

/// One session's past, up to the event that is being judged.
pub struct Past<'a> {
    /// Where the files are.
    pub dirs: &'a Dirs,
    /// Where long texts are.
    pub objects: &'a Objects,
    /// The session.
    pub session: &'a str,
    /// The disk.
    pub disk: &'a Disk,
    /// What is known of tools.
    pub map: &'a Map,
    /// Records judged but not yet written, of any session, and the entry that the first of them will be.
    pub unwritten: (&'a [Record], u64),
    /// What this process knows already.
    pub kept: &'a Kept,
    /// The answer, once somebody asked.
    pub folded: OnceCell<Rc<Texts>>,
}

impl Earlier for Past<'_> {
    fn texts(&self) -> &Texts {
        self.folded.get_or_init(|| self.fold())
    }

    fn text(&self, entry: u64) -> Option<String> {
        let (records, first) = self.unwritten;
        let unwritten = entry.checked_sub(first).and_then(|at| records.get(usize::try_from(at).ok()?));
        let written = || self.kept.reader.borrow_mut().as_mut()?.entry(entry).ok().map(|entry| entry.record);
        let record = unwritten.cloned().or_else(written)?;
        match &record.body {
            Body::Prompt { text, .. } | Body::Outcome { text, .. } => self.payload(text),
            Body::Call(_)
            | Body::Session { .. }
            | Body::Undo { .. }
            | Body::Approval { .. }
            | Body::Observed(_)
            | Body::Failure { .. } => None,
        }
    }

    fn is_tainted(&self, path: &str) -> bool {
        let mut kept = self.kept.taint.borrow_mut();
        let taint = kept.get_or_insert_with(|| taint::load(self.dirs));
        let mut known = true;
        self.with_reader(|reader| known = taint::catch_up(self.dirs, taint, reader));
        let (records, first) = self.unwritten;
        let mut taint = Cow::Borrowed(&*taint);
        for (record, entry) in records.iter().zip(first..) {
            taint.to_mut().apply(entry, record);
        }
        if (!known || taint.may_be(path)) && !self.disk.is_staged(Path::new(path)) {
            return true;
        }
        taint.below(path).enumerate().any(|(at, file)| at >= MAX_LOOKED_UP || !self.disk.is_staged(Path::new(file)))
    }
}

impl Past<'_> {
    fn with_reader(&self, work: impl FnOnce(&mut Reader)) {
        let mut reader = self.kept.reader.borrow_mut();
        if reader.is_none() {
            // Where there is no ledger yet, there is no past; one that cannot be read stops the session's own fold.
            *reader = Reader::open(&self.dirs.ledger()).ok();
        }
        if let Some(reader) = reader.as_mut() {
            work(reader);
        }
    }

    fn fold(&self) -> Rc<Texts> {
        let known = self.kept.texts.borrow_mut().remove(self.session);
        let mut texts = known.or_else(|| self.load().map(Rc::new)).unwrap_or_default();
        let from = texts.upto;
        self.with_reader(|reader| self.catch_up(&mut texts, reader));
        if texts.upto >= from + WRITE_AFTER_ENTRIES {
            self.save(&texts);
        }
        let mut kept = self.kept.texts.borrow_mut();
        if kept.len() >= MAX_SESSIONS {
            kept.clear();
        }
        kept.insert(self.session.to_owned(), Rc::clone(&texts));
        let (records, first) = self.unwritten;
        for (record, entry) in records.iter().zip(first..).filter(|(record, _)| record.session == self.session) {
            Rc::make_mut(&mut texts).apply(entry, record, self.map, &mut |payload| self.payload(payload));
        }
        texts
    }

    /// Takes in what has been written since.
    fn catch_up(&self, texts: &mut Rc<Texts>, reader: &mut Reader) {
        let refreshed = reader.refresh();
        let size = reader.size();
        if texts.upto > size {
            *texts = Rc::default();
        }
        if texts.upto == size && refreshed.is_ok() {
            return;
        }
        let texts = Rc::make_mut(texts);
        if refreshed.is_err() {
            texts.lose();
        }
        for entry in reader.entries_of_session(self.session, texts.upto) {
            match entry {
                Ok(entry) => texts.apply(entry.number, &entry.record, self.map, &mut |payload| self.payload(payload)),
                Err(_) => texts.lose(),
            }
        }
        texts.upto = size;
    }

    fn payload(&self, payload: &Payload) -> Option<String> {
        if let Some(text) = &payload.text {
            return Some(text.clone());
        }
        let bytes = self.objects.get(payload.object.as_deref()?).ok()?;
        String::from_utf8(bytes).ok()
    }

    fn name(&self) -> String {
        format!("{}.texts", digest_of(self.session))
    }

    /// A file that was made for another map says other things of the same tools.
    fn load(&self) -> Option<Texts> {
        let bytes = fs::read(snapshots::directory(self.dirs).join(self.name())).ok()?;
        let (map, texts) = bytes.split_at_checked(64)?;
        (map == self.map_digest().as_bytes()).then(|| Texts::from_bytes(texts)).flatten()
    }

    /// Best effort: what cannot be written is folded again next time.
    fn save(&self, texts: &Texts) {
        let mut bytes = self.map_digest().into_bytes();
        bytes.extend(texts.to_bytes());
        keep_cached(&snapshots::directory(self.dirs), &self.name(), &bytes);
    }

    fn map_digest(&self) -> String {
        digest_of(&serde_json::to_string(&self.map.tools).unwrap_or_default())
    }
}
