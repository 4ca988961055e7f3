//! Real clients of many kinds take the authority that opens their TLS, and work as without it.

use std::fs;

use crate::scene::Scene;
use crate::server::{Got, Servers, ok};
use crate::{GITHUB, REAL, apart, text, trusting};

#[test]
fn real_clients_work_as_without_the_wall() {
    apart("clients::real_clients_work_as_without_the_wall", || {
        let servers = Servers::start(&["api.test"], |got: &Got| {
            let sent = got.field("authorization").contains(REAL);
            ok(format!(
                "{{\"name\":\"left-pad\",\"dist-tags\":{{\"latest\":\"1.3.0\"}},\"versions\":{{\"1.3.0\":{{\"name\":\"left-pad\",\"version\":\"1.3.0\"}}}},\"sent\":\"{}\"}}",
                if sent { "real" } else { "none" }
            ))
        });
        let scene = trusting(Scene::new(GITHUB), &servers).with("GITHUB_TOKEN", REAL);
        let clients = [
            ("curl", "curl -sS -H \"Authorization: Bearer $GITHUB_TOKEN\" https://api.test/"),
            ("curl by itself", "curl -sS --noproxy '*' -H \"Authorization: Bearer $GITHUB_TOKEN\" https://api.test/"),
            ("wget", "wget -q -O- --header \"Authorization: Bearer $GITHUB_TOKEN\" https://api.test/"),
            (
                "python urllib",
                "/usr/bin/python3 -c 'import os, urllib.request as u; print(u.urlopen(u.Request(\"https://api.test/\", headers={\"Authorization\": \"Bearer \" + os.environ[\"GITHUB_TOKEN\"]})).read().decode())'",
            ),
            (
                "python ssl",
                "/usr/bin/python3 -c 'import os, http.client as h; c = h.HTTPSConnection(\"api.test\"); c.request(\"GET\", \"/\", headers={\"Authorization\": \"Bearer \" + os.environ[\"GITHUB_TOKEN\"]}); print(c.getresponse().read().decode())'",
            ),
            (
                "node fetch",
                "node -e 'fetch(\"https://api.test/\", {headers: {authorization: \"Bearer \" + process.env.GITHUB_TOKEN}}).then(r => r.text()).then(console.log)'",
            ),
            (
                "node https",
                "node -e 'require(\"https\").get(\"https://api.test/\", {headers: {authorization: \"Bearer \" + process.env.GITHUB_TOKEN}}, r => r.on(\"data\", d => console.log(String(d))))'",
            ),
        ];
        for (number, (name, command)) in clients.iter().enumerate() {
            let out = scene.hidden(&format!("c{number}"), command);
            assert!(text(&out.stdout).contains("\"sent\":\"real\""), "{name}: {out:?}");
        }
        let npm = "npm view left-pad version --registry https://api.test/ --//api.test/:_authToken=$GITHUB_TOKEN";
        let out = scene.hidden("npm", npm);
        assert!(text(&out.stdout).contains("1.3.0"), "{out:?}");
        assert!(servers.got().iter().any(|got| got.line.contains("left-pad") && got.field("authorization").contains(REAL)));
    });
}

#[test]
fn every_connection_is_in_the_ledger_with_its_bytes() {
    apart("clients::every_connection_is_in_the_ledger_with_its_bytes", || {
        let servers = Servers::start(&["api.test", "other.test"], |got: &Got| {
            ok(vec![b'x'; if got.line.contains("long") { 100_000 } else { 10 }])
        });
        // With no secret, nothing is opened, and bytes are counted all the same.
        for (map, secret) in [("", ""), (GITHUB, REAL)] {
            let scene = trusting(Scene::new(map), &servers).with("GITHUB_TOKEN", secret);
            fs::write(scene.work().join("sent"), vec![b'y'; 50_000]).unwrap();
            scene.run("c1", "curl -sS http://api.test/long https://api.test/ https://other.test/long -o /dev/null -o /dev/null -o /dev/null; curl -sS --data-binary @sent https://api.test/");
            let seen = scene.observed(1);
            let connects = seen["connects"].as_array().unwrap();
            let of = |to: &str| -> Vec<(u64, u64)> {
                let these = connects.iter().filter(|one| one[0] == to);
                these.map(|one| (one[1].as_u64().unwrap(), one[2].as_u64().unwrap())).collect()
            };
            assert_eq!(connects.len(), 4, "{seen}");
            let [(out, back)] = of("api.test:80")[..] else { unreachable!("{seen}") };
            assert!((50..1000).contains(&out) && (100_000..101_000).contains(&back), "{seen}");
            let [(out, back)] = of("other.test:443")[..] else { unreachable!("{seen}") };
            assert!((50..3000).contains(&out) && (100_000..110_000).contains(&back), "{seen}");
            assert!(of("api.test:443").iter().any(|(out, back)| *out > 50_000 && (10..10_000).contains(back)), "{seen}");
        }
    });
}

#[test]
fn what_goes_on_in_the_background_is_recorded_when_it_ends() {
    apart("clients::what_goes_on_in_the_background_is_recorded_when_it_ends", || {
        let servers = Servers::start(&["api.test"], |got: &Got| {
            if got.line.contains("slow") {
                std::thread::sleep(std::time::Duration::from_millis(1500));
            }
            ok("done")
        });
        let scene = trusting(Scene::new(""), &servers);
        let out = scene.run("c1", "(curl -sS http://api.test/slow > late.txt 2>&1 &) ; echo first");
        assert_eq!(text(&out.stdout), "first\n", "{out:?}");
        let late = scene.observed(2);
        assert_eq!(late["connects"][0][0], "api.test:80", "{late}");
    });
}
