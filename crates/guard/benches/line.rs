//! In-process times of the line: effects of one command, and the whole line for one call, without the ledger. Prints
//! `name median_us p99_us` lines; `cargo xtask bench` reads them. The disk is a made-up one, so that what is measured
//! is ours.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_types,
    reason = "a measurement prints, and stops where it cannot measure"
)]

use std::hint::black_box;
use std::time::Instant;

use bailiwick_effect::effects::effects;
use bailiwick_effect::world::Imagined;
use bailiwick_guard::line::Line;
use bailiwick_guard::origin::texts::Texts;
use bailiwick_guard::origin::tracing::Earlier;
use bailiwick_guard::session::Session;
use bailiwick_policy::load::{Layer, LayerKind};
use bailiwick_policy::places::{Anchors, Places};
use bailiwick_policy::policy::Policy;
use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::event::{Agent, Event, Happening, Scene};
use bailiwick_vocab::map::Map;

const COMMANDS: [&str; 16] = [
    "ls -la src",
    "git status --short && git diff --stat",
    "grep -rn 'fn main' src | head -20",
    "cargo test -p parser -- --nocapture 2>&1 | tail -40",
    "cd crates/cli && cargo build --release",
    "find . -name '*.rs' -not -path './target/*' | xargs wc -l | sort -n",
    "sed -n '1,80p' src/lib.rs",
    "python3 -m pytest tests/ -x -q",
    "npm run build && npm test",
    "mkdir -p out && cp -r assets out/ && tar czf out.tgz out",
    "curl -fsSL https://example.org/data.json -o data.json",
    "for f in a.txt b.txt; do echo \"$f\"; cat \"$f\"; done",
    "git add -A && git commit -m 'Fix the parser' && git log --oneline -3",
    "docker ps -a --format '{{.Names}}'",
    "cat <<'EOF' > notes.md\n# Notes\nhello\nEOF",
    "rm -rf build/tmp && rm -f *.log",
];

fn main() {
    let world = Imagined { home: Some("/home/u".to_owned()), ..Imagined::default() };
    let map = Map::default();
    let calls: Vec<ToolCall> = COMMANDS.iter().map(|command| shell(command)).collect();
    measure("effects-of-one-command", calls.len() * 400, |round| {
        black_box(effects(&calls[round % calls.len()], "/home/u/work", &map, &world));
    });
    let text = Policy::preset("coding-agent").unwrap().to_owned();
    let layer = Layer { kind: LayerKind::Preset, source: "preset".to_owned(), text, trusted: true };
    let policy = Policy::compile(&[layer], &map).unwrap();
    let anchors = Anchors {
        home: vec!["/home/u".to_owned()],
        workspace: vec!["/home/u/work".to_owned()],
        state: vec!["/home/u/.local/state/bailiwick".to_owned()],
        config: vec!["/home/u/.config/bailiwick".to_owned()],
        temp: vec!["/tmp".to_owned()],
    };
    let places = Places::new(&map, &anchors).unwrap();
    let nothing = Nothing(Texts::default());
    let line = Line {
        reading: effects,
        policy: &policy,
        policy_digest: "",
        places: &places,
        map: &map,
        earlier: &nothing,
        world: &world,
        placeholders: &[],
        canaries: &[],
        nonce: "",
        second: None,
    };
    let session = Session::default();
    let read = event(ToolCall {
        id: "c".to_owned(),
        tool: "Read".to_owned(),
        request: Request::Read { path: "/home/u/work/src/lib.rs".to_owned() },
        input: serde_json::json!({ "file_path": "/home/u/work/src/lib.rs" }),
    });
    measure("line-one-effect", 4_000, |_| {
        black_box(line.judge(&read, &session, 0));
    });
    let shells: Vec<Event> = calls.into_iter().map(event).collect();
    measure("line-shell-command", 4_000, |round| {
        black_box(line.judge(&shells[round % shells.len()], &session, 0));
    });
}

fn shell(command: &str) -> ToolCall {
    ToolCall {
        id: "c".to_owned(),
        tool: "Bash".to_owned(),
        request: Request::Shell { command: command.to_owned(), shell: Shell::Bash, background: false, unseen_input: false },
        input: serde_json::json!({ "command": command }),
    }
}

fn event(call: ToolCall) -> Event {
    let scene = Scene {
        session: "s".to_owned(),
        agent: Agent::default(),
        cwd: "/home/u/work".to_owned(),
        project: None,
        unattended: false,
        told: None,
    };
    Event { scene, happening: Happening::Call(call) }
}

fn measure(name: &str, rounds: usize, mut work: impl FnMut(usize)) {
    for round in 0..rounds / 10 {
        work(round);
    }
    let mut times: Vec<f64> = (0..rounds)
        .map(|round| {
            let started = Instant::now();
            work(round);
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name} {:.1} {:.1}", times[rounds / 2], times[rounds * 99 / 100]);
}

/// A session that has read nothing.
struct Nothing(Texts);

impl Earlier for Nothing {
    fn texts(&self) -> &Texts {
        &self.0
    }

    fn text(&self, _: u64) -> Option<String> {
        None
    }

    fn is_tainted(&self, _: &str) -> bool {
        false
    }
}
