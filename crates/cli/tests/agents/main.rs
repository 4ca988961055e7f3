//! End to end with real agents other than Claude Code, of which only the ways round its hooks are here: each driven by a
//! scripted model on loopback, in the mode in which it asks nothing; what a user has who ran `bailiwick init --agent NAME`.
//! One table of agents, one of scenarios, one of ways round the hooks; everything has its control without the guard.
//!
//! The agents come from `cargo xtask agents`; where one is missing these tests fail and say so.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod agent;
mod around;
mod inside;
mod machine;
mod received;
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

/// What comes back to an agent.
macro_rules! receiving {
    ($($module:ident: $agent:ident;)*) => {$(
        mod $module {
            use crate::agent::$agent as AGENT;
            use crate::received;

            #[test]
            fn without_the_guard_strangers_orders_reach_the_model() {
                received::orders_are_real(&AGENT);
            }

            #[test]
            fn strangers_orders_are_marked_and_hidden_ones_taken_out() {
                received::orders(&AGENT);
            }

            #[test]
            fn what_the_policy_withholds_is_not_read() {
                received::withheld(&AGENT);
            }
        }
    )*};
}

receiving! {
    receiving_claude: CLAUDE;
    receiving_codex: CODEX;
    receiving_gemini: GEMINI;
    receiving_copilot: COPILOT;
    receiving_qwen: QWEN;
    receiving_opencode: OPENCODE;
    receiving_cline: CLINE;
}

/// Whole agents behind the wall.
macro_rules! whole {
    ($($module:ident: $agent:ident;)*) => {$(
        mod $module {
            use crate::agent::$agent as AGENT;
            use crate::inside;

            #[test]
            fn does_its_work_behind_the_wall() {
                inside::works(&AGENT);
            }

            #[test]
            fn needs_no_sandbox_of_its_own() {
                inside::needs_no_sandbox_of_its_own(&AGENT);
            }

            #[test]
            fn waits_for_a_review() {
                inside::waits_for_a_review(&AGENT);
            }

            #[test]
            fn has_what_its_tools_have_not() {
                inside::is_alone(&AGENT);
            }

            #[test]
            fn keeps_its_hooks_behind_the_wall() {
                inside::keeps_its_hooks(&AGENT);
            }

            #[test]
            fn without_hooks_no_attack_is_carried_out() {
                inside::holds_without_hooks(&AGENT);
            }

            #[test]
            fn what_its_tools_start_is_judged_as_it_starts() {
                inside::is_judged_as_it_happens(&AGENT);
            }
        }
    )*};
}

#[test]
fn inside_gemini_keeps_its_debugger_to_itself() {
    inside::keeps_its_debugger_to_itself(&agent::GEMINI);
}

whole! {
    inside_claude: CLAUDE;
    inside_codex: CODEX;
    inside_gemini: GEMINI;
    inside_copilot: COPILOT;
}

matrix! {
    codex: CODEX;
    gemini_cli: GEMINI;
    copilot: COPILOT;
    qwen_code: QWEN;
    opencode: OPENCODE;
    cline: CLINE;
}
