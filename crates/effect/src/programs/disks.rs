//! Programs that change disks and mounts: mount, umount, mkfs, mkswap, fdisk, parted, wipefs, losetup, swapon,
//! cryptsetup, LVM, diskutil.

use bailiwick_vocab::effect::{Deed, WriteMode};

use super::Program;
use crate::args::{Grammar, asks_help, parse};
use crate::invocation::{Invocation, Sink, Word};

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "mkfs",
            "mkfs.ext",
            "mkfs.ext2",
            "mkfs.ext3",
            "mkfs.ext4",
            "mkfs.xfs",
            "mkfs.btrfs",
            "mkfs.vfat",
            "mkfs.fat",
            "mkfs.ntfs",
            "mkfs.exfat",
            "mke2fs",
            "mkswap",
            "wipefs",
            "blkdiscard",
            "badblocks",
            "tune2fs",
            "resize2fs",
            "newfs",
            "hdparm",
            "sgdisk",
            "cfdisk",
            "gdisk",
            "fsck",
        ],
        effects: format,
    },
    Program { names: &["fdisk", "sfdisk", "parted"], effects: partition },
    Program { names: &["mount"], effects: mount },
    Program { names: &["umount", "swapoff", "swapon"], effects: unmount },
    Program {
        names: &["cryptsetup", "lvremove", "vgremove", "pvremove", "vgcreate", "pvcreate", "losetup", "dmsetup"],
        effects: volumes,
    },
    Program { names: &["diskutil", "hdiutil"], effects: diskutil },
];

fn configures(sink: &mut Sink, invocation: &Invocation<'_>, what: &str) {
    sink.deed(Deed::Configure { what: what.to_owned() }, invocation.span);
}

/// Writing a block device is changing the disk.
pub(super) fn device(path: &Word, sink: &mut Sink) {
    let plain = ["/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/zero", "/dev/full", "/dev/fd/", "/dev/shm/"];
    let text = &path.text;
    if text.starts_with("/dev/") && !plain.iter().any(|name| text.starts_with(name)) {
        sink.deed(Deed::Configure { what: "disk".to_owned() }, path.span);
    }
}

fn format(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let valued = &["t", "type", "L", "label", "U", "uuid", "o", "offset", "n", "F", "b", "i", "I", "m", "N", "O", "E", "T", "l"];
    let grammar = if invocation.name == "wipefs" || invocation.name == "mkfs" { &valued[..] } else { &[] };
    let parsed = parse(invocation.args, &Grammar { valued: grammar, ..Grammar::PLAIN });
    // wipefs without -a or -o, and anything with --no-act, only lists.
    let lists = invocation.name == "wipefs" && !parsed.may_have(&["a", "all", "o", "offset"]);
    for path in parsed.operands.iter().filter(|word| word.text.contains('/') || !word.known()) {
        if lists { sink.read(path) } else { sink.write(path, WriteMode::Replace) }
    }
    if !lists {
        configures(sink, invocation, "disk");
    }
}

fn partition(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::PLAIN);
    let lists = parsed.has(&["l", "list", "d", "dump", "s", "show-size"]) && invocation.name != "parted";
    let prints = parsed.operands.iter().any(|word| word.text == "print") || (invocation.name == "parted" && parsed.has(&["l"]));
    let alters = parsed.operands.iter().any(|word| word.text.starts_with("mk") || word.text.starts_with("rm"));
    let reads = asks_help(invocation.args) || ((lists || prints) && !alters && !parsed.uncertain);
    for path in parsed.operands.iter().filter(|word| word.text.starts_with('/') || !word.known()) {
        if reads { sink.read(path) } else { sink.write(path, WriteMode::Change) }
    }
    if !reads {
        configures(sink, invocation, "disk");
    }
}

fn mount(invocation: &Invocation<'_>, sink: &mut Sink) {
    let parsed = parse(invocation.args, &Grammar::valued(&["t", "types", "o", "options", "L", "U", "source", "target", "T"]));
    let asks = parsed.operands.is_empty() && !parsed.may_have(&["a", "all", "source", "target", "L", "U"]);
    if asks {
        return;
    }
    configures(sink, invocation, "mounts");
    if let Some(point) = parsed.operands.last().or_else(|| parsed.value(&["target"])) {
        sink.write_tree(point, WriteMode::Change);
    }
    // A bind mount shows a directory under another name.
    let binds = parsed.operands.len() > 1 && parsed.may_have(&["bind", "rbind", "B", "R", "move", "M", "o"]);
    if let Some(source) = parsed.operand(0).filter(|_| binds) {
        sink.write_tree(source, WriteMode::Change);
    }
}

fn unmount(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let lists = asks_help(invocation.args) || invocation.args.iter().all(|word| word.text == "--show" || word.text == "-s");
    if !(lists && invocation.name == "swapon") {
        configures(sink, invocation, "mounts");
    }
}

fn volumes(invocation: &Invocation<'_>, sink: &mut Sink) {
    const READS: &[&str] = &["status", "list", "get", "history", "luksDump", "isLuks", "ls", "info", "table", "version"];
    let parsed = parse(invocation.args, &Grammar::PLAIN);
    let reads = parsed.operand(0).is_some_and(|word| READS.contains(&word.text.as_str()))
        || (invocation.name == "losetup" && parsed.operands.is_empty() && !parsed.may_have(&["D", "detach-all", "f"]));
    if reads || asks_help(invocation.args) {
        return;
    }
    for path in parsed.operands.iter().filter(|word| word.text.starts_with('/') || !word.known()) {
        sink.write(path, WriteMode::Replace);
    }
    configures(sink, invocation, "disk");
}

fn diskutil(invocation: &Invocation<'_>, sink: &mut Sink) {
    if asks_help(invocation.args) {
        return;
    }
    let verb = invocation.args.first().map_or("", |word| word.text.as_str());
    if !matches!(verb, "" | "list" | "info" | "activity" | "listFilesystems" | "imageinfo" | "help" | "verifyVolume") {
        configures(sink, invocation, "disk");
    }
}
