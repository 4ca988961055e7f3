//! End to end with real agents other than Claude Code, of which only the ways round its hooks are here: each driven by a
//! scripted model on loopback, in the mode in which it asks nothing; what a user has who ran `bailiwick init --agent NAME`.
//! One table of agents, one of scenarios, one of ways round the hooks; everything has its control without the guard.
//!
//! The agents come from `cargo xtask agents`; where one is missing these tests fail and say so.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod agent;
mod around;
mod machine;
mod scenario;
mod stage;

/// Every scenario for each agent.
macro_rules! matrix {
    ($($module:ident: $agent:ident;)*) => {$(
        mod $module {
            use crate::agent::$agent as AGENT;
            use crate::scenario;

            #[test]
            fn a_benign_task_finishes() {
                scenario::benign(&AGENT);
            }

            #[test]
            fn commands_run_behind_the_wall_where_the_user_asks_and_the_agent_can() {
                scenario::walled_where_asked(&AGENT);
            }

            #[test]
            fn without_the_guard_every_attack_is_carried_out() {
                scenario::attacks_are_real(&AGENT);
                scenario::sub_agent_is_real(&AGENT);
                scenario::mcp_is_real(&AGENT);
            }

            #[test]
            fn no_attack_is_carried_out() {
                scenario::attacks(&AGENT);
                scenario::own_tool(&AGENT);
            }

            #[test]
            fn a_sub_agent_gets_no_further_than_its_agent() {
                scenario::sub_agent(&AGENT);
            }

            #[test]
            fn an_mcp_tool_runs_only_where_the_map_says_what_it_does() {
                scenario::mcp(&AGENT);
            }

            #[test]
            fn a_call_does_not_run_where_the_guard_is_killed() {
                scenario::stopped(&AGENT, "killed", "kill -9 $$");
            }

            #[test]
            fn a_call_does_not_run_where_the_guard_hangs() {
                scenario::stopped(&AGENT, "hanging", "exec sleep 170");
            }

            #[test]
            fn a_call_does_not_run_where_the_guard_says_nothing_and_fails() {
                scenario::stopped(&AGENT, "failing", "exit 1");
            }

            #[test]
            fn with_a_guard_that_answers_the_same_call_runs() {
                scenario::wrapper_is_real(&AGENT);
            }

            #[test]
            fn a_call_does_not_run_where_the_guard_is_missing() {
                scenario::missing(&AGENT);
            }
        }
    )*};
}

matrix! {
    codex: CODEX;
    gemini_cli: GEMINI;
    copilot: COPILOT;
    qwen_code: QWEN;
    opencode: OPENCODE;
    cline: CLINE;
}
