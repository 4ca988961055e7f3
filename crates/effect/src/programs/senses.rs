//! What a person sees, copies, types and says: pictures of the screen, the clipboard, the keyboard, camera and microphone.
//!
//! Whatever is there may be private, and nothing in the command shows what it is: the clipboard's text is used as a secret
//! from its store, the others are a right over the person's session that a task rarely needs.

use bailiwick_vocab::effect::{Deed, WriteMode};

use super::Program;
use super::described::{Act, Described, Value};
use crate::args::{Grammar, asks_help, parse};
use crate::invocation::{Invocation, Sink, Stdin};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["xclip", "xsel", "wl-copy", "clip.exe", "pbcopy", "clip"], effects: clipboard },
    Program { names: &["pbpaste", "wl-paste", "clipman", "cliphist", "copyq", "greenclip", "xclipboard"], effects: pasted },
    Program {
        names: &[
            "scrot",
            "grim",
            "flameshot",
            "gnome-screenshot",
            "screencapture",
            "maim",
            "spectacle",
            "xfce4-screenshooter",
            "mate-screenshot",
            "ksnip",
            "hyprshot",
            "grimshot",
            "wayshot",
            "fbgrab",
            "fbcat",
            "wf-recorder",
            "recordmydesktop",
            "byzanz-record",
        ],
        effects: |inv, sink| SCREEN.say(inv, sink),
    },
    Program { names: &["xwd"], effects: |inv, sink| XWD.say(inv, sink) },
    Program { names: &["import"], effects: import },
    Program {
        names: &["xinput", "showkey", "evtest", "xev", "libinput", "wev", "logkeys", "lkl", "screenkey"],
        effects: |inv, sink| KEYBOARD.say(inv, sink),
    },
    Program {
        names: &["fswebcam", "imagesnap", "streamer", "cheese", "uvccapture", "v4l2-ctl", "isightcapture", "motion"],
        effects: |inv, sink| CAMERA.say(inv, sink),
    },
    Program { names: &["arecord", "parecord", "pw-record", "rec", "parec"], effects: |inv, sink| MICROPHONE.say(inv, sink) },
];

/// What takes more than a look at the screen.
pub(super) const SCREEN_CAPTURE: &str = "screen capture";

fn reads_clipboard(inv: &Invocation<'_>, sink: &mut Sink) {
    sink.deed(Deed::UseSecret { name: "clipboard".to_owned() }, inv.span);
}

/// With `-o` it gives what was copied; else it takes a file or its input. xsel gives it where its input is a terminal.
fn clipboard(inv: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(inv.args) {
        return;
    }
    const VALUED: &[&str] = &["selection", "sel", "se", "t", "target", "d", "display", "l", "loops"];
    let grammar = Grammar { long_with_one_dash: inv.name == "xclip", ..Grammar::valued(VALUED) };
    let parsed = parse(inv.args, &grammar);
    let output = |name: &str| !name.is_empty() && ("output".starts_with(name) || name.starts_with("out"));
    let gives = parsed.uncertain || parsed.options.iter().any(|(name, _)| output(name));
    let takes = parsed.has(&["i", "input", "c", "clear", "delete", "k", "keep", "x", "exchange"]);
    if gives || (inv.name == "xsel" && *inv.stdin == Stdin::Inherited && !takes) {
        reads_clipboard(inv, sink);
    }
    parsed.operands.iter().filter(|_| matches!(inv.name, "xclip" | "clip.exe")).for_each(|path| sink.read(path));
}

fn pasted(inv: &Invocation<'_>, sink: &mut Sink) {
    const ASKS: &[&str] = &["-l", "--list-types", "clear", "delete", "wipe", "store", "--clear"];
    if !asks_help(inv.args) && !inv.args.first().is_some_and(|word| ASKS.contains(&word.text.as_str())) {
        reads_clipboard(inv, sink);
    }
}

/// ImageMagick's `import`: a window or the whole screen becomes a file. Elsewhere `import` is a word of other languages
/// (`import os`), and no program.
fn import(inv: &Invocation<'_>, sink: &mut Sink) {
    const VALUED: &[&str] = &["window", "display", "crop", "geometry", "resize", "quality", "delay", "pause", "depth", "format"];
    let parsed = parse(inv.args, &Grammar { long_with_one_dash: true, ..Grammar::valued(VALUED) });
    let picture = parsed.operands.last().is_some_and(|word| word.text.contains(['.', ':']) && inv.args.len() == 1);
    if asks_help(inv.args) || (parsed.options.is_empty() && !picture) {
        return;
    }
    sink.deed(Deed::Escalate { how: SCREEN_CAPTURE.to_owned() }, inv.span);
    parsed.operands.iter().for_each(|path| sink.write(path, WriteMode::Replace));
}

const SCREEN: Described = Described {
    valued: "f d D l R t o id display delay thumb output codec audio",
    options: &[("f|filename|file|out|p|path|o", Value::Write), ("e|exec", Value::Shell)],
    verbs: &[("config, launcher", &[Act::Nothing])],
    otherwise: &[Act::Escalate(SCREEN_CAPTURE), Act::Write(0)],
    alone: Some(&[Act::Escalate(SCREEN_CAPTURE), Act::ElseWrite(".")]),
    ..Described::NEW
};

/// Without `-out` the picture goes to standard output.
const XWD: Described = Described {
    one_dash: true,
    valued: "id name display add",
    options: &[("out", Value::Write)],
    otherwise: &[Act::Escalate(SCREEN_CAPTURE)],
    alone: Some(&[Act::Escalate(SCREEN_CAPTURE)]),
    ..Described::NEW
};

const KEYBOARD: Described = Described {
    shows: "version help list list-props",
    verbs: &[
        ("list, list-devices, list-kernel-devices, quirks, measure", &[Act::Nothing]),
        ("set-prop, enable, disable, float, reattach, set-button-map, set-mode, map-to-output", &[Act::Configure("desktop")]),
    ],
    otherwise: &[Act::Escalate("keyboard capture")],
    alone: Some(&[Act::Escalate("keyboard capture")]),
    ..Described::NEW
};

const CAMERA: Described = Described {
    valued: "d r D S F p device resolution delay skip frames palette set title font",
    options: &[("save|o|stream-to", Value::Write)],
    shows: "l list list-devices list-formats list-controls list-inputs list-ctrls all info list-formats-ext",
    otherwise: &[Act::Escalate("camera"), Act::Write(0)],
    alone: Some(&[Act::Escalate("camera"), Act::ElseWrite(".")]),
    ..Described::NEW
};

const MICROPHONE: Described = Described {
    valued: "D f t r c d device format file-type rate channels duration b e G n",
    shows: "l L list-devices list-pcms list",
    otherwise: &[Act::Escalate("microphone"), Act::Write(0)],
    alone: Some(&[Act::Escalate("microphone")]),
    ..Described::NEW
};
