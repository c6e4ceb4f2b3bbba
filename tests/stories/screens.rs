//! Every page, wide and narrow, light and dark. Of the module before, operators saw nothing (its weakness 10).

use std::sync::Arc;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use stories::{Browser, Look, World};

use crate::Teller;

/// Pages, and what each shows when it is there. The vehicles are those of the demo fleet.
const PAGES: [(&str, &str, &str); 7] = [
    ("vehicles", "/", "NW1E3CA25R1000017"),
    ("vehicle-connected", "/vehicles/NW1E3CA25R1000017", "NW1E3CA25R1000017"),
    ("vehicle-revoked", "/vehicles/NW1E3CA25R1000109", "The vehicle was revoked"),
    ("vehicle-denied", "/vehicles/XX9Z9ZZ99X9000093", "Nobody authorized this VIN"),
    ("claims", "/claims", "Claim certificates"),
    ("attempts", "/attempts?outcome=PROVISIONING_NOT_ALLOWED", "NW1E3CA25R1000086"),
    ("not-found", "/nothing/here", "nothing"),
];

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    Look::ALL
        .into_iter()
        .map(|look| {
            let name = format!("every_page_shows_itself_without_complaint::{}", look.name);
            teller.fact(&name, move |world| every_page(world, look))
        })
        .collect()
}

async fn every_page(world: Arc<World>, look: Look) -> Result<()> {
    let browser = Browser::open(&world, look).await?;
    for (name, path, shows) in PAGES {
        browser.go_to(path).await?;
        browser.reads(shows).await?;
        browser.keeps_screen(&format!("{name}-{}", look.name)).await?;
        ensure!(!browser.overflows().await?, "{path} is wider than the window ({})", look.name);
        let complaints = browser.complaints().await?;
        ensure!(complaints.is_empty(), "{path} complained: {complaints:?}");
    }
    browser.close().await
}
