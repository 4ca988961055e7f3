//! gs, qpdf, pdftk and the poppler tools: documents taken apart.

use bailiwick_vocab::effect::OpaqueCause;

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["gs", "ghostscript", "ps2pdf", "pdf2ps", "epstopdf"], effects: |inv, sink| GS.say(inv, sink) },
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
            "pdftops",
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

const QPDF: Described = Described {
    valued: "f l r layout-mode e o O D l psm oem password pages",
    options: &[("o|output|sidecar", Value::Write)],
    otherwise: &[Act::Convert(0)],
    ..Described::NEW
};

const PDFFONTS: Described = Described { otherwise: &[Act::Read(0)], ..Described::NEW };
