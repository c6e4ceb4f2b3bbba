//! Revoked is revoked at once, and the receipt says how that is known, or that it is not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use aws::Transport;
use aws::dynamodb::{AttributeValue, get_item, put_item};
use aws::iot::{describe_certificate, list_attached_policies, list_principal_things};
use aws::tables::provisioned_vehicles;
use edge::{Deployment, answer};
use libtest_mimic::Trial;
use shared::api::{CertificateAction, Done, ReceiptsPage, Route};
use shared::{CertificateId, CertificateStatus, Receipt, ReceiptOutcome, SignedDuration, StepOutcome};
use stories::{Browser, Device, Dying, Look, Refusing, World, eventually};

use crate::Teller;

/// How soon a vehicle is off the air after the operator asked for it. AWS IoT by itself, and its stand-in, take far longer.
const AT_ONCE: Duration = Duration::from_secs(8);

/// More calls than a revocation makes.
const MOST_CALLS: usize = 45;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![
        teller.fact("a_revoked_vehicle_is_cut_off_at_once_and_the_receipt_proves_it", our_vehicle_is_cut_off),
        teller.fact("a_device_of_the_aws_sdk_on_hold_is_cut_off_and_comes_back_when_released", sdk_device_is_cut_off),
        teller.fact("an_operator_sees_the_proof_and_keeps_the_receipt", the_receipt_is_shown),
        teller.fact("where_the_connection_may_not_be_cut_the_receipt_says_so", cutting_refused),
        teller.fact("where_the_connection_cannot_be_asked_about_the_receipt_says_so", asking_refused),
        teller.fact("a_revocation_whose_worker_died_says_so_and_is_finished_by_repeating_it", the_worker_dies),
        teller.fact("a_revoked_certificate_is_deleted_in_the_end_and_who_and_why_stays_known", removed_in_the_end),
    ]
}

async fn our_vehicle_is_cut_off(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let identity = world.provisioned(&vin).await?;
    let id = CertificateId::try_from(identity.certificate_id.to_string())?;
    let session = vehicle::connect_and_report(&world.mqtt()?, &identity).await?;
    let on_the_air = tokio::spawn(session.stay_until(std::future::pending()));
    let asked = Instant::now();
    let done = world.api.act(&vin, &id, CertificateAction::Revoke).await??;
    let ended = tokio::time::timeout(AT_ONCE, on_the_air).await.context("it is still connected")??;
    let after = asked.elapsed();
    ensure!(ended.is_err() && after < AT_ONCE, "it left by itself, or after {after:?}");
    eprintln!("[stories] the revoked vehicle was off the air {after:?} after the operator asked");
    ensure!(vehicle::report_active(&world.mqtt()?, &identity).await.is_err(), "it could connect again");

    let receipt = *done.receipt.context("no receipt")?;
    ensure!(receipt.outcome == ReceiptOutcome::Proven, "{receipt:?}");
    says(&receipt, "make sure that Vehicle_", StepOutcome::Done, "not connected since 20")?;
    says(&receipt, "make sure that Vehicle_", StepOutcome::Done, "(API_INITIATED_DISCONNECT), asked at 20")?;
    says(&receipt, "make sure that AWS IoT refuses", StepOutcome::Done, "reported REVOKED at 20")?;
    ensure!(receipt.steps.iter().all(|step| step.at >= receipt.began_at), "{receipt:?}");
    is_kept(&world, &vin, &receipt).await?;
    let described = describe_certificate(&world.administrator, &id).await?.context("it is gone already")?;
    ensure!(list_principal_things(&world.administrator, &described.arn).await?.is_empty(), "its thing still has it");
    ensure!(list_attached_policies(&world.administrator, &described.arn).await?.is_empty(), "a policy still has it");
    Ok(())
}

