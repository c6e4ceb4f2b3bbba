//! An operator issues certificates and keeps authorities in a real browser; the files that come out of it really connect.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use shared::{AttemptOutcome, CertificateStatus};
use stories::{Browser, Device, Look, PrivateAuthority, World, eventually, signing_request};

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    let mut facts = vec![
        teller.fact("in_a_browser_keys_from_aws_are_downloaded_once_and_connect", keys_by_aws),
        teller.fact("in_a_browser_keys_that_it_made_are_downloaded_once_and_connect", keys_here),
        teller.fact("in_a_browser_a_request_is_pasted_and_a_private_key_is_not_taken", request),
        teller.fact("in_a_browser_a_certificate_is_chosen_as_a_file", certificate),
        teller.fact("in_a_browser_an_authority_is_registered_and_deactivated", authority),
    ];
    facts.extend(Look::ALL.into_iter().map(|look| {
        let name = format!("issuing_and_authorities_show_themselves_without_complaint::{}", look.name);
        teller.fact(&name, move |world| screens(world, look))
    }));
    facts
}

/// Opens the page on which a certificate is issued to a new vehicle, as an operator gets there.
async fn at_the_form(world: &World) -> Result<(Browser, String)> {
    let vin = world.authorized_vin().await?;
    let browser = Browser::open(world, Look::ALL[0]).await?;
    browser.downloads_to(&world.folder.join("downloads").join(&vin)).await?;
    browser.go_to(&format!("/vehicles/{vin}")).await?;
    browser.presses("Issue a certificate").await?;
    browser.reads("Before you issue").await?;
    Ok((browser, vin))
}

async fn choose(browser: &Browser, way: &str) -> Result<()> {
    Ok(browser.sees(&format!("input[value='{way}']")).await?.click().await?)
}

async fn confirm(browser: &Browser) -> Result<()> {
    browser.types("Reason", "A new telematics unit").await?;
    browser.presses("Issue certificate").await
}

/// A file that the browser downloaded.
async fn downloaded(folder: &Path, name: &str) -> Result<String> {
    eventually(&format!("{name} is downloaded"), async || {
        let text = std::fs::read_to_string(folder.join(name))?;
        ensure!(text.contains("-----END"), "it is not whole");
        Ok(text)
    })
    .await
}

/// The device SDK connects with what was handed over.
async fn connects(world: &World, vin: &str, certificate: &str, private_key: &str) -> Result<()> {
    let id = pki::Certificate::parse(certificate)?.id().clone();
    let device = Device::new(world, vin);
    device.takes(id.as_str(), certificate, private_key)?;
    device.connect().await?.map_err(|rejection| anyhow::anyhow!("{rejection}"))?;
    world.becomes(vin, &id, CertificateStatus::Active).await
}

/// Takes both files of the dialog, after trying to leave without.
async fn take_both(world: &World, browser: &Browser, vin: &str) -> Result<()> {
    browser.sees("[data-testid='handover']").await?;
    browser.presses("Close").await?;
    browser.reads("gone for good").await?;
    browser.keeps_screen(&format!("handover-{vin}")).await?;
    browser.presses("Download private key").await?;
    browser.presses("Download certificate").await?;
    let folder = world.folder.join("downloads").join(vin);
    let private_key = downloaded(&folder, &format!("{vin}.private.key")).await?;
    let certificate = downloaded(&folder, &format!("{vin}.certificate.pem")).await?;
    browser.presses("Close").await?;
    browser.goes_away("[data-testid='handover']").await?;
    browser.reads("Certificate issued").await?;
    connects(world, vin, &certificate, &private_key).await?;
    // The page says now that there is nothing more to issue.
    browser.reload().await?;
    browser.sees("[data-testid='issue-refused']").await?;
    let complaints = browser.complaints().await?;
    ensure!(complaints.is_empty(), "{complaints:?}");
    Ok(())
}

async fn keys_by_aws(world: Arc<World>) -> Result<()> {
    let (browser, vin) = at_the_form(&world).await?;
    choose(&browser, "keys-by-aws").await?;
    confirm(&browser).await?;
    take_both(&world, &browser, &vin).await?;
    browser.close().await
}

async fn keys_here(world: Arc<World>) -> Result<()> {
    let (browser, vin) = at_the_form(&world).await?;
    choose(&browser, "keys-here").await?;
    confirm(&browser).await?;
    take_both(&world, &browser, &vin).await?;
    browser.close().await
}

async fn request(world: Arc<World>) -> Result<()> {
    let (browser, vin) = at_the_form(&world).await?;
    let request = signing_request(&vin)?;
    choose(&browser, "request").await?;
    browser.types("Signing request", &request.private_key).await?;
    browser.reads("It was not taken").await?;
    let attempts = world.api.vehicle(&vin).await?.attempts;
    ensure!(attempts.is_empty(), "something was sent: {attempts:?}");
    // Another vehicle's request is refused by the edge, and nothing that was typed is lost.
    browser.types("Signing request", &signing_request(&world.new_vin())?.certificate).await?;
    confirm(&browser).await?;
    browser.reads("choose the vehicle it was made for").await?;
    browser.keeps_screen("issue-refused-request").await?;
    let field = browser.sees("form textarea").await?;
    field.clear().await?;
    browser.types("Signing request", &request.certificate).await?;
    browser.presses("Issue certificate").await?;
    browser.sees("[data-testid='handover']").await?;
    browser.presses("Download certificate").await?;
    let folder = world.folder.join("downloads").join(&vin);
    let certificate = downloaded(&folder, &format!("{vin}.certificate.pem")).await?;
    browser.presses("Close").await?;
    connects(&world, &vin, &certificate, &request.private_key).await?;
    browser.close().await
}

