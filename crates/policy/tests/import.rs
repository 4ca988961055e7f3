//! Imported permissions: whatever they hold, the text loads and its examples hold; a denial denies, an ask asks, an allow
//! permits what it names and nothing else.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use bailiwick_policy::example::{self, parse};
use bailiwick_policy::import::{Imported, import};
use bailiwick_policy::load::{Layer, LayerKind};
use bailiwick_policy::policy::Policy;
use bailiwick_vocab::case::Verdict;
use bailiwick_vocab::map::Map;
use bailiwick_vocab::permission::{About, Access, FilePattern, Files, Hosts, Line, Permission, Piece, Purpose, Segment, Wild};
use proptest::prelude::*;

fn permission(verdict: Verdict, about: About) -> Permission {
    Permission {
        client: "claude-code".into(),
        origin: format!("{verdict:?} rule").to_lowercase(),
        verdict,
        about,
        except: Vec::new(),
        reason: None,
        examples: Vec::new(),
        note: None,
    }
}

/// `git push …`: a final `…` lets more words follow.
fn line(text: &str) -> Line {
    let (text, more) = text.strip_suffix(" …").map_or((text, false), |text| (text, true));
    let mut words = text.split(' ').map(Wild::parse);
    Line { program: words.next().unwrap(), arguments: words.collect(), more }
}

fn command(verdict: Verdict, text: &str) -> Permission {
    permission(verdict, About::Commands(vec![line(text)]))
}

/// `/base|a/**/b*`: what stands before the bar is the base, a missing one any workspace.
fn files(verdict: Verdict, access: Access, text: &str) -> Permission {
    let (base, rest) = text.split_once('|').unwrap();
    let segment = |name: &str| if name == "**" { Segment::Deep } else { Segment::Name(Wild::parse(name)) };
    let segments = rest.split('/').map(segment).collect();
    let pattern = FilePattern { base: (base != "?").then(|| base.to_owned()), segments, exact: true };
    permission(verdict, About::Files(Files { access, patterns: vec![pattern], tools: vec!["Read".into(), "Edit".into()] }))
}

fn loads(imported: &Imported, preset: Option<&str>) -> Policy {
    let user = Layer { kind: LayerKind::User, source: "imported.cedar".into(), text: imported.text.clone(), trusted: true };
    let preset = preset.map(|name| Layer {
        kind: LayerKind::Preset,
        source: name.into(),
        text: Policy::preset(name).unwrap().to_owned(),
        trusted: true,
    });
    let layers: Vec<Layer> = preset.into_iter().chain([user]).collect();
    Policy::compile(&layers, &Map::default()).unwrap_or_else(|problems| {
        panic!("{}\n{}", problems.iter().map(|problem| problem.render()).collect::<String>(), imported.text)
    })
}

/// What the permissions make of each line, over a default policy or alone.
fn check(permissions: &[Permission], preset: Option<&str>, cases: &[(Verdict, &str)]) {
    let imported = import(permissions);
    assert_eq!(imported.untranslated, [], "{}", imported.text);
    let (policy, places) = (loads(&imported, preset), example::places(&Map::default()).unwrap());
    for (wanted, text) in cases {
        let example = parse(text).unwrap();
        let ruling = policy.judge(&example.case(std::slice::from_ref(&example.effect), &[false]), &places);
        assert_eq!(ruling.verdict, *wanted, "{text}: {:?}\n{}", ruling.reasons, imported.text);
    }
}

use Verdict::{Allow, Ask, Deny};

#[test]
fn a_denied_command_is_denied_wherever_it_lies_and_whatever_stands_before_its_first_argument() {
    check(
        &[command(Deny, "git push …")],
        Some("observe"),
        &[
            (Deny, "execute git push"),
            (Deny, "execute git push origin main"),
            (Deny, "execute /usr/bin/git push origin main"),
            (Deny, "execute git -C /tmp push origin"),
            (Deny, "execute git -c a=b push client=codex"),
            (Allow, "execute git pushy"),
            (Allow, "execute git status"),
            (Allow, "execute git stash push"),
            (Allow, "execute notgit push"),
        ],
    );
}

#[test]
fn a_denied_program_is_denied_with_any_arguments_and_none() {
    check(
        &[command(Deny, "curl …")],
        Some("observe"),
        &[(Deny, "execute curl"), (Deny, "execute /opt/curl -O x"), (Allow, "execute curlie")],
    );
}

#[test]
fn a_whole_command_is_denied_as_it_stands() {
    check(
        &[command(Deny, "make deploy")],
        Some("observe"),
        &[
            (Deny, "execute make deploy"),
            (Deny, "execute make -j4 deploy"),
            (Allow, "execute make deploy-docs"),
            (Allow, "execute make"),
        ],
    );
}

