//! A leader starts another program, and that program must not have what the leader has. In: an exec that may go on. Out: the
//! new program, marked, without the leader's variables and inside a further Landlock domain, before its first instruction;
//! or it is killed.
//!
//! Nobody can put a process into a domain from outside, so the process does it itself: it is stopped between the kernel's
//! exec and the program, makes the one system call at the program's own entry, and gets its code and registers back.

use std::net::Ipv4Addr;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::path::PathBuf;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process};

use crate::broker::ready::Ready;
use crate::broker::rules::Rules;
use crate::landlock;
use crate::plan::Plan;
use crate::sys::seccomp;
use crate::sys::trace::{self, Registers, SYSTEM_CALL, Stop};
use crate::sys::{mark, memory};

/// Most words of arguments and environment together that are looked at: the kernel's own bound is below.
const MOST_WORDS: usize = 1 << 20;
/// How much of a variable is read for its name.
const LONGEST_NAME: usize = 256;

/// What a leader has, and how a program that it starts loses it.
pub(crate) struct Lead {
    /// The rules of the leader.
    pub(crate) rules: Rules,
    /// From where its connections come.
    pub(crate) address: Ipv4Addr,
    /// The plan of everybody else.
    rest: Plan,
    fresh_proc: bool,
    private: Vec<PathBuf>,
    variables: Vec<String>,
    /// The limit of an unmarked process.
    unmarked: u64,
}

/// A plan in which what is the leader's alone is hidden.
pub(crate) fn without_private(plan: &Plan) -> Plan {
    let mut rest = plan.clone();
    rest.hidden.extend(plan.leader.iter().flat_map(|leader| leader.private.iter().cloned()));
    rest
}

impl Lead {
    /// The lead of a plan; none where it has no leader.
    pub(crate) fn of(plan: &Plan, rest: &Plan, loose: &[PathBuf], fresh_proc: bool) -> Result<Option<Lead>, Errno> {
        let Some(leader) = &plan.leader else { return Ok(None) };
        if !cfg!(target_arch = "x86_64") {
            return Err(Errno::NOSYS);
        }
        Ok(Some(Lead {
            rules: Rules::new(plan, loose),
            address: leader.address,
            rest: rest.clone(),
            fresh_proc,
            private: leader.private.clone(),
            variables: leader.variables.clone(),
            unmarked: mark::hard_limit(0)?,
        }))
    }

    /// Whether a thread's process leads: it has never been marked, and so is the command's own or a copy of it.
    pub(crate) fn is_unmarked(&self, thread: i32) -> bool {
        mark::hard_limit(thread).is_ok_and(|limit| limit == self.unmarked)
    }

    /// Lets the call `id` of `thread`, an exec, go on as that of an ordinary program.
    pub(crate) fn let_go_on(
        &self,
        listener: BorrowedFd<'_>,
        id: u64,
        thread: i32,
        root: BorrowedFd<'_>,
        ready: &Ready,
    ) -> Result<(), Errno> {
        let ready = self.ruleset(root, ready).and_then(|ruleset| trace::seize(thread).map(|()| ruleset));
        let ruleset = match ready {
            Ok(ruleset) => ruleset,
            Err(errno) => return seccomp::answer(listener, id, Err(errno)),
        };
        let done = seccomp::put_beside(listener, id, ruleset.as_fd()).and_then(|ruleset| {
            // Before it goes on: an exec that fails could else be followed by the next one, of which it would not be told. The
            // call waits for our answer whatever is asked of the thread meanwhile.
            trace::interrupt(thread)?;
            seccomp::let_go_on(listener, id)?;
            self.follow(thread, ruleset)
        });
        if done.is_err()
            && let Some(pid) = Pid::from_raw(thread)
        {
            // INVARIANT (shed or dead): no program that a leader started runs with what the leader has.
            let _ = kill_process(pid, Signal::KILL);
            let _ = seccomp::answer(listener, id, Err(Errno::ACCESS));
        }
        Ok(())
    }

    /// Follows the thread through its exec.
    fn follow(&self, thread: i32, ruleset: u64) -> Result<(), Errno> {
        loop {
            match trace::wait(thread)? {
                Stop::Executed => break,
                // The exec has failed, and the leader's own program goes on: with the ruleset's descriptor, which gives nothing.
                Stop::Asked => return trace::detach(thread),
                Stop::Signal(signal) => trace::go_on(thread, signal)?,
                Stop::Gone => return Ok(()),
            }
        }
        mark::put(thread, self.unmarked)?;
        strip(thread, ruleset, &self.variables)
    }

    /// A ruleset for one program. Each gets its own: who holds the descriptor of one could widen it for the next.
    fn ruleset(&self, root: BorrowedFd<'_>, ready: &Ready) -> Result<OwnedFd, Errno> {
        let ground = landlock::Ground { root, fresh_proc: self.fresh_proc, private: Some(&self.private) };
        let mut ruleset = landlock::build(&self.rest, ground)?;
        ready.each_left(|directory, name, kind| ruleset.allow_whole_at(directory, name, kind))?;
        Ok(ruleset.descriptor)
    }
}

