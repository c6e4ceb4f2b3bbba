//! The module in parts, each as small as the tools make it, under the names that they gave.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use wasm_split_cli_support::Options;

use crate::tools;

/// The parts of the console, in one folder.
pub(crate) struct Split {
    /// What the page starts: it starts the main module and fetches the later ones.
    pub(crate) script: PathBuf,
    /// What the first view needs.
    pub(crate) main: PathBuf,
    /// What other pages need beside it.
    pub(crate) later: Vec<PathBuf>,
}

/// Splits a module that was built with the feature `split`, in this empty folder.
pub(crate) fn split(module: &Path, work: &Path) -> Result<Split> {
    let whole = fs::read(module).with_context(|| format!("{} cannot be read", module.display()))?;
    let main = work.join("main.wasm");
    let mut options = Options::new(&whole);
    options.output_dir = work;
    options.main_out_path = &main;
    // wasm-bindgen is about to write this one.
    options.main_module = "./console.js";
    options.target.web();
    let later = wasm_split_cli_support::transform(options)
        .map_err(|report| anyhow::anyhow!("{} cannot be split: {report:#}", module.display()))?
        .split_modules;
    ensure!(
        !later.is_empty(),
        "{} has nothing that could be fetched later: build it with the feature `split`",
        module.display()
    );
    let bound = work.join("bound");
    tools::bind(&main, &bound)?;
    let main = bound.join("console_bg.wasm");
    // The script that fetches the later parts is of no use alone: in one file with the other it arrives with it.
    fs::rename(work.join("__wasm_split.js"), bound.join("__wasm_split.js"))?;
    let script = work.join("console.js");
    tools::bundle(&bound.join("console.js"), &script)?;
    for part in later.iter().chain([&main]) {
        tools::optimise(part)?;
    }
    Ok(Split { script, main, later })
}
