//! File names that change with the content, so that whoever has a file never asks for it again.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::split::Split;

/// Every part with its content, under the name it is served by.
pub(crate) struct Named {
    pub(crate) script_name: String,
    pub(crate) main_name: String,
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

/// Names the parts. The script names the later ones, so it comes last and its name changes with theirs.
pub(crate) fn name(split: &Split) -> Result<Named> {
    let mut script = String::from_utf8(content(&split.script)?)?;
    let mut files = Vec::with_capacity(split.later.len() + 2);
    let mut parts: Vec<&Path> = split.later.iter().map(AsRef::as_ref).collect();
    parts.push(&split.main);
    let mut main_name = String::new();
    for part in parts {
        let old = file_name(part)?;
        let content = content(part)?;
        main_name = hashed(old, &content);
        script = renamed(&script, old, &main_name)?;
        files.push((main_name.clone(), content));
    }
    let script_name = hashed("console.js", script.as_bytes());
    files.push((script_name.clone(), script.into_bytes()));
    Ok(Named { script_name, main_name, files })
}

/// `console.js` with a digest of its content: `console-0123456789abcdef.js`.
fn hashed(name: &str, content: &[u8]) -> String {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let digest: String = Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{stem}-{digest}.{end}")
}

/// The script with another name for a file it fetches.
fn renamed(script: &str, old: &str, new: &str) -> Result<String> {
    // Quoted, or as a path: no other file's name can end like this one's.
    let found = ['"', '/'].iter().map(|before| script.matches(&format!("{before}{old}\"")).count()).sum::<usize>();
    ensure!(found == 1, "the script fetches {old} in {found} places: in one was expected");
    Ok(['"', '/'].iter().fold(script.to_owned(), |script, before| {
        script.replace(&format!("{before}{old}\""), &format!("{before}{new}\""))
    }))
}

fn content(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}

fn file_name(file: &Path) -> Result<&str> {
    file.file_name().and_then(|name| name.to_str()).with_context(|| format!("{} has no name", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_content_alone() {
        assert_eq!(hashed("claims.wasm", b"one"), hashed("claims.wasm", b"one"));
        assert_ne!(hashed("claims.wasm", b"one"), hashed("claims.wasm", b"two"));
        assert!(hashed("claims.wasm", b"one").starts_with("claims-"));
        assert!(hashed("claims.wasm", b"one").ends_with(".wasm"));
    }

    #[test]
    fn the_script_fetches_the_new_name_and_nothing_else_changes() -> Result<()> {
        let script = r#"fetch(new URL("./claims.wasm",u)),fetch(new URL("./old_claims.wasm",u))"#;
        let expected = r#"fetch(new URL("./new.wasm",u)),fetch(new URL("./old_claims.wasm",u))"#;
        assert_eq!(renamed(script, "claims.wasm", "new.wasm")?, expected);
        Ok(())
    }

    #[test]
    fn a_part_that_nobody_fetches_is_an_error() {
        assert!(renamed("nothing", "claims.wasm", "new.wasm").is_err());
    }

    #[test]
    fn the_script_is_named_anew_when_a_later_part_changes() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let file = |name: &str, content: &str| -> Result<std::path::PathBuf> {
            let path = folder.path().join(name);
            fs::write(&path, content)?;
            Ok(path)
        };
        let named = |claims: &str| -> Result<Named> {
            name(&Split {
                script: file("console.js", r#"a("console_bg.wasm"),b("./claims.wasm")"#)?,
                main: file("console_bg.wasm", "main")?,
                later: vec![file("claims.wasm", claims)?],
            })
        };
        let (one, other) = (named("one")?, named("other")?);
        assert_ne!(one.script_name, other.script_name);
        assert_eq!(one.main_name, other.main_name);
        Ok(())
    }
}