async fn certificate(world: Arc<World>) -> Result<()> {
    let (browser, vin) = at_the_form(&world).await?;
    let signed = PrivateAuthority::new("A third party")?.signs(&vin)?;
    let der = world.folder.join(format!("{vin}.der"));
    std::fs::write(&der, pki_der(&signed.certificate)?)?;
    choose(&browser, "certificate").await?;
    let file = browser.sees("form div:not([hidden]) > .field.pem input[type='file']").await?;
    file.send_keys(der.to_str().context("a path in UTF-8")?).await?;
    confirm(&browser).await?;
    browser.reads("Certificate issued").await?;
    connects(&world, &vin, &signed.certificate, &signed.private_key).await?;
    let attempts = world.api.vehicle(&vin).await?.attempts;
    ensure!(attempts.iter().any(|attempt| attempt.outcome == AttemptOutcome::Allowed), "{attempts:?}");
    browser.close().await
}

/// The certificate in binary.
fn pki_der(pem: &str) -> Result<Vec<u8>> {
    use base64::Engine;
    let digits: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    Ok(base64::engine::general_purpose::STANDARD.decode(digits)?)
}

async fn authority(world: Arc<World>) -> Result<()> {
    let authority = PrivateAuthority::new("A CA registered in a browser")?;
    let code = world.api.authorities().await?.registration_code;
    let browser = Browser::open(&world, Look::ALL[0]).await?;
    browser.go_to("/authorities").await?;
    browser.presses("Register an authority").await?;
    browser.reads(&code).await?;
    browser.types("CA certificate", authority.pem()).await?;
    browser.types("Proof of possession", &authority.signs("another code")?.certificate).await?;
    browser.types("Reason", "The CA of our plants").await?;
    browser.presses("Register authority").await?;
    browser.reads("instead of this account's registration code").await?;
    browser.keeps_screen("register-authority-refused").await?;
    browser.sees(".proof textarea").await?.clear().await?;
    browser.types("Proof of possession", &authority.signs(&code)?.certificate).await?;
    browser.presses("Register authority").await?;
    browser.reads("Authority registered").await?;
    browser.reads("A CA registered in a browser").await?;
    let id = pki::Certificate::parse(authority.pem())?.id().clone();
    let card = format!("[data-authority-id='{id}']");
    let buttons = browser.sees(&format!("{card} .buttons button")).await?;
    ensure!(buttons.text().await? == "Deactivate");
    buttons.click().await?;
    browser.reads("keep working: revoke those that must not").await?;
    browser.types("Reason", "The plant was closed").await?;
    browser.keeps_screen("deactivate-authority").await?;
    browser.presses("Deactivate authority").await?;
    browser.reads("Authority deactivated").await?;
    browser.reads("The plant was closed").await?;
    let listed = world.api.authorities().await?.authorities;
    ensure!(listed.iter().any(|listed| listed.id.0 == id && !listed.active), "{listed:?}");
    browser.close().await
}

async fn screens(world: Arc<World>, look: Look) -> Result<()> {
    let (vin, live) = (world.authorized_vin().await?, world.authorized_vin().await?);
    world.provisioned(&live).await?;
    let browser = Browser::open(&world, look).await?;
    let keep = async |name: &str| {
        browser.keeps_screen(&format!("{name}-{}", look.name)).await?;
        ensure!(!browser.overflows().await?, "{name} is wider than the window ({})", look.name);
        let complaints = browser.complaints().await?;
        ensure!(complaints.is_empty(), "{name} complained: {complaints:?}");
        anyhow::Ok(())
    };
    for (name, vin) in [("issue", &vin), ("issue-not-possible", &live)] {
        browser.go_to(&format!("/vehicles/{vin}/issue")).await?;
        browser.reads("Before you issue").await?;
        keep(name).await?;
    }
    browser.go_to(&format!("/vehicles/{vin}/issue")).await?;
    choose(&browser, "request").await?;
    browser.types("Signing request", &signing_request(&vin)?.private_key).await?;
    browser.reads("It was not taken").await?;
    keep("issue-private-key").await?;
    browser.go_to(&format!("/vehicles/{vin}")).await?;
    browser.reads("Issue a certificate").await?;
    keep("vehicle-authorized").await?;
    browser.go_to("/authorities").await?;
    browser.reads("An authority is a CA certificate").await?;
    keep("authorities").await?;
    browser.presses("Register an authority").await?;
    browser.reads("openssl").await?;
    keep("register-authority").await?;
    browser.close().await
}
