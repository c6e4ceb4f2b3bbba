//! Makes the console that is served of the one that Trunk built: its WebAssembly is split into what the first view needs
//! and a part for every page that is fetched later (those of `frontend/src/pages/later.rs`).
//!
//! `console-build MODULE WHOLE PARTS` takes the module as cargo built it and the folder that Trunk made with it, and
//! fills the folder PARTS anew. It compiles nothing and knows nothing of the console: Trunk stays the tool for its page,
//! its styles and for development, and a split can only be made between cargo and wasm-bindgen, where Trunk has no hook.

mod names;
mod page;
mod split;
mod tools;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [module, whole, parts] = arguments.as_slice() else { bail!("usage: console-build MODULE WHOLE PARTS") };
    build(module, whole, parts)
}

fn build(module: &Path, whole: &Path, parts: &Path) -> Result<()> {
    // What is half made is nowhere that anybody serves from.
    let work = fresh(&whole.with_extension("parts"))?;
    let split = split::split(module, &work)?;
    let named = names::name(&split)?;
    let page = whole.join("index.html");
    let page = page::refer_to(&read(&page)?, &named.script_name, &named.main_name)
        .with_context(|| format!("{} is not as Trunk 0.21 writes it", page.display()))?;

    let parts = fresh(parts)?;
    for entry in fs::read_dir(whole)? {
        let file = entry?;
        let name = file.file_name();
        let end = Path::new(&name).extension().and_then(|end| end.to_str()).unwrap_or_default();
        // The whole module and its script are what the parts stand for.
        if name != "index.html" && end != "wasm" && !page::is_script_of_the_module(&name.to_string_lossy()) {
            fs::copy(file.path(), parts.join(&name))
                .with_context(|| format!("{} cannot be copied", file.path().display()))?;
        }
    }
    for (name, content) in &named.files {
        write(&parts.join(name), content)?;
    }
    tools::compress(&parts)?;
    // Last, so that a page never names what is not there yet.
    write(&parts.join("index.html"), page.as_bytes())
}

/// An empty folder: what was in it is gone, the folder itself stays for whoever watches it.
fn fresh(folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }
            .with_context(|| format!("{} cannot be removed", path.display()))?;
    }
    Ok(folder.to_owned())
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

fn write(file: &Path, content: &[u8]) -> Result<()> {
    fs::write(file, content).with_context(|| format!("{} cannot be written", file.display()))
}
