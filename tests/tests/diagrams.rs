//! The diagrams say what the code does: names in them exist, and what exists is in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The diagram below this heading.
fn diagram(heading: &str) -> String {
    let page = read("docs/diagrams.md");
    let (_, section) = page.split_once(&format!("\n## {heading}\n")).expect("the heading");
    let (_, block) = section.split_once("```mermaid\n").expect("a diagram");
    block.split_once("```").expect("the end of the diagram").0.to_owned()
}

/// The logical names of the stack's resources of these types.
fn resources(types: &[&str]) -> BTreeSet<String> {
    let template = deploy::rendered_template();
    let lines: Vec<&str> = template.lines().collect();
    let named = lines.windows(2).filter_map(|pair| {
        let name = pair[0].strip_prefix("  ")?.strip_suffix(':')?;
        let kind = pair[1].strip_prefix("    Type: ")?;
        (types.contains(&kind) && !name.starts_with(' ')).then(|| name.to_owned())
    });
    named.collect()
}

#[test]
fn every_function_table_and_rule_stands_in_the_architecture_diagram() {
    let architecture = diagram("Architecture");
    let resources = resources(&[
        "AWS::Lambda::Function",
        "AWS::DynamoDB::Table",
        "AWS::IoT::TopicRule",
        "AWS::Events::Rule",
        "AWS::SQS::Queue",
    ]);
    assert!(resources.len() > 15, "{resources:?}");
    for name in resources {
        assert!(architecture.contains(&name), "{name} is missing from the architecture diagram");
    }
    for function in deploy::FUNCTIONS {
        assert!(architecture.contains(&format!("\"{}\"", function.name)), "{} is missing", function.name);
    }
}

#[test]
fn every_operation_in_a_sequence_diagram_is_one_that_is_called() {
    let mut sources = String::new();
    for folder in ["aws/src", "provisioning/deploy/src"] {
        collect(&root().join(folder), &mut sources);
    }
    let mut named = BTreeSet::new();
    for heading in ["Deployment", "Initialise", "Onboarding"] {
        for line in diagram(heading).lines().filter(|line| line.contains("->>")) {
            let Some((_, message)) = line.split_once(": ") else { continue };
            // An operation is a word of several capitalised parts, such as DescribeCertificate.
            let words = message.split(|letter: char| !letter.is_alphanumeric());
            named.extend(words.filter(|word| is_operation(word)).map(str::to_owned));
        }
    }
    assert!(named.len() > 12, "{named:?}");
    for operation in named {
        assert!(sources.contains(&format!("\"{operation}\"")), "nothing calls {operation}");
    }
}

fn is_operation(word: &str) -> bool {
    let capitals = word.chars().filter(char::is_ascii_uppercase).count();
    let verbs =
        ["Attach", "Create", "Delete", "Describe", "Detach", "Get", "Put", "Register", "Rotate", "Transact", "Update"];
    capitals >= 2 && verbs.iter().any(|verb| word.starts_with(verb))
}

fn collect(folder: &Path, sources: &mut String) {
    for entry in fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push_str(&fs::read_to_string(&path).expect("a source file"));
        }
    }
}

#[test]
fn every_rule_in_a_sequence_diagram_exists() {
    let rules = read("provisioning/rules/src/lib.rs");
    for rule in ["decide_provisioning", "after_registration", "vehicle_connected"] {
        assert!(diagram("Onboarding").contains(rule) && rules.contains(rule), "{rule}");
    }
}