/// Takes from a program that has just been executed what it must not have; then lets it run.
fn strip(thread: i32, ruleset: u64, variables: &[String]) -> Result<(), Errno> {
    // In this stop the exec itself still has to write its result; the next one is before the first instruction.
    trace::interrupt(thread)?;
    trace::go_on(thread, 0)?;
    let mut held = Vec::new();
    loop {
        match trace::wait(thread)? {
            Stop::Asked => break,
            Stop::Signal(signal) => {
                held.push(signal);
                trace::go_on(thread, 0)?;
            }
            Stop::Executed => return Err(Errno::PERM),
            Stop::Gone => return Ok(()),
        }
    }
    let registers = Registers::of(thread)?;
    if !registers.is_wide() {
        return Err(Errno::NOEXEC);
    }
    let registers = without_variables(thread, registers, variables)?.at_rest();
    let code = memory::word(thread, registers.instruction())?;
    memory::put_over(thread, registers.instruction(), &SYSTEM_CALL)?;
    let restricted = call(thread, &registers, libc::SYS_landlock_restrict_self, [ruleset, 0], &mut held)?;
    let closed = call(thread, &registers, libc::SYS_close, [ruleset, 0], &mut held)?;
    memory::put_over(thread, registers.instruction(), &code)?;
    registers.put(thread)?;
    if restricted != 0 || closed != 0 {
        return Err(Errno::PERM);
    }
    trace::detach(thread)?;
    for signal in held {
        if let (Some(pid), Some(signal)) = (Pid::from_raw(thread), Signal::from_named_raw(signal)) {
            let _ = kill_process(pid, signal);
        }
    }
    Ok(())
}

/// Lets the stopped thread make one system call at its next instruction, where the code for it has been put.
fn call(thread: i32, registers: &Registers, number: i64, arguments: [u64; 2], held: &mut Vec<i32>) -> Result<i64, Errno> {
    registers.calling(number, arguments).put(thread)?;
    trace::go_on(thread, 0)?;
    loop {
        match trace::wait(thread)? {
            Stop::Signal(libc::SIGTRAP) => return Ok(Registers::of(thread)?.result()),
            Stop::Signal(signal) => held.push(signal),
            Stop::Asked => {}
            Stop::Executed | Stop::Gone => return Err(Errno::PERM),
        }
        trace::go_on(thread, 0)?;
    }
}

/// Takes variables out of a new program's stack, where they lie as the kernel has put them: the number of arguments, their
/// addresses, a null, the addresses of the variables, a null, and further words that must stay where they are.
fn without_variables(thread: i32, registers: Registers, variables: &[String]) -> Result<Registers, Errno> {
    if variables.is_empty() {
        return Ok(registers);
    }
    let stack = registers.stack();
    let count = usize::try_from(u64::from_ne_bytes(memory::word(thread, stack)?)).map_err(|_| Errno::TOOBIG)?;
    let after_arguments = count.checked_add(2).filter(|words| *words < MOST_WORDS).ok_or(Errno::TOOBIG)?;
    let mut kept = Vec::new();
    let mut at = stack + 8 * after_arguments as u64;
    let mut gone = 0_u64;
    loop {
        let address = u64::from_ne_bytes(memory::word(thread, at)?);
        at += 8;
        if address == 0 {
            break;
        }
        if is_one_of(thread, address, variables)? {
            memory::blank(thread, address)?;
            gone += 1;
        } else {
            kept.push(address);
        }
        if kept.len() > MOST_WORDS {
            return Err(Errno::TOOBIG);
        }
    }
    if gone == 0 {
        return Ok(registers);
    }
    // The stack's end stays a multiple of 16: of an odd number one place is filled by naming a variable twice.
    if gone % 2 == 1 {
        kept.push(kept.first().copied().ok_or(Errno::NOMEM)?);
        gone -= 1;
    }
    let mut words = vec![0_u8; 8 * after_arguments];
    memory::fill(thread, stack, &mut words)?;
    kept.iter().for_each(|address| words.extend_from_slice(&address.to_ne_bytes()));
    words.extend_from_slice(&[0; 8]);
    let stack = stack + 8 * gone;
    memory::put_over(thread, stack, &words)?;
    Ok(registers.with_stack(stack))
}

fn is_one_of(thread: i32, address: u64, variables: &[String]) -> Result<bool, Errno> {
    let mut text = vec![0_u8; LONGEST_NAME];
    let got = memory::read(thread, address, &mut text)?;
    text.truncate(got);
    let name = text.split(|byte| matches!(byte, b'=' | 0)).next().unwrap_or_default();
    Ok(variables.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning.as_bytes()),
        None => name == pattern.as_bytes(),
    }))
}
