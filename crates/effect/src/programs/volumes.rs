//! lvm and what belongs to it: the one program behind lvcreate, vgs and kin, its settings, and the scripts around it.

use bailiwick_vocab::effect::{Deed, Target, WriteMode};

use super::Program;
use super::described::{Act, Described, Value};
use crate::args::{Grammar, asks_help, parse};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["lvm"], effects: |inv, sink| LVM.say(inv, sink) },
    Program { names: &["lvmconfig", "lvm-config"], effects: |inv, sink| LVMCONFIG.say(inv, sink) },
    Program { names: &["lvmdump"], effects: lvmdump },
    Program {
        names: &["vgcfgbackup"],
        effects: |inv, sink| {
            Described { options: &[("f|file", Value::Write)], otherwise: &[Act::Nothing], ..Described::NEW }.say(inv, sink);
        },
    },
    Program { names: &["fsadm", "blkdeactivate", "lvmpolld"], effects: |inv, sink| FSADM.say(inv, sink) },
    Program {
        names: &["vgexport", "vgimport", "vgimportclone", "vgmknodes", "vgck", "vgconvert", "pvck", "vgimportdevices"],
        effects: |inv, sink| VGCFGBACKUP.say(inv, sink),
    },
];

/// `lvm lvcreate …` is lvcreate.
const LVM: Described = Described {
    wrapper: true,
    verbs: &[
        ("version, help, segtypes, formats, systemid, devtypes, fullreport, lastlog, lvpoll", &[Act::Nothing]),
        ("dumpconfig, config", &[Act::RunWith("lvmconfig", 0)]),
    ],
    otherwise: &[Act::Run(0)],
    alone: Some(&[Act::Configure("disk")]),
    ..Described::NEW
};

const LVMCONFIG: Described = Described {
    valued: "type typeconfig atversion sinceversion config commandprofile profile",
    options: &[("f|file", Value::Write)],
    otherwise: &[Act::Nothing],
    ..Described::NEW
};

/// Looks at everything and packs what it saw: into the directory that `-d` names, or one of its own in the home directory.
fn lvmdump(inv: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(inv.args, &Grammar::valued(&["d"]));
    if asks_help(inv.args) || parsed.has(&["h", "V"]) {
        return;
    }
    sink.deed(Deed::Read(Target::new("/dev/mapper").tree()), inv.span);
    sink.deed(Deed::Write { target: Target::new("/dev/mapper/control"), mode: WriteMode::Change }, inv.span);
    match parsed.value(&["d"]) {
        Some(directory) => {
            sink.write_tree(directory, WriteMode::Change);
            let packed =
                Word { text: format!("{}.tgz", directory.text.trim_end_matches('/')), pattern: None, span: directory.span };
            sink.write(&packed, WriteMode::Replace);
        }
        None => {
            let path = "~/lvmdump-*".to_owned();
            let target = Target { given: Some(path.clone()), glob: true, ..Target::new(path).tree() };
            sink.deed(Deed::Write { target, mode: WriteMode::Change }, inv.span);
        }
    }
}

/// Resizes and checks what lies on a volume, by way of lvm.
const FSADM: Described = Described {
    shows: "n dry-run",
    verbs: &[("check", &[Act::Edit(0), Act::Configure("disk")])],
    otherwise: &[Act::WriteTreeOne(1), Act::Configure("disk"), Act::WriteAt("/dev/mapper/control")],
    ..Described::NEW
};

const VGCFGBACKUP: Described = Described {
    options: &[("f|file", Value::Write), ("dump", Value::Read)],
    otherwise: &[Act::Configure("disk")],
    ..Described::NEW
};
