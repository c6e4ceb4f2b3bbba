//! Builds the functions and packs them for Lambda.

mod glibc;
mod zip;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use self::glibc::NEWEST_GLIBC;
pub use self::zip::zip_of;
use crate::FUNCTIONS;

/// What functions are built for, whatever machine they are built on.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Functions that could not be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// Cargo could not be started.
    #[error("{cargo} cannot be started: {source}")]
    NoCargo {
        /// The program.
        cargo: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Cargo did not succeed.
    #[error("the functions do not build for {TARGET}: cargo's messages above say why")]
    Build,
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A binary is not what Lambda runs.
    #[error("{path} would not start on Lambda: {problem}")]
    Unfit {
        /// The binary.
        path: PathBuf,
        /// Why.
        problem: String,
    },
    /// The zip could not be made.
    #[error("the zip of {name} cannot be made: {problem}")]
    Zip {
        /// The function.
        name: &'static str,
        /// Why.
        problem: String,
    },
}

/// Builds all functions of the workspace at `root` with one call of cargo, checks that Lambda can run them, and writes
/// `target/lambdas/<name>.zip`, each holding `bootstrap`. The same source and tools make the same bytes, wherever the
/// checkout lies. Gives the zips' folder.
pub fn package(root: &Path) -> Result<PathBuf, PackageError> {
    let target_folder = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    build(root, &target_folder)?;
    let zips = target_folder.join("lambdas");
    std::fs::create_dir_all(&zips).map_err(|source| PackageError::File { path: zips.clone(), source })?;
    for function in FUNCTIONS {
        let binary = target_folder.join(TARGET).join("release").join(function.name);
        let content = std::fs::read(&binary).map_err(|source| PackageError::File { path: binary.clone(), source })?;
        glibc::check(&content).map_err(|problem| PackageError::Unfit { path: binary, problem })?;
        let zip = zip_of(&content).map_err(|problem| PackageError::Zip { name: function.name, problem })?;
        let path = zips.join(format!("{}.zip", function.name));
        // A file that already says so keeps its time, and what depends on it stays up to date.
        if std::fs::read(&path).is_ok_and(|old| old == zip) {
            continue;
        }
        std::fs::write(&path, zip).map_err(|source| PackageError::File { path, source })?;
    }
    Ok(zips)
}

fn build(root: &Path, target_folder: &Path) -> Result<(), PackageError> {
    let cargo = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let status = Command::new(&cargo)
        .args(["build", "--release", "--locked", "--package", "provisioning-lambdas", "--bins", "--target", TARGET])
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target_folder)
        .env("CARGO_ENCODED_RUSTFLAGS", without_paths(root, target_folder))
        // Optimising across crates would be done five times over, once a function: it takes seven times as long after
        // every change, for an eighth of a zip's size.
        .env("CARGO_PROFILE_RELEASE_LTO", "false")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
        .status()
        .map_err(|source| PackageError::NoCargo { cargo, source })?;
    if status.success() { Ok(()) } else { Err(PackageError::Build) }
}

/// Compiler flags that keep this machine's folders out of the binaries' panic messages: those of the checkout, of what is
/// built, and of the sources of others' crates.
fn without_paths(root: &Path, target_folder: &Path) -> OsString {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    // The compiler compares whole paths. What comes last wins: the target folder may lie in the checkout.
    let whole = |folder: &Path| std::path::absolute(folder).ok();
    let folders = [(whole(root), "source"), (home, "cargo"), (whole(target_folder), "target")];
    let mut flags = OsString::new();
    for (folder, name) in folders {
        let Some(folder) = folder else { continue };
        if !flags.is_empty() {
            // Cargo's own separator, which no path contains.
            flags.push("\u{1f}");
        }
        flags.push("--remap-path-prefix=");
        flags.push(folder);
        flags.push(format!("=/{name}"));
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiler_is_told_whole_folders_and_the_target_folder_last() {
        let flags = without_paths(Path::new("."), Path::new("./target")).into_string().expect("a path in UTF-8");
        let folders: Vec<_> = flags.split('\u{1f}').collect();
        assert!(folders.iter().all(|flag| flag.starts_with("--remap-path-prefix=/")), "{folders:?}");
        assert!(folders[0].ends_with("/deploy=/source"), "{folders:?}");
        assert!(folders.last().is_some_and(|last| last.ends_with("/deploy/target=/target")), "{folders:?}");
    }
}
