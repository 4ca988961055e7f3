//! yt-dlp and gallery-dl: media fetched, and programs run afterwards.

use super::Program;
use super::described::{Act, Described, Value};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["yt-dlp", "youtube-dl", "yt-dlp_linux"], effects: |inv, sink| YT_DLP.say(inv, sink) },
    Program { names: &["gallery-dl", "you-get", "lux", "spotdl"], effects: |inv, sink| GALLERY_DL.say(inv, sink) },
];

const YT_DLP: Described = Described {
    valued: "f format o output P paths S r N u username p password user-agent referer add-header sub-langs audio-format audio-quality remux-video recode-video playlist-items match-filter print date max-downloads",
    options: &[
        ("a|batch-file|cookies|config-locations|load-info-json|netrc-location", Value::Read),
        ("download-archive|print-to-file", Value::Write),
        ("P|paths", Value::WriteTree),
        ("exec|netrc-cmd", Value::Shell),
        ("downloader|external-downloader|plugin-dirs", Value::Program),
        ("cookies-from-browser", Value::Secret),
    ],
    flags: &[
        ("U|update|update-to", &[Act::Package("yt-dlp")]),
        ("s|simulate|F|list-formats|J|j|dump-json|dump-single-json|g|get-url|get-title", &[Act::Ask]),
    ],
    otherwise: &[Act::Read(0), Act::ElseWrite(".")],
    ..Described::NEW
};

const GALLERY_DL: Described = Described {
    valued: "d D o c u p option destination config",
    options: &[
        ("d|D|destination|directory", Value::WriteTree),
        ("exec", Value::Shell),
        ("c|config|C|cookies|i|input-file", Value::Read),
    ],
    otherwise: &[Act::Read(0), Act::ElseWrite(".")],
    ..Described::NEW
};
