//! The page that starts the console, as Trunk wrote it, for other files.

use anyhow::{Result, ensure};

/// The page with these names for the module and its script.
pub(crate) fn refer_to(page: &str, script: &str, module: &str) -> Result<String> {
    let names = |end: &str| {
        let mut names: Vec<&str> =
            page.split(['\'', '"', '/']).filter(|word| word.starts_with("console-") && word.ends_with(end)).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let (scripts, modules) = (names(".js"), names(".wasm"));
    ensure!(scripts.len() == 1, "it names {} scripts of the console: one was expected", scripts.len());
    ensure!(modules.len() == 1, "it names {} modules of the console: one was expected", modules.len());
    Ok(page.replace(scripts[0], script).replace(modules[0], module))
}

/// Whether a file is what wasm-bindgen wrote beside the module.
pub(crate) fn is_script_of_the_module(name: &str) -> bool {
    name.starts_with("console-") && name.ends_with(".js")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "import init from '/console-1.js'; init('/console-1_bg.wasm')\
        <link href=\"/console-1.js\"><link href=\"/console-1_bg.wasm\"><script src=\"/theme-1.js\">";

    #[test]
    fn the_page_starts_the_parts() -> Result<()> {
        let page = refer_to(PAGE, "console-2.js", "console_bg-3.wasm")?;
        assert_eq!(page.matches("console-2.js").count(), 2);
        assert_eq!(page.matches("console_bg-3.wasm").count(), 2);
        assert!(!page.contains("console-1") && page.contains("theme-1.js"));
        Ok(())
    }

    #[test]
    fn a_page_that_starts_no_module_is_an_error() {
        assert!(refer_to("<html>", "a.js", "a.wasm").is_err());
    }
}