#[test]
fn letters_of_a_denied_option_are_meant_in_any_order() {
    check(
        &[command(Deny, "rm -rf …")],
        Some("observe"),
        &[
            (Deny, "execute rm -rf x"),
            (Deny, "execute rm -fr x"),
            (Deny, "execute rm -f -r x"),
            (Deny, "execute rm -v -rf x"),
            (Allow, "execute rm -r x"),
            (Allow, "execute rm x"),
        ],
    );
    check(&[command(Allow, "rm -rf …")], Some("strict"), &[(Allow, "execute rm -rf x"), (Ask, "execute rm -fr x")]);
}

#[test]
fn an_asked_command_asks() {
    check(
        &[command(Ask, "npm publish …")],
        Some("observe"),
        &[(Ask, "execute npm publish"), (Allow, "execute npm publish approved=user"), (Allow, "execute npm test")],
    );
}

#[test]
fn an_allowed_command_is_the_named_program_with_the_same_words_for_its_own_agent() {
    check(
        &[command(Allow, "npm run test …")],
        Some("strict"),
        &[
            (Allow, "execute npm run test"),
            (Allow, "execute npm run test --watch"),
            (Ask, "execute npm run test client=codex"),
            (Ask, "execute npm run testing"),
            (Ask, "execute npm 'run test'"),
            (Ask, "execute ./npm run test"),
            (Ask, "execute npm --prefix x run test"),
            (Ask, "write src/a.rs"),
        ],
    );
}

#[test]
fn stars_stand_for_anything_in_a_line() {
    check(
        &[command(Allow, "git * main"), command(Allow, "ls*")],
        Some("strict"),
        &[
            (Allow, "execute git checkout main"),
            (Allow, "execute git -C x diff main"),
            (Ask, "execute git checkout maintenance"),
            (Allow, "execute ls -la"),
            (Allow, "execute lsof"),
            (Ask, "execute /bin/ls"),
        ],
    );
}

#[test]
fn a_denied_file_is_denied_by_every_way_to_it() {
    check(
        &[files(Deny, Access::Read, "/home/user|.gnupg/**")],
        Some("observe"),
        &[
            (Deny, "read ~/.gnupg/secring"),
            (Deny, "read ~/.gnupg tree=true"),
            (Deny, "read x also=~/.gnupg/key"),
            (Deny, "read ~/.gnupg/* glob=true"),
            (Ask, "read ~ tree=true"),
            (Allow, "read ~/.gnupg-old/x"),
            (Allow, "write ~/.gnupg/x"),
        ],
    );
}

#[test]
fn a_file_that_must_not_change_is_not_removed_with_what_holds_it() {
    check(
        &[files(Deny, Access::Change, "/home/user/project|vendor")],
        Some("observe"),
        &[
            (Deny, "write vendor/a.c mode=change"),
            (Deny, "delete vendor tree=true"),
            (Deny, "delete . tree=true"),
            (Allow, "delete src tree=true"),
            (Allow, "read vendor/a.c"),
        ],
    );
}

#[test]
fn patterns_of_denials_hold_at_any_depth() {
    check(
        &[files(Deny, Access::Read, "/home/user/project|**/*.pem"), files(Deny, Access::Read, "?|.env")],
        Some("observe"),
        &[
            (Deny, "read a.pem"),
            (Deny, "read certs/deep/a.pem"),
            (Deny, "read .env"),
            (Deny, "read sub/.env"),
            (Allow, "read a.pem.txt"),
            (Allow, "read ~/other/.env"),
            (Allow, "read my.env"),
        ],
    );
}

#[test]
fn an_allowed_file_is_for_the_named_tools_and_exactly_the_pattern() {
    let rules = [
        files(Allow, Access::Change, "/home/user/project|docs/**"),
        files(Allow, Access::Change, "/home/user/project|src/*.ts"),
        files(Allow, Access::Change, "/home/user/project|lib/**/*.rs"),
        files(Allow, Access::Change, "/home/user/project|Makefile"),
    ];
    check(
        &rules,
        Some("strict"),
        &[
            (Allow, "write docs/a/b.md tool=Edit"),
            (Ask, "write docs/a.md tool=Bash"),
            (Ask, "write docs/a.md tool=Edit client=codex"),
            (Ask, "write docs tool=Edit"),
            (Allow, "write src/a.ts tool=Edit"),
            (Ask, "write src/deep/a.ts tool=Edit"),
            (Allow, "write lib/a.rs tool=Edit"),
            (Allow, "write lib/x/y/a.rs tool=Edit"),
            (Ask, "write lib/x/y/a.rsx tool=Edit"),
            (Allow, "write Makefile tool=Edit"),
            (Ask, "write Makefile.am tool=Edit"),
            (Ask, "write docs/$x known=false tool=Edit"),
            (Ask, "delete docs/a.md tool=Edit"),
            (Deny, "write .claude/settings.json tool=Edit"),
        ],
    );
}

