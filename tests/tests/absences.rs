//! What ARCHITECTURE.md says is not there.

use std::fs;
use std::path::{Path, PathBuf};

/// The lines of source below a folder that are neither comments nor tests, with where they are.
fn lines(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    collect(&root.join(folder), &mut files);
    assert!(!files.is_empty(), "there is no source in {folder}");
    let mut lines = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("readable source");
        let product = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code = product.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.extend(code.map(|line| (file.clone(), line.to_owned())));
    }
    lines
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() && !entry.ends_with("scenarios") && !entry.ends_with("testing") {
            collect(&entry, files);
        } else if entry.extension().is_some_and(|end| end == "rs") {
            files.push(entry);
        }
    }
}

/// Fails for every line that has one of `words` outside of `allowed` files.
fn nowhere(folders: &[&str], words: &[&str], allowed: &[&str]) {
    let found: Vec<String> = folders
        .iter()
        .flat_map(|folder| lines(folder))
        .filter(|(file, line)| {
            words.iter().any(|word| line.contains(word)) && !allowed.iter().any(|end| file.ends_with(end))
        })
        .map(|(file, line)| format!("{}: {}", file.display(), line.trim()))
        .collect();
    assert!(found.is_empty(), "{words:?} stand in\n{}", found.join("\n"));
}

const PURE: [&str; 4] = ["shared/src", "provisioning/rules/src", "provisioning/template/src", "provisioning/pki/src"];
const PRODUCT: [&str; 9] = [
    "shared/src",
    "provisioning/rules/src",
    "provisioning/template/src",
    "provisioning/pki/src",
    "aws/src",
    "provisioning/lambdas/src",
    "edge/src",
    "frontend/src",
    "provisioning/vehicle/src",
];

#[test]
fn shared_and_rules_never_wait_read_a_clock_draw_a_random_number_or_know_aws() {
    nowhere(
        &PURE,
        &[
            "async ",
            ".await",
            "SystemTime",
            "Instant",
            "::now()",
            "rand::",
            "getrandom",
            "std::env",
            "std::fs",
            "use aws",
        ],
        &[],
    );
}

#[test]
fn only_aws_knows_the_attributes_of_the_tables() {
    nowhere(
        &["shared/src", "provisioning/rules/src", "provisioning/lambdas/src", "edge/src", "frontend/src"],
        &[
            "\"allow_provisioning\"",
            "\"certificate_status\"",
            "\"has_vehicle_connected_once\"",
            "\"vin_shard\"",
            "arn:aws",
        ],
        &[],
    );
}

#[test]
fn only_three_files_of_the_edge_know_that_they_run_in_a_worker() {
    nowhere(&["edge/src"], &["worker::"], &["worker_entry.rs", "transport.rs", "precompressed.rs"]);
}

#[test]
fn only_perform_changes_anything_about_a_vehicle() {
    nowhere(
        &["provisioning/rules/src", "provisioning/lambdas/src", "edge/src"],
        &["put_item(", "update_item(", "transact_write_items(", "update_certificate(", "delete_certificate("],
        // The deployment makes and removes its own claim certificates; they are no vehicle's.
        &["deployment/claim.rs"],
    );
}

#[test]
fn only_one_module_makes_an_operator() {
    nowhere(&["edge/src"], &["Operator {"], &["operator.rs"]);
}

#[test]
fn nothing_of_the_product_knows_that_it_talks_to_a_stand_in() {
    nowhere(&PRODUCT, &["ministack", "localhost", "127.0.0.1", "4566"], &["samples.rs"]);
}

#[test]
fn the_browser_never_holds_aws_credentials() {
    nowhere(&["frontend/src", "shared/src"], &["ACCESS_KEY", "access_key", "aws_sigv4", "use aws"], &[]);
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/Cargo.toml");
    assert!(!fs::read_to_string(manifest).expect("a manifest").contains("aws"));
}

#[test]
fn no_story_sleeps_for_a_fixed_time() {
    nowhere(&["tests/src", "tests/stories", "tests/benches"], &["sleep("], &["patience.rs"]);
}
