//! An operator's browser.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::{World, eventually};

/// How a page is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Its name in the file's name.
    pub name: &'static str,
    /// Width and height of the window, in pixels.
    pub size: (u32, u32),
    /// `light` or `dark`.
    pub theme: &'static str,
}

impl Look {
    /// Wide and narrow, light and dark.
    pub const ALL: [Look; 4] = [
        Look { name: "wide-light", size: (1280, 900), theme: "light" },
        Look { name: "wide-dark", size: (1280, 900), theme: "dark" },
        Look { name: "narrow-light", size: (360, 780), theme: "light" },
        Look { name: "narrow-dark", size: (360, 780), theme: "dark" },
    ];
}

/// Chromium, driven as a person would.
pub struct Browser {
    client: Client,
    console: String,
    screens: PathBuf,
    _driver: Child,
}

impl Browser {
    /// Opens a window on the world's console.
    pub async fn open(world: &World, look: Look) -> Result<Browser> {
        Self::open_at(&world.stack.console, &world.folder.join("screens"), look).await
    }

    /// Opens a window on a console; its pictures go to the folder `screens`.
    pub async fn open_at(console: &str, screens: &Path, look: Look) -> Result<Browser> {
        let driver_program = std::env::var("CHROMEDRIVER").context("CHROMEDRIVER is not set: run make test")?;
        let chrome = std::env::var("CHROME").context("CHROME is not set: run make test")?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let driver = Command::new(driver_program)
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("ChromeDriver cannot be started")?;
        let (width, height) = look.size;
        let capabilities = json!({
            "goog:chromeOptions": {
                "binary": chrome,
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                ],
            },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("an object") };
        let address = format!("http://127.0.0.1:{port}");
        let client = eventually("ChromeDriver opens a window", async || {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            Ok(builder.capabilities(capabilities.clone()).connect(&address).await?)
        })
        .await?;
        let browser = Browser { client, console: console.to_owned(), screens: screens.to_owned(), _driver: driver };
        // Chromium's window does not get as narrow as a telephone: the page's own size is set instead.
        browser
            .devtools(
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
            )
            .await?;
        browser
            .devtools(
                "Emulation.setEmulatedMedia",
                json!({ "features": [{ "name": "prefers-color-scheme", "value": look.theme }] }),
            )
            .await?;
        Ok(browser)
    }

    /// Goes to a page of the console.
    pub async fn go_to(&self, path: &str) -> Result<()> {
        Ok(self.client.goto(&format!("{}{path}", self.console)).await?)
    }

    /// Reloads the page.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.client.refresh().await?)
    }

    /// Waits for an element.
    pub async fn sees(&self, css: &str) -> Result<Element> {
        eventually(&format!("the page shows {css}"), async || Ok(self.client.find(Locator::Css(css)).await?)).await
    }

    /// Waits until an element is gone.
    pub async fn goes_away(&self, css: &str) -> Result<()> {
        eventually(&format!("{css} goes away"), async || {
            ensure!(!self.shows(css).await, "it is there");
            Ok(())
        })
        .await
    }

    /// Whether an element is there now.
    pub async fn shows(&self, css: &str) -> bool {
        self.client.find(Locator::Css(css)).await.is_ok()
    }

    /// Waits for a text anywhere on the page.
    pub async fn reads(&self, text: &str) -> Result<()> {
        eventually(&format!("the page says {text:?}"), async || {
            let page = self.client.find(Locator::Css("body")).await?.text().await?;
            let beginning: String = page.chars().take(600).collect();
            ensure!(page.contains(text), "it says {beginning:?}");
            Ok(())
        })
        .await
    }

    /// Presses the enabled button with exactly this name. Where a dialog is open, the button is in the dialog.
    pub async fn presses(&self, name: &str) -> Result<()> {
        let within = "[ancestor::dialog[@open] or not(//dialog[@open])]";
        let button =
            format!("//button[normalize-space(.)='{name}' and not(@disabled) and not(@aria-disabled='true')]{within}");
        eventually(&format!("the button {name:?} can be pressed"), async || {
            Ok(self.client.find(Locator::XPath(&button)).await?.click().await?)
        })
        .await
    }

    /// Follows a link within the console, which loads no page anew.
    pub async fn follows_link(&self, name: &str) -> Result<()> {
        Ok(self.client.find(Locator::LinkText(name)).await?.click().await?)
    }

    /// Types into the field with this label in the open dialog, or on the page where none is open.
    pub async fn types(&self, label: &str, text: &str) -> Result<()> {
        let field = format!(
            "//*[self::input or self::textarea][@id=//label[starts-with(normalize-space(.), \"{label}\")]/@for]\
             [ancestor::dialog[@open] or not(//dialog[@open])]"
        );
        eventually(&format!("the field {label:?} can be typed into"), async || {
            Ok(self.client.find(Locator::XPath(&field)).await?.send_keys(text).await?)
        })
        .await
    }

    /// What the page's scripts complained of.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        let log = self.client.issue_cmd(BrowserLog).await?;
        let entries = log.as_array().cloned().unwrap_or_default();
        let is_complaint = |entry: &&Value| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING"));
        Ok(entries.iter().filter(is_complaint).map(|entry| entry["message"].to_string()).collect())
    }

    /// How long after its navigation began the page showed its first rows, in milliseconds, by the page's own clock.
    pub async fn interactive_after(&self) -> Result<f64> {
        self.client.execute("return performance.now()", Vec::new()).await?.as_f64().context("a number")
    }

    /// Whether the page can be moved sideways, which it should not.
    pub async fn overflows(&self) -> Result<bool> {
        let script = "return document.documentElement.scrollWidth > document.documentElement.clientWidth + 1";
        Ok(self.client.execute(script, Vec::new()).await? == Value::Bool(true))
    }

    /// Keeps a picture of the whole page; where it is.
    pub async fn keeps_screen(&self, name: &str) -> Result<PathBuf> {
        let file = self.screens.join(format!("{name}.png"));
        let picture = self.devtools("Page.captureScreenshot", json!({ "captureBeyondViewport": true })).await?;
        let data = picture["data"].as_str().context("a picture")?;
        write_base64(&file, data).await?;
        Ok(file)
    }

    /// Keeps what the page offers for download in this folder from now on.
    pub async fn downloads_to(&self, folder: &Path) -> Result<()> {
        tokio::fs::create_dir_all(folder).await?;
        let parameters = json!({ "behavior": "allow", "downloadPath": folder });
        self.devtools("Browser.setDownloadBehavior", parameters).await.map(drop)
    }

    /// Closes the window.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        Ok(self.client.issue_cmd(DevTools { command: command.to_owned(), parameters }).await?)
    }
}

async fn write_base64(file: &Path, data: &str) -> Result<()> {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::STANDARD.decode(data)?;
    Ok(tokio::fs::write(file, bytes).await?)
}

/// ChromeDriver's own command for the DevTools protocol.
#[derive(Debug)]
struct DevTools {
    command: String,
    parameters: Value,
}

/// ChromeDriver's own command for the messages of the page's console.
#[derive(Debug)]
struct BrowserLog;

fn session_url(base: &url::Url, session: Option<&str>, rest: &str) -> Result<url::Url, url::ParseError> {
    base.join(&format!("session/{}/{rest}", session.unwrap_or_default()))
}

impl fantoccini::wd::WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        session_url(base, session, "goog/cdp/execute")
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "cmd": self.command, "params": self.parameters }).to_string()))
    }
}

impl fantoccini::wd::WebDriverCompatibleCommand for BrowserLog {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        session_url(base, session, "se/log")
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}
