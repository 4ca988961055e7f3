//! Laws of the look at code: it never panics and ends soon, and no spelling of a dangerous line makes it harmless.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_types,
    clippy::wildcard_enum_match_arm,
    reason = "tests; the clock only bounds them"
)]

use std::time::{Duration, Instant};

use bailiwick_effect::effects::effects;
use bailiwick_effect::world::Imagined;
use bailiwick_vocab::call::{Request, Shell, ToolCall};
use bailiwick_vocab::effect::{Deed, Effect};
use bailiwick_vocab::map::Map;
use proptest::prelude::*;

/// A debug build on a loaded machine; the look itself takes far less.
const LONGEST: Duration = Duration::from_secs(20);

fn run(command: &str, shell: Shell) -> Vec<Effect> {
    let request = Request::Shell { command: command.into(), shell, background: false, unseen_input: false };
    let call = ToolCall { id: String::new(), tool: "Bash".into(), request, input: serde_json::Value::Null };
    let world = Imagined { home: Some("/home/u".into()), ..Imagined::default() };
    let start = Instant::now();
    let found = effects(&call, "/work", &Map::default(), &world);
    assert!(start.elapsed() < LONGEST, "{:?} for {command:?}", start.elapsed());
    found
}

fn code(interpreter: &str, code: &str) -> Vec<Effect> {
    run(&format!("{interpreter} <<'EOFEOF'\n{code}\nEOFEOF"), Shell::Bash)
}

/// Whether something is said of the file that the line destroys, or that the line was not understood.
fn is_seen(found: &[Effect]) -> bool {
    found.iter().any(|effect| match &effect.deed {
        Deed::Opaque { .. } => true,
        Deed::Write { target, .. } | Deed::Delete(target) => !target.known || target.path.starts_with("/etc/victim"),
        _ => false,
    })
}

