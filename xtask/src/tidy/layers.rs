//! Who may import whom. In: `cargo metadata`. Out: every dependency inside the workspace that the table does not have.

use serde_json::Value;

/// A crate, what it may import, and what its tests may import on top.
struct Layer {
    name: &'static str,
    imports: &'static [&'static str],
    tests: &'static [&'static str],
}

const LEAF: &[&str] = &["bailiwick-vocab"];
const CASES: &[&str] = &["bailiwick-casebook"];

/// The table of DESIGN and ARCHITECTURE.md. A leaf imports the vocabulary and no sibling; only the binary sees all.
const LAYERS: &[Layer] = &[
    Layer { name: "bailiwick-vocab", imports: &[], tests: CASES },
    Layer { name: "bailiwick-effect", imports: LEAF, tests: CASES },
    Layer { name: "bailiwick-detect", imports: LEAF, tests: CASES },
    Layer { name: "bailiwick-policy", imports: LEAF, tests: CASES },
    Layer { name: "bailiwick-ledger", imports: LEAF, tests: CASES },
    Layer { name: "bailiwick-dialect", imports: LEAF, tests: CASES },
    Layer { name: "bailiwick-journal", imports: LEAF, tests: CASES },
    Layer { name: "bailiwick-sandbox", imports: &[], tests: CASES },
    Layer {
        name: "bailiwick-guard",
        imports: &[
            "bailiwick-vocab",
            "bailiwick-effect",
            "bailiwick-detect",
            "bailiwick-policy",
            "bailiwick-ledger",
            "bailiwick-dialect",
        ],
        tests: CASES,
    },
    Layer {
        name: "bailiwick-cli",
        imports: &[
            "bailiwick-vocab",
            "bailiwick-effect",
            "bailiwick-detect",
            "bailiwick-policy",
            "bailiwick-ledger",
            "bailiwick-dialect",
            "bailiwick-guard",
            "bailiwick-journal",
            "bailiwick-proxy",
            "bailiwick-sandbox",
        ],
        tests: &["bailiwick-casebook", "bailiwick-modelserver"],
    },
    Layer { name: "bailiwick-proxy", imports: LEAF, tests: &[] },
    Layer { name: "bailiwick-casebook", imports: &[], tests: &[] },
    Layer { name: "bailiwick-modelserver", imports: &[], tests: &[] },
    Layer { name: "bailiwick-soundness", imports: &["bailiwick-vocab", "bailiwick-effect"], tests: &[] },
    Layer { name: "bailiwick-train", imports: &["bailiwick-detect"], tests: &[] },
    Layer { name: "xtask", imports: &[], tests: &[] },
];

/// Holds the workspace against the table.
pub(crate) fn check(metadata: &Value) -> Vec<String> {
    let packages: Vec<&Value> = metadata["packages"].as_array().into_iter().flatten().collect();
    let names: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut breaches = Vec::new();
    for package in &packages {
        let name = package["name"].as_str().unwrap_or_default();
        match LAYERS.iter().find(|layer| layer.name == name) {
            Some(layer) => breaches.extend(strays(package, layer, &names)),
            None => breaches.push(format!("crate {name} has no line in the layer table (xtask/src/tidy/layers.rs)")),
        }
    }
    breaches
}

fn strays(package: &Value, layer: &Layer, names: &[&str]) -> Vec<String> {
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let inside = dependencies.filter(|dependency| dependency["name"].as_str().is_some_and(|name| names.contains(&name)));
    inside
        .filter_map(|dependency| {
            let name = dependency["name"].as_str()?;
            let for_tests = dependency["kind"] == "dev";
            let fine = layer.imports.contains(&name) || (for_tests && layer.tests.contains(&name));
            (!fine).then(|| format!("crate {} must not import {name}{}", layer.name, if for_tests { " in tests" } else { "" }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn workspace(name: &str, dependency: &str, kind: &Value) -> Value {
        let packages = ["bailiwick-vocab", "bailiwick-effect", "bailiwick-policy", "bailiwick-casebook", "bailiwick-guard"];
        let packages: Vec<Value> = packages
            .iter()
            .map(|package| {
                let dependencies = if *package == name { json!([{"name": dependency, "kind": kind}]) } else { json!([]) };
                json!({"name": package, "dependencies": dependencies})
            })
            .collect();
        json!({ "packages": packages })
    }

    #[test]
    fn a_leaf_may_import_the_vocabulary_and_no_sibling() {
        assert!(check(&workspace("bailiwick-effect", "bailiwick-vocab", &Value::Null)).is_empty());
        assert_eq!(check(&workspace("bailiwick-effect", "bailiwick-policy", &Value::Null)).len(), 1);
        assert_eq!(check(&workspace("bailiwick-vocab", "bailiwick-effect", &Value::Null)).len(), 1);
        assert!(check(&workspace("bailiwick-guard", "bailiwick-policy", &Value::Null)).is_empty());
    }

    #[test]
    fn the_casebook_is_for_tests_alone() {
        assert!(check(&workspace("bailiwick-effect", "bailiwick-casebook", &json!("dev"))).is_empty());
        assert_eq!(check(&workspace("bailiwick-effect", "bailiwick-casebook", &Value::Null)).len(), 1);
        assert_eq!(check(&workspace("bailiwick-effect", "bailiwick-policy", &json!("dev"))).len(), 1);
    }

    #[test]
    fn a_crate_without_a_line_in_the_table_is_a_breach() {
        assert_eq!(check(&json!({"packages": [{"name": "bailiwick-new", "dependencies": []}]})).len(), 1);
    }

    #[test]
    fn crates_from_outside_are_not_this_rules_business() {
        assert!(check(&workspace("bailiwick-effect", "serde_json", &Value::Null)).is_empty());
    }
}