async fn sdk_device_is_cut_off(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let device = Device::new(&world, &vin);
    let id = CertificateId::try_from(device.provision().await?.map_err(rejected)?)?;
    world.becomes(&vin, &id, CertificateStatus::Active).await?;
    let mut connected = device.stay_connected().await?;
    let hold = world.api.act(&vin, &id, CertificateAction::Hold).await??.receipt.context("no receipt")?;
    tokio::time::timeout(AT_ONCE, connected.is_cut_off()).await.context("it is still connected")??;
    says(&hold, "make sure that Vehicle_", StepOutcome::Done, "not connected since 20")?;
    says(&hold, "make sure that AWS IoT refuses", StepOutcome::Done, "reported INACTIVE at 20")?;
    ensure!(device.connect().await?.is_err(), "it could connect while on hold");
    let release = world.api.act(&vin, &id, CertificateAction::Release).await??.receipt.context("no receipt")?;
    ensure!(release.outcome == ReceiptOutcome::Proven, "{release:?}");
    device.connect().await?.map_err(rejected)?;
    let receipts = receipts_of(&world, &vin).await?;
    let actions: Vec<_> = receipts.iter().map(|receipt| receipt.action).collect();
    ensure!(actions == [CertificateAction::Release, CertificateAction::Hold], "{actions:?}");
    Ok(())
}

async fn the_receipt_is_shown(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let device = Device::new(&world, &vin);
    let id = CertificateId::try_from(device.provision().await?.map_err(rejected)?)?;
    world.becomes(&vin, &id, CertificateStatus::Active).await?;
    let mut connected = device.stay_connected().await?;
    let browser = Browser::open(&world, Look::ALL[0]).await?;
    let downloads = world.folder.join("downloads");
    browser.downloads_to(&downloads).await?;
    browser.go_to(&format!("/vehicles/{vin}")).await?;
    browser.presses("Revoke").await?;
    browser.types("Reason", "reported stolen").await?;
    browser.types("Last 6 characters", &vin[vin.len() - 6..]).await?;
    browser.presses("Revoke certificate").await?;
    browser.sees("[data-testid='receipt'] .step[data-outcome='done']").await?;
    browser.reads("API_INITIATED_DISCONNECT").await?;
    connected.is_cut_off().await?;
    browser.keeps_screen("revoking-receipt-wide-light").await?;
    browser.presses("Download receipt").await?;
    let kept = receipts_of(&world, &vin).await?.into_iter().next().context("no receipt is stored")?;
    let file = downloads.join(format!("receipt-{vin}-{}.json", format!("{:.0}", kept.began_at).replace(':', "-")));
    let downloaded = eventually("the receipt is downloaded", async || {
        Ok(serde_json::from_slice::<Receipt>(&tokio::fs::read(&file).await?)?)
    })
    .await?;
    ensure!(downloaded == kept, "the file says {downloaded:?}, the table {kept:?}");
    browser.sees("[data-receipt='proven']").await?;
    ensure!(browser.complaints().await?.is_empty(), "the page complained");
    browser.close().await?;
    for look in Look::ALL {
        let browser = Browser::open(&world, look).await?;
        browser.go_to(&format!("/vehicles/{vin}")).await?;
        browser.sees("[data-receipt='proven'] summary").await?.click().await?;
        browser.reads("API_INITIATED_DISCONNECT").await?;
        browser.keeps_screen(&format!("revoking-receipts-{}", look.name)).await?;
        ensure!(!browser.overflows().await?, "the page is wider than the window ({})", look.name);
        browser.close().await?;
    }
    Ok(())
}

async fn cutting_refused(world: Arc<World>) -> Result<()> {
    let cuts = |request: &http::Request<Vec<u8>>| {
        request.method() == http::Method::DELETE && request.uri().path().starts_with("/connections/")
    };
    let (vin, id, receipt) = revoked_over(&world, cuts).await?;
    says(&receipt, "cut the live connection", StepOutcome::NotProven, "AWS IoT ends it by itself within minutes")?;
    ensure!(receipt.outcome == ReceiptOutcome::NotProven, "{receipt:?}");
    says(&receipt, "make sure that AWS IoT refuses", StepOutcome::Done, "reported REVOKED at 20")?;
    ensure!(receipt.conclusion.contains("Not proven: "), "{receipt:?}");
    is_kept(&world, &vin, &receipt).await?;
    world.becomes(&vin, &id, CertificateStatus::Revoked).await
}

