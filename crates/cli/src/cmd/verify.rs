//! `bailiwick verify`: checks a ledger, or a copy of one, offline; makes and prints proofs.

use std::path::{Path, PathBuf};

use bailiwick_ledger::verify::{VerifyOptions, VerifyReport, verify};
use serde_json::json;

use crate::dirs::Dirs;
use crate::failure::{Failure, Kind, Naming as _};
use crate::ledger_view::{open, unreadable};
use crate::terminal::{self, line};

/// Check that nobody has changed the ledger
#[derive(clap::Args)]
#[command(
    after_help = "Example: bailiwick verify --print-checkpoint > kept.txt      (keep it elsewhere)\n         bailiwick verify --checkpoint kept.txt"
)]
pub struct Arguments {
    /// The ledger's directory, or a copy [default: the ledger in the state directory]
    ledger: Option<PathBuf>,
    /// A checkpoint kept earlier: nothing before it may have changed or gone
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// The key that signed, as kept elsewhere [default: the ledger's own key.pub]
    #[arg(long, value_name = "VKEY")]
    key: Option<String>,
    /// Print the signed checkpoint, to be kept elsewhere
    #[arg(long)]
    print_checkpoint: bool,
    /// Print a proof that entry N is in the log
    #[arg(long, value_name = "N")]
    inclusion: Option<u64>,
    /// Print a proof that the log of M entries is a beginning of today's
    #[arg(long, value_name = "M")]
    consistency: Option<u64>,
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// Verifies, prints.
pub fn run(dirs: &Dirs, arguments: &Arguments) -> Result<(), Failure> {
    let directory = arguments.ledger.clone().unwrap_or_else(|| dirs.ledger());
    let pinned = match &arguments.checkpoint {
        // Blank lines that copying about has put behind the note are not part of it.
        Some(file) => Some(format!("{}\n", std::fs::read_to_string(file).naming("read", file)?.trim_end())),
        None => None,
    };
    let options = VerifyOptions { key: arguments.key.clone(), pinned };
    let report = verify(&directory, &options).map_err(|failure| {
        Failure::new(Kind::No, format!("the ledger does not verify: {failure}"))
            .hint("keep this state directory as evidence; every entry before that byte is good")
    })?;
    if arguments.inclusion.is_some() || arguments.consistency.is_some() {
        return proofs(&directory, arguments, report.size);
    }
    if arguments.print_checkpoint {
        return line(report.checkpoint.trim_end());
    }
    if arguments.json {
        return terminal::json(&json!({
            "verified": true, "size": report.size, "origin": report.origin, "bundles": report.bundles, "tiles": report.tiles,
            "objects": report.objects, "erased": report.erased.len(), "clock_back": report.clock_back,
            "torn_bytes": report.torn_bytes, "pinned": report.pinned, "checkpoint": report.checkpoint,
        }));
    }
    in_words(&report).iter().try_for_each(|text| line(text))
}

fn proofs(directory: &Path, arguments: &Arguments, size: u64) -> Result<(), Failure> {
    let mut reader = open(directory)?;
    if let Some(entry) = arguments.inclusion {
        let proof = reader.prove_inclusion(entry, size).map_err(unreadable)?;
        terminal::json(&json!({ "inclusion": proof }))?;
    }
    if let Some(old) = arguments.consistency {
        let proof = reader.prove_consistency(old, size).map_err(unreadable)?;
        terminal::json(&json!({ "consistency": proof }))?;
    }
    Ok(())
}

/// The report for people.
pub fn in_words(report: &VerifyReport) -> Vec<String> {
    let mut text =
        vec![format!("the ledger verifies: {} entries, {} objects, signed by {}", report.size, report.objects, report.origin)];
    if let Some(pinned) = report.pinned {
        text.push(format!("  its first {pinned} entries are those of the kept checkpoint"));
    }
    if !report.erased.is_empty() {
        text.push(format!("  {} objects have been erased (their digests stand)", report.erased.len()));
    }
    if !report.clock_back.is_empty() {
        text.push(format!(
            "  the clock went back before {} entries, the first #{}",
            report.clock_back.len(),
            report.clock_back.first().unwrap_or(&0)
        ));
    }
    if report.torn_bytes > 0 {
        text.push(format!("  {} bytes behind the last entry belong to a write that was never answered", report.torn_bytes));
    }
    text
}
