//! Why a command did not run. In: the step and the kernel's error. Out: one error type; its words are for people.

use std::fmt;

use rustix::io::Errno;

/// A step of building the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A process could not be made.
    Fork,
    /// The user, mount, pid, network, IPC and host-name namespaces.
    Namespaces,
    /// Loopback, routes, listeners.
    Network,
    /// Private directories, /proc, terminals, covers.
    Mounts,
    /// Landlock.
    Landlock,
    /// The seccomp filter.
    Filter,
    /// The working directory.
    Directory,
    /// Resource limits.
    Limits,
    /// Inherited descriptors.
    Descriptors,
    /// Capabilities and no-new-privileges.
    Privileges,
    /// Executing the program.
    Program,
    /// The supervisor.
    Supervisor,
}

const STEPS: &[Step] = &[
    Step::Fork,
    Step::Namespaces,
    Step::Network,
    Step::Mounts,
    Step::Landlock,
    Step::Filter,
    Step::Directory,
    Step::Limits,
    Step::Descriptors,
    Step::Privileges,
    Step::Program,
    Step::Supervisor,
];

impl Step {
    /// Its number between our own processes.
    pub(crate) fn code(self) -> u8 {
        STEPS.iter().position(|step| *step == self).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
    }

    /// Back from the number.
    pub(crate) fn from_code(code: u8) -> Step {
        STEPS.get(usize::from(code)).copied().unwrap_or(Step::Supervisor)
    }
}

/// Why the command did not run, or is not known to have ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The kernel refused a step.
    Refused {
        /// Which.
        step: Step,
        /// How.
        errno: Errno,
    },
    /// The program could not be executed; shells answer 127 for NOENT and 126 otherwise.
    Program(Errno),
    /// Less of the wall stands than planned, and the plan does not name that weakening.
    Missing(String),
    /// The caller's own part refused: journal, proxy, ledger.
    Caller(String),
    /// The supervisor ended without a word; with it everything inside.
    SupervisorDied,
}

impl Failure {
    /// The exit code that a shell gives for such a failure of the program itself.
    #[must_use]
    pub fn program_exit_code(&self) -> Option<i32> {
        match self {
            Failure::Program(Errno::NOENT) => Some(127),
            Failure::Program(_) => Some(126),
            Failure::Refused { .. } | Failure::Missing(_) | Failure::Caller(_) | Failure::SupervisorDied => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Refused { step, .. } => f.write_str(match step {
                Step::Fork => "a process could not be made",
                Step::Namespaces => "the kernel gave no namespaces of its own to this command",
                Step::Network => "the sandbox's network could not be set up",
                Step::Mounts => "the sandbox's private directories could not be mounted",
                Step::Landlock => "Landlock could not be applied",
                Step::Filter => "the filter of system calls could not be installed",
                Step::Directory => "the working directory cannot be entered",
                Step::Limits => "the limits could not be set",
                Step::Descriptors => "inherited descriptors could not be closed",
                Step::Privileges => "privileges could not be given up",
                Step::Program => "the program could not be executed",
                Step::Supervisor => "the supervisor could not work",
            }),
            Failure::Program(_) => f.write_str("the program could not be executed"),
            Failure::Missing(what) => write!(f, "less of the sandbox stands than planned: {what}"),
            Failure::Caller(what) => f.write_str(what),
            Failure::SupervisorDied => f.write_str("the sandbox's supervisor ended; everything inside was killed with it"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Failure::Refused { errno, .. } | Failure::Program(errno) => Some(errno),
            Failure::Missing(_) | Failure::Caller(_) | Failure::SupervisorDied => None,
        }
    }
}
