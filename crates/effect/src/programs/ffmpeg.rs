//! ffmpeg and its kin: sound and pictures read, turned into another form, sent.

use bailiwick_vocab::effect::Deed;

use super::Program;
use super::described::{Act, Described, Value};
use crate::invocation::{Invocation, Sink};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["ffmpeg", "avconv", "ffplay"], effects: ffmpeg },
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

/// Forms of input that are the person's own screen, camera or microphone.
const SENSES: &[(&str, &str)] = &[
    ("x11grab", super::senses::SCREEN_CAPTURE),
    ("kmsgrab", super::senses::SCREEN_CAPTURE),
    ("gdigrab", super::senses::SCREEN_CAPTURE),
    ("avfoundation", "camera, microphone or screen"),
    ("dshow", "camera or microphone"),
    ("v4l2", "camera"),
    ("video4linux2", "camera"),
    ("alsa", "microphone"),
    ("pulse", "microphone"),
    ("oss", "microphone"),
];

fn ffmpeg(inv: &Invocation<'_>, sink: &mut Sink) {
    FFMPEG.say(inv, sink);
    // `-list_devices true` only names them.
    if inv.args.iter().any(|word| word.text == "-list_devices" || word.text == "-list_formats") {
        return;
    }
    for (at, option) in inv.args.iter().enumerate().filter(|(_, word)| word.text == "-f") {
        let form = inv.args.get(at + 1).map_or("", |word| word.text.as_str());
        // A form before `-i` is an input's.
        let input = inv.args.get(at + 1..).unwrap_or_default().iter().any(|word| word.text == "-i");
        if let Some((_, how)) = SENSES.iter().find(|(name, _)| form == *name && input) {
            sink.deed(Deed::Escalate { how: (*how).to_owned() }, option.span);
        }
    }
}

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