/// A text in one of the ways to write it down.
fn python_text(text: &str, way: usize) -> String {
    let (one, two) = text.split_at(text.len() / 2);
    match way {
        0 => format!("{text:?}"),
        1 => format!("{one:?} + {two:?}"),
        2 => format!("''.join([{one:?}, {two:?}])"),
        3 => format!("{:?}[::-1]", text.chars().rev().collect::<String>()),
        4 => format!("'%s%s' % ({one:?}, {two:?})"),
        5 => format!("f\"{{{one:?}}}{two}\""),
        6 => format!("bytes([{}]).decode()", text.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ")),
        7 => format!("''.join(map(chr, [{}]))", text.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ")),
        _ => format!("{one:?} {two:?}"),
    }
}

/// The same function of `os`, reached in one of the ways.
fn python_reach(member: &str, way: usize, text: usize) -> String {
    let name = python_text(member, text);
    match way {
        0 => format!("import os\nf = os.{member}\n"),
        1 => format!("import os as p\nf = p.{member}\n"),
        2 => format!("from os import {member} as g\nf = g\n"),
        3 => format!("import os\nf = getattr(os, {name})\n"),
        4 => format!("f = getattr(__import__('os'), {name})\n"),
        5 => format!("import os\nf = os.__dict__[{name}]\n"),
        6 => format!("import os\nf = vars(os)[{name}]\n"),
        7 => format!("import importlib\nf = getattr(importlib.import_module('o' + 's'), {name})\n"),
        8 => format!("import sys, os\nf = getattr(sys.modules['os'], {name})\n"),
        9 => format!("import os\nclass A:\n    pass\nA.f = os.{member}\nf = A.f\n"),
        10 => format!("import os\nf = [os.{member}][0]\n"),
        11 => format!("import os\nf = (lambda: os.{member})()\n"),
        12 => format!("import os\n(f,) = (os.{member},)\n"),
        13 => format!("import os\nfor f in [os.{member}]: pass\n"),
        14 => format!("import random\nf = random._os.{member}\n"),
        15 => format!("import os\nfrom functools import partial\nf = partial(os.{member})\n"),
        16 => format!("import os\ndef f(x): return os.{member}(x)\n"),
        17 => format!("from os import *\nf = {member}\n"),
        18 => format!("import operator, os\nf = operator.attrgetter({name})(os)\n"),
        19 => format!("import os\nif (f := os.{member}): pass\n"),
        _ => format!("import posixpath\nf = posixpath.os.{member}\n"),
    }
}

fn javascript_text(text: &str, way: usize) -> String {
    let (one, two) = text.split_at(text.len() / 2);
    match way {
        0 => format!("'{text}'"),
        1 => format!("'{one}' + '{two}'"),
        2 => format!("['{one}', '{two}'].join('')"),
        3 => format!("`{one}${{'{two}'}}`"),
        4 => format!("'{}'.split('').reverse().join('')", text.chars().rev().collect::<String>()),
        5 => format!("String.fromCharCode({})", text.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ")),
        _ => format!("'{one}'.concat('{two}')"),
    }
}

fn javascript_reach(member: &str, way: usize, text: usize) -> String {
    let name = javascript_text(member, text);
    match way {
        0 => format!("const f = require('fs').{member};"),
        1 => format!("const {{{member}: f}} = require('node:fs');"),
        2 => format!("const m = require('fs'); const f = m[{name}];"),
        3 => format!("const f = require('fs')[{name}];"),
        4 => format!("const {{[{name}]: f}} = require('fs');"),
        5 => format!("const f = process.mainModule.require('f' + 's').{member};"),
        6 => format!("const r = require; const f = r('fs').{member};"),
        7 => format!("const f = globalThis['req' + 'uire']('fs')[{name}];"),
        8 => format!("const f = process.getBuiltinModule('fs')[{name}];"),
        9 => format!("let f; ({{{member}: f}} = require('fs'));"),
        10 => format!("const f = Object.values(require('fs')).find(x => x.name === {name});"),
        11 => format!("const f = Reflect.get(require('fs'), {name});"),
        12 => format!("const f = [require][0]('fs').{member};"),
        13 => format!("const f = new Function('return process')().mainModule.require('fs').{member};"),
        14 => format!("const f = (() => require('fs'))().{member};"),
        15 => format!("import {{{member} as f}} from 'fs';"),
        16 => format!("import * as m from 'node:fs'; const f = m.{member};"),
        _ => format!("const f = (await import('fs')).{member};"),
    }
}

#[test]
fn no_spelling_of_python_hides_a_removal() {
    for way in 0..21 {
        for text in 0..9 {
            let line = format!("{}f({})", python_reach("remove", way, text), python_text("/etc/victim", text));
            let found = code("python3 -", &line);
            assert!(is_seen(&found), "{line}\n{found:?}");
        }
    }
}

#[test]
fn no_spelling_of_python_hides_a_write() {
    for text in 0..9 {
        let path = python_text("/etc/victim", text);
        for line in [
            format!("open({path}, 'w')"),
            format!("f = open\nf({path}, mode='a')"),
            format!("[f({path}, 'w') for f in [open]]"),
            format!("import io\nio.open({path}, 'w')"),
            format!("import pathlib\npathlib.Path({path}).write_text('x')"),
            format!("from pathlib import Path as P\np = P({path})\np.open('w').write('x')"),
            format!("import shutil\nshutil.copy('a', {path})"),
            format!("import logging\nlogging.FileHandler({path})"),
            format!("import sqlite3\nsqlite3.connect({path})"),
            format!("import sys, builtins\nbuiltins.open({path}, 'w')"),
            format!("print('x', file=open({path}, 'w'))"),
            format!("with open({path}, *['w']) as f: pass"),
            format!("def g(h, p): h(p, 'w')\ng(open, {path})"),
        ] {
            let found = code("python3 -", &line);
            assert!(is_seen(&found), "{line}\n{found:?}");
        }
    }
}

#[test]
fn no_spelling_of_javascript_hides_a_removal() {
    for way in 0..18 {
        for text in 0..7 {
            let line = format!("{} f({})", javascript_reach("rmSync", way, text), javascript_text("/etc/victim", text));
            let found = code("node -", &line);
            assert!(is_seen(&found), "{line}\n{found:?}");
        }
    }
}

#[test]
fn no_spelling_of_the_others_hides_a_removal() {
    let lines = [
        ("perl -", "unlink '/etc/victim';"),
        ("perl -", "unlink('/etc/' . 'victim');"),
        ("perl -", "my $f = \\&CORE::unlink; $f->('/etc/victim');"),
        ("perl -", "my $p = '/etc/victim'; unlink($p);"),
        ("perl -", "system('rm', '/etc/victim');"),
        ("perl -", "`rm /etc/victim`;"),
        ("perl -", "qx'rm /etc/victim';"),
        ("perl -", "exec 'rm /etc/victim';"),
        ("perl -", "open F, '|rm /etc/victim';"),
        ("perl -", "eval 'unlink q(/etc/victim)';"),
        ("perl -", "s//unlink '\\/etc\\/victim'/e;"),
        ("perl -", "print \"@{[unlink '/etc/victim']}\";"),
        ("perl -", "POSIX->can('remove')->('/etc/victim');"),
        ("perl -", "sub f { unlink @_ } f('/etc/victim');"),
        ("ruby", "File.delete('/etc/victim')"),
        ("ruby", "File.send(:delete, '/etc/victim')"),
        ("ruby", "Object.const_get(:File).delete('/etc/victim')"),
        ("ruby", "f = File.method(:delete); f.call('/etc/victim')"),
        ("ruby", "['/etc/victim'].each(&File.method(:delete))"),
        ("ruby", "`rm /etc/victim`"),
        ("ruby", "%x|rm /etc/victim|"),
        ("ruby", "system 'rm', '/etc/victim'"),
        ("ruby", "x = File; x.delete('/etc/victim')"),
        ("ruby", "eval \"File.delete('/etc/victim')\""),
        ("ruby", "['File.delete(%q(/etc/victim))'].inject(0, :instance_eval)"),
        ("ruby", "open('/etc/victim', 'w')"),
        ("ruby", "IO.write('/etc/victim', '')"),
        ("php", "<?php unlink('/etc/victim');"),
        ("php", "<?php 'unlink'('/etc/victim');"),
        ("php", "<?php $f = 'unlink'; $f('/etc/victim');"),
        ("php", "<?php call_user_func('unlink', '/etc/victim');"),
        ("php", "<?php array_map('unlink', ['/etc/victim']);"),
        ("php", "<?php echo 'x' . unlink('/etc/' . 'victim');"),
        ("php", "<?php (new ReflectionFunction('unlink'))->invoke('/etc/victim');"),
        ("lua -", "os.remove('/etc/victim')"),
        ("lua -", "local r = os.remove; r('/etc/victim')"),
        ("lua -", "os['rem' .. 'ove']('/etc/victim')"),
        ("lua -", "for k, v in pairs(os) do if k == 'remove' then v('/etc/victim') end end"),
        ("lua -", "_ENV.os.remove('/etc/victim')"),
        ("lua -", "load('os.remove(\"/etc/victim\")')()"),
        ("lua -", "io.open('/etc/victim', 'w')"),
        ("awk -f -", "BEGIN { system(\"rm /etc/victim\") }"),
        ("awk -f -", "BEGIN { print \"\" > \"/etc/victim\" }"),
        ("awk -f -", "BEGIN { p = \"/etc/victim\"; printf \"\" > p }"),
        ("awk -f -", "BEGIN { \"rm /etc/victim\" | getline }"),
        ("awk -f -", "BEGIN { print \"rm /etc/victim\" | \"sh\" }"),
        ("awk -f -", "BEGIN { f = \"system\"; @f(\"rm /etc/victim\") }"),
    ];
    for (interpreter, line) in lines {
        let found = code(interpreter, line);
        assert!(is_seen(&found), "{interpreter} {line}\n{found:?}");
    }
}

#[test]
fn no_spelling_of_powershell_hides_a_removal() {
    let names = [
        "Remove-Item",
        "rEMOVE-iTEM",
        "Remove`-Item",
        "rm",
        "del",
        "RI",
        "rd",
        "erase",
        "& Remove-Item",
        "& 'Remove-Item'",
        ". Remove-Item",
    ];
    let frames = [
        "{}",
        "if ($true) { {} }",
        "1..3 | % { {} }",
        "$x = {}",
        "({})",
        "Write-Host $({})",
        "Write-Host \"$({})\"",
        "@({})",
        "try { {} } catch { }",
        "iex '{}'",
        "& { {} }",
        "Start-Job { {} }",
        "powershell -c \"{}\"",
        "foreach ($f in 1) { {} }",
        "git status; {}",
        "git status && {}",
        "function f { {} }; f",
        "@{ a = ({}) }",
        "Get-ChildItem | ForEach-Object { {} }",
        "return {}",
    ];
    for name in names {
        for frame in frames {
            let line = frame.replace("{}", &format!("{name} /etc/victim"));
            let found = run(&line, Shell::PowerShell);
            assert!(is_seen(&found), "{line}\n{found:?}");
        }
    }
}

#[test]
fn plain_lines_are_understood() {
    let lines = [
        ("python3 -", "import json, sys\nfor row in json.load(sys.stdin):\n    print(f\"{row['a']!r}: {len(row):>5}\")"),
        (
            "python3 -",
            "from collections import Counter\nwith open('a.txt') as f:\n    print(Counter(f.read().split()).most_common(3))",
        ),
        (
            "node -",
            "const fs = require('fs'); const p = JSON.parse(fs.readFileSync('package.json', 'utf8')); for (const k of Object.keys(p)) console.log(k, p[k]);",
        ),
        ("perl -", "while (<STDIN>) { s/a/b/g; print if /x/; }"),
        ("ruby", "require 'json'\nputs JSON.parse(STDIN.read)['a'].map { |x| x['b'] }.join(',')"),
        ("awk -f -", "{ count[$1]++ } END { for (k in count) print k, count[k] / NR }"),
        ("lua -", "for line in io.lines('a.txt') do print(line:upper()) end"),
    ];
    for (interpreter, line) in lines {
        let found = code(interpreter, line);
        assert!(!found.iter().any(|effect| matches!(effect.deed, Deed::Opaque { .. })), "{interpreter} {line}\n{found:?}");
    }
}

fn parts() -> impl Strategy<Value = String> {
    let parts = [
        "open(",
        "(",
        ")",
        "\"",
        "'",
        "`",
        "${",
        "}",
        "f\"",
        "{",
        "os.remove",
        "=",
        "x",
        "+",
        ",",
        "[",
        "]",
        "\n",
        ".",
        ".unlink",
        "eval",
        "/",
        "\\",
        "|",
        "import",
        "from",
        "as",
        "require('fs')",
        "#{",
        "$",
        "@",
        "%",
        "q(",
        "s/a/b/e",
        "<<E",
        "=begin\n",
        "?>",
        "<?",
        "for",
        "in",
        "def f(",
        ":",
        "lambda",
        "=>",
        "function",
        "&",
        "->",
        "*",
        "<",
        ">",
        "getline",
        "print",
        "$(",
        "@{",
        "Remove-Item",
        "-Recurse",
        "&&",
        ";",
        "^",
        "%x%",
        "é",
        "\u{FFFC}",
        "\0",
    ];
    prop::collection::vec(prop::sample::select(parts.to_vec()), 0..60).prop_map(|parts| parts.join(""))
}

#[test]
fn deep_and_long_texts_end() {
    for (open, close) in [("@{a=", "}"), ("(", ")"), ("{", "}"), ("$(", ")"), ("\"$(", ")\""), ("@(", ")"), ("& {", "}")] {
        let text = format!("{}Remove-Item /etc/victim{}", open.repeat(8_000), close.repeat(8_000));
        assert!(is_seen(&run(&text, Shell::PowerShell)), "{open}");
        let many = format!("{open}x{close};").repeat(4_000) + "Remove-Item /etc/victim";
        assert!(is_seen(&run(&many, Shell::PowerShell)), "{open}");
    }
    assert!(!run("x >&é y", Shell::PowerShell).is_empty());
    for (interpreter, part) in [
        ("python3 -", "f(x)[\"a\"].b + "),
        ("node -", "`${x[a](b => "),
        ("perl -", "s{a}{$x->[0]}e; "),
        ("ruby", "\"#{a} #{"),
        ("php", "$a[$b] . "),
        ("lua -", "a.b(c)["),
        ("awk -f -", "{ print $1 > /a/ } "),
    ] {
        let found = code(interpreter, &part.repeat(3_000));
        assert!(!found.is_empty(), "{interpreter}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_code_ends(text in parts(), spaced in any::<bool>(), language in 0..7_usize) {
        let interpreters = ["python3 -", "node -", "perl -", "ruby", "php", "lua -", "awk -f -"];
        let text = if spaced { text.replace(')', " ) ") } else { text };
        code(interpreters.get(language).unwrap(), &text);
    }

    #[test]
    fn any_powershell_ends(text in parts(), any in any::<String>()) {
        run(&text, Shell::PowerShell);
        run(&any, Shell::PowerShell);
        run(&format!("cmd /c '{}'", text.replace('\'', "")), Shell::Bash);
    }
}
