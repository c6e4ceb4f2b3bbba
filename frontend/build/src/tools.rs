//! The programs that do the work, where `local/setup/with-tools` says that they are.

use std::{
    ffi::{OsStr, OsString},
    path::Path,
    process::Command,
};

use anyhow::{Context, Result, ensure};

/// Writes what JavaScript needs to start a module, and the module as JavaScript starts it, as `console*` to a folder.
pub(crate) fn bind(module: &Path, folder: &Path) -> Result<()> {
    run("WASM_BINDGEN_BIN", "wasm-bindgen", |command| {
        // The later parts are linked to the main one by what wasm-bindgen takes for the linker's own.
        command.args(["--target=web", "--no-typescript", "--keep-lld-exports", "--out-name=console", "--out-dir"]);
        command.arg(folder).arg(module);
    })
}

/// Makes a module smaller, in place.
pub(crate) fn optimise(module: &Path) -> Result<()> {
    run("WASM_OPT_BIN", "wasm-opt", |command| {
        // -Oz makes it smaller as it is, and larger once it is compressed.
        command.args(["-O1", "--strip-producers", "--strip-target-features", "--output"]);
        command.arg(module).arg(module);
    })
}

/// Makes one script of this one and those it imports.
pub(crate) fn bundle(script: &Path, into: &Path) -> Result<()> {
    run("ESBUILD_BIN", "esbuild", |command| {
        command.args(["--bundle", "--format=esm", "--minify", "--log-level=warning"]);
        command.arg(option("--outfile=", into)).arg(script);
    })
}

/// Puts a compressed twin beside every module of a folder.
pub(crate) fn compress(folder: &Path) -> Result<()> {
    run("NODE_BIN", "node", |command| {
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../compress.mjs")).arg(folder);
    })
}

fn run(variable: &str, name: &str, arguments: impl FnOnce(&mut Command)) -> Result<()> {
    let program = std::env::var_os(variable).unwrap_or_else(|| name.into());
    let mut command = Command::new(&program);
    arguments(&mut command);
    let output = command
        .output()
        .with_context(|| format!("{} cannot be started: run this by local/setup/with-tools", program.display()))?;
    // What they say of modules and scripts that other programs wrote is of use only when they fail.
    ensure!(output.status.success(), "{name} failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr));
    Ok(())
}

fn option(name: &str, value: &Path) -> OsString {
    [OsStr::new(name), value.as_os_str()].into_iter().collect()
}