async fn asking_refused(world: Arc<World>) -> Result<()> {
    let asks = |request: &http::Request<Vec<u8>>| {
        request.method() == http::Method::GET && request.uri().path().starts_with("/connections/")
    };
    let (vin, id, receipt) = revoked_over(&world, asks).await?;
    says(&receipt, "make sure that Vehicle_", StepOutcome::NotProven, "AWS IoT did not say whether Vehicle_")?;
    says(&receipt, "make sure that Vehicle_", StepOutcome::NotProven, "within minutes and refuses new ones")?;
    ensure!(receipt.outcome == ReceiptOutcome::NotProven, "{receipt:?}");
    is_kept(&world, &vin, &receipt).await?;
    world.becomes(&vin, &id, CertificateStatus::Revoked).await
}

/// A connected vehicle, revoked by an edge that may not do everything.
async fn revoked_over(
    world: &World,
    refused: fn(&http::Request<Vec<u8>>) -> bool,
) -> Result<(String, CertificateId, Receipt)> {
    let vin = world.authorized_vin().await?;
    let identity = world.provisioned(&vin).await?;
    let id = CertificateId::try_from(identity.certificate_id.to_string())?;
    let _session = vehicle::connect_and_report(&world.mqtt()?, &identity).await?;
    let edge = world.edge(Refusing::new(refused), &world.tables(&world.attempts_table().await?))?;
    let done = revoke_at(&edge, &vin, &id).await?;
    Ok((vin, id, *done.receipt.context("no receipt")?))
}

/// Lets the Worker die before its first call, its second, and so on until it lives to the end.
async fn the_worker_dies(world: Arc<World>) -> Result<()> {
    let tables = world.tables(&world.attempts_table().await?);
    let mut interrupted = 0;
    for calls in 0..MOST_CALLS {
        let vin = world.authorized_vin().await?;
        let id = CertificateId::try_from(world.provisioned(&vin).await?.certificate_id.to_string())?;
        let edge = world.edge(Dying::after(calls), &tables)?;
        let lived = tokio::select! {
            done = revoke_at(&edge, &vin, &id) => Some(done?),
            () = edge.aws.transport.death() => None,
        };
        let before = receipts_of(&world, &vin).await?;
        let status = world.api.vehicle(&vin).await?.certificates[0].record.certificate_status;
        if lived.is_some() {
            ensure!(interrupted > 5, "only {interrupted} deaths left a receipt");
            return Ok(());
        }
        match before.as_slice() {
            [] => ensure!(status == CertificateStatus::Active, "call {calls}: something was done without a receipt"),
            [receipt] => {
                interrupted += 1;
                ensure!(receipt.outcome == ReceiptOutcome::Interrupted, "call {calls}: {receipt:?}");
                ensure!(receipt.conclusion.contains("Repeat the action"), "call {calls}: {receipt:?}");
            }
            several => anyhow::bail!("call {calls}: one action has {} receipts", several.len()),
        }
        let repeated = world.api.act(&vin, &id, CertificateAction::Revoke).await?;
        let repeated = repeated.with_context(|| format!("call {calls}: it cannot be repeated"))?;
        let receipt = repeated.receipt.context("no receipt")?;
        ensure!(receipt.outcome == ReceiptOutcome::Proven, "call {calls}: {receipt:?}");
        let certificate = &world.api.vehicle(&vin).await?.certificates[0];
        ensure!(certificate.record.certificate_status == CertificateStatus::Revoked, "call {calls}: {certificate:?}");
        let described = describe_certificate(&world.administrator, &id).await?.context("it is gone")?;
        ensure!(described.status == Some(CertificateStatus::Revoked), "call {calls}: {described:?}");
        let things = list_principal_things(&world.administrator, &described.arn).await?;
        ensure!(things.is_empty(), "call {calls}: {things:?} still has it");
    }
    anyhow::bail!("the revocation makes more calls than expected")
}

