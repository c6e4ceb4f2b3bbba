//! Light or dark: the system's choice until the operator makes one, which the browser then remembers.

use leptos::prelude::*;

/// `public/theme.js` reads the same name before the first paint.
const STORED_AS: &str = "theme";

/// What the operator chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The choice after this one.
    pub fn next(self) -> Self {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }

    /// The choice in words.
    pub fn word(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The choice remembered from last time.
    pub fn remembered() -> Self {
        let stored = storage().and_then(|storage| storage.get_item(STORED_AS).ok().flatten());
        match stored.as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        }
    }

    /// Shows the page in this theme and remembers the choice.
    pub fn apply(self) {
        if let Some(root) = document().document_element() {
            let _ = match self {
                Theme::System => root.remove_attribute("data-theme"),
                Theme::Light | Theme::Dark => root.set_attribute("data-theme", self.word()),
            };
        }
        if let Some(storage) = storage() {
            let _ = match self {
                Theme::System => storage.remove_item(STORED_AS),
                Theme::Light | Theme::Dark => storage.set_item(STORED_AS, self.word()),
            };
        }
    }
}

/// A browser can be told to keep nothing.
fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_chosen_theme_is_shown_and_remembered_and_the_system_can_be_chosen_again() {
        let root = document().document_element().unwrap();
        Theme::Dark.apply();
        assert_eq!(root.get_attribute("data-theme").as_deref(), Some("dark"));
        assert_eq!(Theme::remembered(), Theme::Dark);
        Theme::Dark.next().apply();
        assert_eq!(root.get_attribute("data-theme"), None);
        assert_eq!(Theme::remembered(), Theme::System);
    }
}