#[test]
fn an_allow_that_would_have_to_be_wider_is_not_written() {
    for pattern in ["/p|a*b/**/c*d", "/p|**/a*b", "?|docs/**"] {
        let imported = import(&[files(Allow, Access::Change, pattern)]);
        assert_eq!((imported.written, imported.untranslated.len()), (0, 1), "{pattern}\n{}", imported.text);
    }
}

#[test]
fn hosts_are_denied_to_everything_and_allowed_to_one_tool() {
    let hosts = |name: &str, below, tools: &[&str]| {
        let tools = tools.iter().map(|tool| (*tool).to_owned()).collect();
        About::Hosts(Hosts { names: vec![Wild::parse(name)], below, pushes: below, tools })
    };
    check(
        &[permission(Deny, hosts("evil.example", true, &[]))],
        Some("observe"),
        &[
            (Deny, "connect evil.example"),
            (Deny, "connect evil.example. tool=Bash"),
            (Deny, "connect a.evil.example"),
            (Deny, "push up host=evil.example"),
            (Allow, "connect notevil.example"),
        ],
    );
    check(
        &[permission(Allow, hosts("docs.example", false, &["WebFetch"]))],
        Some("strict"),
        &[
            (Allow, "connect docs.example tool=WebFetch"),
            (Ask, "connect docs.example tool=Bash"),
            (Ask, "connect docs.example upload=true tool=WebFetch"),
            (Ask, "connect a.docs.example tool=WebFetch"),
        ],
    );
}

#[test]
fn servers_tools_and_sub_agents() {
    let tool = |server: &str, tool: &str| About::ServerTools { server: Wild::parse(server), tool: Wild::parse(tool) };
    check(
        &[permission(Deny, tool("tickets", "delete_*")), permission(Ask, tool("mail", "*"))],
        Some("observe"),
        &[
            (Deny, "call tickets/delete_all destructive"),
            (Allow, "call tickets/read read-only"),
            (Ask, "call mail/send writes"),
            (Allow, "call Mine writes"),
        ],
    );
    check(
        &[permission(Allow, tool("docs", "*")), permission(Allow, About::Subagents { kind: "Explore".into() })],
        Some("strict"),
        &[
            (Allow, "call docs/find undescribed"),
            (Ask, "call tickets/find undescribed"),
            (Allow, "spawn Explore"),
            (Ask, "spawn Other"),
        ],
    );
}

#[test]
fn a_denied_tool_may_do_nothing_and_an_allowed_one_its_purpose() {
    let tool = |name: &str, purpose| About::Tools { names: vec![Wild::parse(name)], purpose };
    check(
        &[permission(Deny, tool("WebFetch", Purpose::Fetching))],
        Some("observe"),
        &[
            (Deny, "connect example.org tool=WebFetch"),
            (Allow, "connect example.org tool=Bash"),
            (Allow, "connect example.org tool=WebFetch client=codex"),
        ],
    );
    check(
        &[permission(Allow, tool("Bash", Purpose::Shell)), permission(Allow, tool("Read", Purpose::Reading))],
        Some("strict"),
        &[
            (Allow, "execute rm x tool=Bash"),
            (Ask, "delete x tool=Bash"),
            (Allow, "read ~/notes tool=Read"),
            (Ask, "read ~/notes tool=Bash"),
        ],
    );
    let everything = permission(Deny, tool("*", Purpose::Other));
    check(&[everything], Some("observe"), &[(Deny, "spawn x"), (Allow, "spawn x client=codex")]);
}