/// A row that was revoked longer ago than certificates are kept, and one that was revoked today.
async fn removed_in_the_end(world: Arc<World>) -> Result<()> {
    let old = revoked_vehicle(&world).await?;
    let young = revoked_vehicle(&world).await?;
    let days = SignedDuration::from_hours(24);
    seems_revoked_before(&world, &old, 31 * days).await?;
    seems_revoked_before(&world, &young, 29 * days).await?;
    let before = world.api.vehicle(&old.0).await?.certificates[0].record.clone();
    for _ in 0..2 {
        aws::lambda::invoke(&world.administrator, "cms-housekeeping", &serde_json::json!({})).await?;
        ensure!(describe_certificate(&world.administrator, &old.1).await?.is_none(), "AWS IoT still has the old one");
        let record = world.api.vehicle(&old.0).await?.certificates[0].record.clone();
        ensure!(record.certificate_status == CertificateStatus::Deleted, "{record:?}");
        ensure!(record.retirement == before.retirement, "{record:?}");
        let described = describe_certificate(&world.administrator, &young.1).await?.context("the young one is gone")?;
        ensure!(described.status == Some(CertificateStatus::Revoked), "{described:?}");
        world.becomes(&young.0, &young.1, CertificateStatus::Revoked).await?;
    }
    world.api.authorize(&old.0).await?;
    ensure!(world.provision(&old.0).await.is_err(), "a vehicle whose certificate was revoked and deleted got in");
    Ok(())
}

async fn revoked_vehicle(world: &World) -> Result<(String, CertificateId)> {
    let vin = world.authorized_vin().await?;
    let id = CertificateId::try_from(world.provisioned(&vin).await?.certificate_id.to_string())?;
    world.api.act(&vin, &id, CertificateAction::Revoke).await??;
    Ok((vin, id))
}

/// Writes into its row that it was revoked so long ago.
async fn seems_revoked_before(world: &World, (vin, id): &(String, CertificateId), age: SignedDuration) -> Result<()> {
    let key = provisioned_vehicles::key(&vin.clone().try_into()?, id);
    let table = &world.stack.provisioned_vehicles_table;
    let mut row = get_item(&world.administrator, table, key).await?.context("no row")?;
    let at = world.administrator.now().checked_sub(age)?;
    let Some(AttributeValue::M { m }) = row.get_mut("retirement") else { anyhow::bail!("no retirement: {row:?}") };
    m.insert("at".to_owned(), at.to_string().into());
    Ok(put_item(&world.administrator, table, row, None).await?)
}

async fn revoke_at<T: Transport>(edge: &Deployment<T>, vin: &str, id: &CertificateId) -> Result<Done> {
    let path = Route::Certificate(vin.to_owned(), id.clone(), CertificateAction::Revoke).path();
    let body = br#"{"reason":"reported stolen"}"#.to_vec();
    let request = http::Request::post(path).header("content-type", "application/json").body(body)?;
    let response = answer(edge, request).await;
    let said = String::from_utf8_lossy(response.body());
    ensure!(response.status().is_success(), "it was answered {}: {said}", response.status());
    Ok(serde_json::from_slice(response.body())?)
}

async fn receipts_of(world: &World, vin: &str) -> Result<Vec<Receipt>> {
    let page: ReceiptsPage = world.api.read(&Route::Receipts(vin.to_owned(), None)).await??;
    ensure!(page.unreadable.is_empty(), "{:?}", page.unreadable);
    Ok(page.receipts)
}

/// The receipt is stored as it was answered, and shown wherever it is asked for.
async fn is_kept(world: &World, vin: &str, receipt: &Receipt) -> Result<()> {
    let one: Receipt = world.api.read(&Route::Receipt(vin.to_owned(), receipt.receipt_id.clone())).await??;
    ensure!(one == *receipt, "stored is {one:?}, answered was {receipt:?}");
    ensure!(receipts_of(world, vin).await? == std::slice::from_ref(&one));
    ensure!(world.api.vehicle(vin).await?.receipts == [one]);
    Ok(())
}

/// The receipt has a step that begins so, with this outcome and these words.
fn says(receipt: &Receipt, what: &str, outcome: StepOutcome, words: &str) -> Result<()> {
    let step = receipt.steps.iter().find(|step| step.what.starts_with(what));
    let step = step.with_context(|| format!("no step begins with {what:?}: {receipt:?}"))?;
    let proof = step.proof.as_deref().unwrap_or_default();
    ensure!(step.outcome == outcome && proof.contains(words), "{step:?} does not say {words:?}");
    Ok(())
}

fn rejected(rejection: serde_json::Value) -> anyhow::Error {
    anyhow::anyhow!("the device was rejected: {rejection}")
}
