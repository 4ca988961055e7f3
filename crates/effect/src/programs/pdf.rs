//! gs, qpdf, pdftk and the poppler tools: documents taken apart.

use bailiwick_vocab::effect::{OpaqueCause, WriteMode};

use super::Program;
use super::described::{Act, Described, Value};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["gs", "ghostscript"], effects: |inv, sink| GS.say(inv, sink) },
    Program {
        names: &[
            "ps2pdf", "ps2pdf12", "ps2pdf13", "ps2pdf14", "ps2pdfwr", "pdf2ps", "ps2ps", "ps2ps2", "eps2eps", "ps2epsi",
            "ps2ascii", "pdf2dsc", "dvipdf", "epstopdf", "ps2eps", "pdftops",
        ],
        effects: scripts,
    },
    Program {
        names: &[
            "qpdf",
            "pdftk",
            "pdfcpu",
            "mutool",
            "pdfunite",
            "pdfseparate",
            "pdfcrop",
            "pdfjam",
            "pdftotext",
            "pdftoppm",
            "pdftocairo",
            "pdftohtml",
            "pdfimages",
            "ocrmypdf",
            "img2pdf",
            "tesseract",
            "djvutxt",
            "antiword",
            "catdoc",
            "docx2txt",
            "xls2csv",
            "unrtf",
            "ebook-convert",
        ],
        effects: |inv, sink| QPDF.say(inv, sink),
    },
    Program { names: &["pdffonts", "pdfdetach", "pdfsig", "qpdf-check"], effects: |inv, sink| PDFFONTS.say(inv, sink) },
];

const GS: Described = Described {
    valued: "c",
    one_dash: true,
    raw: &[("-sOutputFile=", Value::Write), ("-o", Value::Write)],
    flags: &[
        ("dNOSAFER|dDELAYSAFER", &[Act::Opaque(OpaqueCause::InlineCode, "postscript")]),
        ("c", &[Act::Opaque(OpaqueCause::InlineCode, "postscript")]),
    ],
    otherwise: &[Act::ReadTree(0)],
    ..Described::NEW
};

/// Scripts around gs: one file is read, another is written, by default with the first one's name here. Their options are
/// gs's.
fn scripts(inv: &Invocation<'_>, sink: &mut Sink) {
    let options: Vec<_> = inv.args.iter().filter(|word| word.text.starts_with('-') && word.text != "-").cloned().collect();
    GS.say(&Invocation { args: &options, ..inv.clone() }, sink);
    let files: Vec<&Word> = inv.args.iter().filter(|word| !word.text.starts_with('-') || word.text == "-").collect();
    let Some((source, rest)) = files.split_first() else { return };
    if source.text != "-" {
        sink.read(source);
    }
    match rest.first() {
        Some(output) if output.text != "-" => sink.write(output, WriteMode::Replace),
        None if source.text != "-" && inv.name != "ps2ascii" => beside(source, sink),
        Some(_) | None => {}
    }
}

/// A file with the source's name, without what stands behind the last dot, and some other ending: here, or beside it.
fn beside(source: &Word, sink: &mut Sink) {
    let stem =
        source.text.rsplit_once('.').filter(|(_, ending)| !ending.contains('/')).map_or(source.text.as_str(), |(stem, _)| stem);
    let here = stem.rsplit('/').next().unwrap_or_default();
    for stem in [stem, here] {
        for ending in ["pdf", "ps", "eps", "epsi"] {
            sink.write(&Word { text: format!("{stem}.{ending}"), pattern: None, span: source.span }, WriteMode::Replace);
        }
    }
}

const QPDF: Described = Described {
    valued: "f l r layout-mode e o O D l psm oem password pages",
    options: &[("o|output|sidecar", Value::Write)],
    otherwise: &[Act::Convert(0)],
    ..Described::NEW
};

const PDFFONTS: Described = Described { otherwise: &[Act::Read(0)], ..Described::NEW };
