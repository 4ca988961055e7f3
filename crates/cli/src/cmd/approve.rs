//! `bailiwick approve CALL`: a person lets exactly the effects of a call that was held back pass once, for a while.
//!
//! The approval is bound to the resolved effects, not to the words: another spelling of the same act passes too, the
//! same words with another effect do not. It is for people: under an agent it refuses.

use bailiwick_vocab::event::Agent;
use bailiwick_vocab::record::{Body, CallRecord, Record};

use crate::agents_here::agent_above;
use crate::dirs::{Dirs, database_user};
use crate::failure::{Failure, Kind};
use crate::ledger_view::{call_of, find, open};
use crate::setup::Choice;
use crate::station::{Station, now_ms};
use crate::terminal::{Ink, confirmed, ink, line, shown};
use crate::words;

/// The longest that an approval may stand.
const LONGEST_MS: u64 = 24 * 3_600_000;

/// Let a call that needs a person's yes pass once
#[derive(clap::Args)]
#[command(after_help = "Example: bailiwick approve 12\n         bailiwick approve 12 --for 1h")]
pub struct Arguments {
    /// The call, as the denial names it: its entry, its identifier or a beginning of it
    call: String,
    /// How long the approval stands: 90s, 10m, 2h
    #[arg(long = "for", value_name = "TIME", default_value = "10m")]
    lasting: String,
    /// Do not ask once more
    #[arg(long)]
    yes: bool,
}

/// Shows what would pass, asks, records the approval.
pub fn run(dirs: Dirs, arguments: &Arguments) -> Result<(), Failure> {
    if let Some(agent) = agent_above() {
        let heading = format!("this runs under {agent}: approving is for people");
        return Err(Failure::new(Kind::No, heading).hint("run it in a terminal of your own"));
    }
    let lasting = lasting(&arguments.lasting)?;
    let mut reader = open(&dirs.ledger())?;
    let entry = find(&mut reader, &arguments.call)?;
    let Some(call) = call_of(&entry) else {
        return Err(Failure::new(Kind::Usage, format!("entry #{} is not a call", entry.number)).hint("bailiwick log"));
    };
    let Some(effects) = call.approvable.clone() else { return Err(not_approvable(call)) };
    show(call)?;
    if !arguments.yes && !confirmed(&format!("let this pass once within {}?", arguments.lasting), "bailiwick approve CALL --yes")?
    {
        return Err(Failure::new(Kind::No, "nothing was approved"));
    }
    let now = now_ms();
    let record = Record {
        at_ms: now,
        session: entry.record.session.clone(),
        agent: Agent { client: "bailiwick".to_owned(), ..Agent::default() },
        cwd: String::new(),
        body: Body::Approval { effects, by: database_user(), until_ms: now.saturating_add(lasting) },
    };
    let receipts = Station::open(dirs, Choice::default())?.append(vec![record])?;
    let number = receipts.first().map_or(0, bailiwick_vocab::record::Receipt::entry);
    line(&format!("{} once, for {} (#{number}); let the agent try again", ink(Ink::Green, "approved"), arguments.lasting))
}

fn not_approvable(call: &CallRecord) -> Failure {
    let id = shown(&call.call, 60);
    Failure::new(Kind::No, "a person's yes does not let this call pass").hint(format!("bailiwick why {id}"))
}

fn show(call: &CallRecord) -> Result<(), Failure> {
    line(&format!("{} {}", shown(&call.tool, 60), shown(call.input.text.as_deref().unwrap_or("(long)"), 2_000)))?;
    call.effects.iter().try_for_each(|effect| line(&format!("  may {}", words::effect(effect))))?;
    if call.all_effects.is_some() {
        line("  … and more: bailiwick why shows where the whole list is")?;
    }
    let reasons = call.ruling.reasons.iter().filter(|reason| reason.verdict == call.ruling.verdict);
    reasons.map(|reason| format!("  {}: {}", reason.policy, shown(&reason.text, 300))).try_for_each(|text| line(&text))
}

/// `90s`, `10m`, `2h`, in milliseconds.
fn lasting(text: &str) -> Result<u64, Failure> {
    let unit = match text.chars().last() {
        Some('s') => 1_000,
        Some('m') => 60_000,
        Some('h') => 3_600_000,
        Some(_) | None => 0,
    };
    let count: Option<u64> = text.get(..text.len().saturating_sub(1)).and_then(|count| count.parse().ok());
    let lasting = count.and_then(|count| count.checked_mul(unit)).filter(|lasting| (1..=LONGEST_MS).contains(lasting));
    lasting.ok_or_else(|| Failure::new(Kind::Usage, format!("{text:?} is not a time up to 24h")).hint("90s, 10m, 2h"))
}