#[test]
fn what_stands_above_a_denial_is_its_exception() {
    let mut gemini = permission(Deny, About::Tools { names: vec![Wild::text("run_shell_command")], purpose: Purpose::Shell });
    gemini.client = "gemini-cli".into();
    gemini.except = vec![About::Commands(vec![line("git log …")])];
    let tail = " tool=run_shell_command client=gemini-cli";
    let cases = [(Allow, "execute git log -3"), (Deny, "execute git push"), (Deny, "execute /tmp/git log"), (Allow, "read x")];
    let cases: Vec<(Verdict, String)> = cases.iter().map(|(verdict, text)| (*verdict, format!("{text}{tail}"))).collect();
    let cases: Vec<(Verdict, &str)> = cases.iter().map(|(verdict, text)| (*verdict, text.as_str())).collect();
    check(&[gemini.clone()], Some("observe"), &cases);
    gemini.about = About::Tools { names: vec![Wild::parse("*")], purpose: Purpose::Other };
    gemini.except.push(About::Tools { names: vec![Wild::text("read_file")], purpose: Purpose::Reading });
    gemini.except.push(About::ServerTools { server: Wild::text("docs"), tool: Wild::parse("*") });
    check(
        &[gemini],
        Some("observe"),
        &[
            (Allow, "read x tool=read_file client=gemini-cli"),
            (Deny, "read x tool=glob client=gemini-cli"),
            (Allow, "call docs/x writes tool=mcp_docs_x client=gemini-cli"),
            (Deny, "call mail/x writes tool=mcp_mail_x client=gemini-cli"),
            (Allow, "execute git log tool=run_shell_command client=gemini-cli"),
            (Deny, "execute rm tool=run_shell_command client=gemini-cli"),
        ],
    );
}

#[test]
fn the_authors_examples_are_the_policys() {
    let mut rule = command(Ask, "git push …");
    rule.client = "codex".into();
    rule.reason = Some("talks \"out\"\n// to @id(\"x\")".into());
    rule.examples =
        vec![(vec!["git".into(), "push".into(), "a b".into()], true), (vec!["git".into(), "-C".into(), "push".into()], false)];
    let imported = import(&[rule]);
    assert_eq!(imported.untranslated, []);
    assert!(imported.text.contains("execute git push 'a b' client=codex"), "{}", imported.text);
    loads(&imported, None);
}

#[test]
fn a_rule_that_cannot_hold_what_its_author_says_is_named_and_the_others_stand() {
    let mut wrong = command(Deny, "git push …");
    wrong.examples = vec![(vec!["git".into(), "status".into()], true)];
    let imported = import(&[wrong, command(Deny, "curl …")]);
    assert_eq!((imported.written, imported.untranslated.len()), (1, 1));
    loads(&imported, None);
}

fn wild() -> impl Strategy<Value = Wild> {
    let piece = prop_oneof![Just(Piece::Any), "[ -~é\n*'\"\\\\;=]{1,6}".prop_map(Piece::Text)];
    prop::collection::vec(piece, 0..4).prop_map(Wild)
}

fn about() -> impl Strategy<Value = About> {
    let line = (wild(), prop::collection::vec(wild(), 0..3), any::<bool>());
    let line = line.prop_map(|(program, arguments, more)| Line { program, arguments, more });
    let segment = prop_oneof![Just(Segment::Deep), wild().prop_map(Segment::Name)];
    let pattern = (prop::option::of("(/[a-z .*\"]{0,4}){0,3}"), prop::collection::vec(segment, 0..5), any::<bool>());
    let pattern = pattern.prop_map(|(base, segments, exact)| FilePattern { base, segments, exact });
    let access = prop_oneof![Just(Access::Read), Just(Access::Change)];
    let purposes = vec![Purpose::Shell, Purpose::Reading, Purpose::Writing, Purpose::Fetching, Purpose::Spawning, Purpose::Other];
    prop_oneof![
        prop::collection::vec(line, 1..3).prop_map(About::Commands),
        (access, prop::collection::vec(pattern, 1..3), prop::collection::vec("[A-Za-z\"]{1,4}", 0..2))
            .prop_map(|(access, patterns, tools)| About::Files(Files { access, patterns, tools })),
        (prop::collection::vec(wild(), 1..3), any::<bool>()).prop_map(|(names, below)| About::Hosts(Hosts {
            names,
            below,
            pushes: below,
            tools: vec!["WebFetch".into()]
        })),
        (wild(), wild()).prop_map(|(server, tool)| About::ServerTools { server, tool }),
        "\\PC{0,6}".prop_map(|kind| About::Subagents { kind }),
        (prop::collection::vec(wild(), 1..3), prop::sample::select(purposes))
            .prop_map(|(names, purpose)| About::Tools { names, purpose }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn whatever_is_written_loads(
        abouts in prop::collection::vec((about(), prop::sample::select(vec![Allow, Ask, Deny]), prop::collection::vec(about(), 0..2)), 1..4),
        origin in "\\PC{0,12}",
        reason in prop::option::of("(?s).{0,12}"),
    ) {
        let permissions: Vec<Permission> = abouts.into_iter().map(|(about, verdict, except)| Permission {
            origin: origin.clone(), reason: reason.clone(), except, ..permission(verdict, about)
        }).collect();
        let imported = import(&permissions);
        prop_assert_eq!(imported.written + imported.untranslated.len(), permissions.len());
        loads(&imported, None);
    }
}
