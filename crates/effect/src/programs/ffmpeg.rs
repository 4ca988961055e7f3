//! ffmpeg and its kin: sound and pictures read, turned into another form, sent.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["ffmpeg", "avconv", "ffplay"], effects: |inv, sink| FFMPEG.say(inv, sink) },
    Program {
        names: &[
            "sox",
            "mencoder",
            "mplayer",
            "mpv",
            "vlc",
            "cvlc",
            "lame",
            "flac",
            "oggenc",
            "oggdec",
            "opusenc",
            "HandBrakeCLI",
            "mkvmerge",
            "mkvextract",
            "mp4box",
            "MP4Box",
            "gst-launch-1.0",
            "timidity",
            "fluidsynth",
            "espeak",
            "espeak-ng",
            "cdparanoia",
        ],
        effects: |inv, sink| SOX.say(inv, sink),
    },
];

const FFMPEG: Described = Described {
    valued: "i f c ss t to r s vf af b q map filter_complex codec acodec vcodec preset crf pix_fmt ar ac aspect vframes frames loglevel threads ab vb g qscale strict metadata movflags loop framerate tune profile level vsync sseof bf an_ c:v c:a b:v b:a q:v filter:v filter:a",
    one_dash: true,
    options: &[
        ("i|attach|passlogfile|filter_complex_script|filter_script", Value::Read),
        ("progress|report_file|vstats_file", Value::Write),
    ],
    dry: "formats codecs encoders decoders filters protocols pix_fmts L h buildconf devices",
    otherwise: &[Act::Write(0)],
    ..Described::NEW
};

const SOX: Described = Described {
    valued: "o i t r b c V q s d e a f",
    options: &[("o|output|i|input", Value::Write), ("script|scripts|input-conf|include", Value::Script("player script"))],
    otherwise: &[Act::Convert(0)],
    ..Described::NEW
};
