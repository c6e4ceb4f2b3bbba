//! From the claim certificate to the revocation and back.

use std::sync::Arc;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use shared::CertificateStatus;
use stories::{Browser, Device, Look, World, eventually};

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![teller.fact("a_vehicle_provisions_itself_and_an_operator_stops_it_and_lets_it_back", the_whole_line)]
}

async fn the_whole_line(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let device = Device::new(&world, &vin);
    let browser = Browser::open(&world, Look::ALL[0]).await?;
    let told = tell(&world, &vin, &device, &browser).await;
    let screen = browser.keeps_screen("whole-line-end").await?;
    if told.is_err() {
        eprintln!("[stories] the page as it was left: {}", screen.display());
    }
    browser.close().await?;
    told
}

async fn tell(world: &World, vin: &str, device: &Device<'_>, browser: &Browser) -> Result<()> {
    let first = device.provision().await?.map_err(rejected)?;
    device.connect().await?.map_err(rejected)?;
    browser.go_to(&format!("/vehicles/{vin}")).await?;
    shows_connected_with(browser, &first).await?;
    browser.keeps_screen("whole-line-1-connected").await?;

    browser.presses("Revoke").await?;
    browser.types("Reason", "reported stolen").await?;
    browser.types("Last 6 characters", &vin[vin.len() - 6..]).await?;
    browser.keeps_screen("whole-line-2-revoke-dialog").await?;
    browser.presses("Revoke certificate").await?;
    browser.sees(&format!("[data-certificate-id='{first}'][data-status='REVOKED']")).await?;
    browser.keeps_screen("whole-line-3-revoked").await?;
    ensure!(device.connect().await?.is_err(), "it could still connect with the revoked certificate");
    let denied = device.provision().await?.err();
    ensure!(denied.is_some_and(|denied| denied["errorCode"] == "AccessDenied"), "it could provision itself again");
    browser.reload().await?;
    browser.sees("[data-testid='vehicle-standing'][data-standing='revoked']").await?;
    browser.reads("The vehicle was revoked").await?;
    browser.keeps_screen("whole-line-4-denied").await?;

    browser.presses("Reprovision").await?;
    browser.types("Reason", "found again, new control unit").await?;
    browser.keeps_screen("whole-line-5-reprovision-dialog").await?;
    browser.presses("Open ticket").await?;
    browser.sees("[data-testid='vehicle-standing'][data-standing='awaiting-reprovision']").await?;
    let second = device.provision().await?.map_err(rejected)?;
    device.connect().await?.map_err(rejected)?;
    browser.reload().await?;
    shows_connected_with(browser, &second).await?;
    exactly_one_certificate_is_active(world, vin, &second).await?;
    let complaints = browser.complaints().await?;
    ensure!(complaints.is_empty(), "the page complained: {complaints:?}");
    Ok(())
}

async fn shows_connected_with(browser: &Browser, certificate_id: &str) -> Result<()> {
    let connected = "[data-testid='vehicle-standing'][data-standing='connected']";
    eventually("the page shows the vehicle connected", async || {
        browser.reload().await?;
        browser.sees("[data-testid='vehicle-standing']").await?;
        ensure!(browser.shows(connected).await, "not yet");
        Ok(())
    })
    .await?;
    browser.sees(&format!("[data-certificate-id='{certificate_id}'][data-status='ACTIVE']")).await?;
    Ok(())
}

async fn exactly_one_certificate_is_active(world: &World, vin: &str, id: &str) -> Result<()> {
    let details = world.api.vehicle(vin).await?;
    let active: Vec<_> = details
        .certificates
        .iter()
        .filter(|certificate| certificate.reported_status == Some(CertificateStatus::Active))
        .map(|certificate| certificate.record.certificate_id.as_str())
        .collect();
    ensure!(active == [id], "AWS IoT has these active: {active:?}");
    let certificate = &details.certificates[0];
    ensure!(certificate.valid_from < certificate.valid_until, "its validity is not shown: {certificate:?}");
    let recorded = details.certificates.iter().filter(|it| it.record.certificate_status == CertificateStatus::Active);
    ensure!(recorded.count() == 1, "the tables disagree: {:?}", details.certificates);
    Ok(())
}

fn rejected(rejection: serde_json::Value) -> anyhow::Error {
    anyhow::anyhow!("the device was rejected: {rejection}")
}
