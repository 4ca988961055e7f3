//! convert, magick, mogrify and other makers of pictures.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["convert", "magick", "gm", "montage", "composite", "compare", "conjure", "animate"],
        effects: |inv, sink| CONVERT.say(inv, sink),
    },
    Program {
        names: &[
            "mogrify",
            "jpegoptim",
            "optipng",
            "pngquant",
            "pngcrush",
            "oxipng",
            "gifsicle",
            "svgo",
            "jpegtran",
            "cwebp",
            "dwebp",
            "avifenc",
            "heif-convert",
            "jhead",
            "zopflipng",
        ],
        effects: |inv, sink| MOGRIFY.say(inv, sink),
    },
    Program { names: &["identify", "exiv2"], effects: |inv, sink| IDENTIFY.say(inv, sink) },
    Program {
        names: &[
            "inkscape",
            "gimp",
            "krita",
            "blender",
            "rsvg-convert",
            "potrace",
            "autotrace",
            "dot",
            "neato",
            "fdp",
            "sfdp",
            "twopi",
            "circo",
            "plantuml",
            "mmdc",
            "ditaa",
            "d2",
            "vhs",
            "asciinema",
            "freeze",
            "silicon",
            "carbon-now-cli",
            "qrencode",
            "zbarimg",
            "barcode",
        ],
        effects: |inv, sink| INKSCAPE.say(inv, sink),
    },
];

const CONVERT: Described = Described {
    valued: "resize quality density colorspace depth crop rotate gravity geometry background fill font pointsize annotate draw size thumbnail extent filter blur sharpen format define interlace border bordercolor delay loop layers fuzz limit units sampling-factor",
    one_dash: true,
    options: &[("script", Value::Script("magick script")), ("write", Value::Write)],
    otherwise: &[Act::Convert(0)],
    ..Described::NEW
};

const MOGRIFY: Described = Described {
    valued: "resize quality format q m o O level path strip density",
    one_dash: true,
    options: &[("o|output|path|d|dir|out", Value::Write)],
    otherwise: &[Act::Edit(0), Act::Read(0)],
    ..Described::NEW
};

const IDENTIFY: Described = Described { otherwise: &[Act::Read(0)], ..Described::NEW };

const INKSCAPE: Described = Described {
    valued: "w h d e T f K G N E t width height format theme background",
    options: &[
        ("o|output|export-filename|export-png|export-pdf|i|input", Value::Write),
        ("actions|python-expr|batch|python|P|script", Value::Script("editor script")),
    ],
    verbs: &[("upload, share, push", &[Act::Upload]), ("rec, play, cat, convert", &[Act::WriteTreeAt(".")])],
    otherwise: &[Act::Read(0)],
    ..Described::NEW
};
