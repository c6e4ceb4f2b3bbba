//! Who gets in, and under which name.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use aws::dynamodb::{Item, put_item};
use libtest_mimic::Trial;
use serde_json::json;
use shared::{AttemptOutcome, CertificateId, CertificateStatus, DenialReason, VehicleStanding};
use stories::{World, eventually, text, truth};
use vehicle::{ClientId, ProvisioningRequest, TemplateName, VehicleError};

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![
        teller.fact("a_vin_has_one_spelling_however_a_vehicle_writes_it", one_spelling),
        teller.fact("a_denied_attempt_changes_nothing_for_the_live_vehicle_and_is_kept", a_denied_attempt),
        teller.fact("an_unknown_vin_and_a_malformed_one_are_denied_and_kept_with_their_reason", unknown_and_malformed),
        teller.fact("a_ticket_lets_one_certificate_in_and_an_expired_one_none", tickets),
        teller.fact("a_ticket_works_though_the_event_of_the_registration_was_lost", a_lost_event),
        teller.fact("a_half_empty_row_does_not_lock_its_vehicle_out", a_half_empty_row),
        teller.fact("a_vehicle_that_reports_for_another_one_changes_nothing", reporting_for_another),
        teller.fact("two_devices_with_one_vin_never_stay_active_together", two_devices),
        teller.fact("whoever_has_the_claim_cannot_push_a_vehicle_off_its_connection", claiming_as_a_vehicle),
        teller.fact("a_certificate_speaks_for_one_vehicle", one_vehicle_per_certificate),
        teller.fact("what_iot_core_never_sends_is_denied_and_kept", impossible_events),
    ]
}

fn denied(result: Result<vehicle::Identity>) -> Result<()> {
    match result {
        Ok(_) => anyhow::bail!("it was let in"),
        Err(error) if matches!(error.downcast_ref(), Some(VehicleError::ProvisioningDenied { .. })) => Ok(()),
        Err(error) => Err(error.context("it was not denied but failed")),
    }
}

async fn last_reason(world: &World, vin: &str) -> Result<AttemptOutcome> {
    Ok(world.api.vehicle(vin).await?.attempts.first().context("no attempt is on record")?.outcome)
}

async fn one_spelling(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let written = format!(" {}-{} ", vin[..5].to_lowercase(), &vin[5..]);
    let identity = world.provisioned(&written).await?;
    ensure!(identity.thing_name == format!("Vehicle_{vin}"), "the thing is {}", identity.thing_name);
    vehicle::report_active(&world.mqtt()?, &identity).await?;
    eventually("the vehicle is connected under its one spelling", async || {
        let standing = world.api.vehicle(&vin).await?.standing;
        ensure!(standing == VehicleStanding::Connected, "it is {standing:?}");
        Ok(())
    })
    .await
}

async fn a_denied_attempt(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let identity = world.provisioned(&vin).await?;
    let before = world.api.vehicle(&vin).await?;
    denied(world.provision(&vin).await)?;
    let after = world.api.vehicle(&vin).await?;
    ensure!(after.certificates == before.certificates, "the certificates changed: {:?}", after.certificates);
    ensure!(after.authorized == before.authorized, "the authorization changed");
    ensure!(after.attempts.len() == before.attempts.len() + 1, "the attempt was not kept");
    let attempt = &after.attempts[0];
    ensure!(attempt.outcome == AttemptOutcome::Denied(DenialReason::AlreadyProvisioned), "{attempt:?}");
    ensure!(attempt.claim_certificate_id.is_some() && attempt.client_id.is_some() && attempt.certificate_id.is_some());
    vehicle::report_active(&world.mqtt()?, &identity).await?;
    Ok(())
}

async fn unknown_and_malformed(world: Arc<World>) -> Result<()> {
    let unknown = world.new_vin();
    denied(world.provision(&unknown).await)?;
    ensure!(last_reason(&world, &unknown).await? == AttemptOutcome::Denied(DenialReason::VinNotAuthorized));
    ensure!(world.api.vehicle(&unknown).await?.standing == VehicleStanding::NotAllowed);
    let malformed = "1HGCM82633А004352 with a Cyrillic letter";
    denied(world.provision(malformed).await)?;
    let route = shared::api::Route::Attempts(shared::api::AttemptsQuery {
        outcome: Some(AttemptOutcome::Denied(DenialReason::VinMalformed)),
        ..Default::default()
    });
    let page: shared::api::AttemptsPage = world.api.read(&route).await??;
    let kept = page.attempts.iter().any(|attempt| attempt.presented_vin.as_deref() == Some(malformed));
    ensure!(kept, "the malformed VIN was not kept: {:?}", page.attempts);
    Ok(())
}

async fn tickets(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let first = world.provisioned(&vin).await?;
    world.api.open_ticket(&vin, 15).await??;
    let second = world.provisioned(&vin).await?;
    ensure!(first.certificate_id != second.certificate_id);
    world
        .becomes(&vin, &CertificateId::try_from(first.certificate_id.to_string())?, CertificateStatus::Deleted)
        .await?;
    denied(world.provision(&vin).await)?;
    ensure!(last_reason(&world, &vin).await? == AttemptOutcome::Denied(DenialReason::TicketUsed));

    let vin = world.authorized_vin().await?;
    world.provisioned(&vin).await?;
    world.api.open_ticket(&vin, 1).await??;
    // Time passes for the ticket: its end is set into the past, as only an administrator could.
    let table = &world.stack.authorized_vehicles_table;
    let update = aws::dynamodb::Update::of(table, Item::from([text("vin", &vin)]))
        .set("SET reprovision_ticket.ends_at = :past")
        .when("attribute_exists(vin)")
        .value(":past", "2026-01-01T00:00:00Z");
    aws::dynamodb::update_item(&world.administrator, &update).await?;
    denied(world.provision(&vin).await)?;
    ensure!(last_reason(&world, &vin).await? == AttemptOutcome::Denied(DenialReason::TicketExpired));
    Ok(())
}

/// Both events are lost, that of the thing and the vehicle's own report: the row says pending, and AWS IoT says active. The hook
/// records the registration itself before it lets the next one in.
async fn a_lost_event(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let first = world.provisioned(&vin).await?;
    let table = &world.stack.provisioned_vehicles_table;
    let key = Item::from([text("vin", &vin), text("certificate_id", &first.certificate_id)]);
    let update = aws::dynamodb::Update::of(table, key)
        .set("SET certificate_status = :pending REMOVE registered_at")
        .when("certificate_status = :active")
        .value(":pending", CertificateStatus::PendingActivation.as_str())
        .value(":active", CertificateStatus::Active.as_str());
    aws::dynamodb::update_item(&world.administrator, &update).await?;
    world.api.open_ticket(&vin, 15).await??;
    let second = world.provisioned(&vin).await?;
    ensure!(first.certificate_id != second.certificate_id);
    world
        .becomes(&vin, &CertificateId::try_from(first.certificate_id.to_string())?, CertificateStatus::Deleted)
        .await?;
    Ok(())
}

async fn a_half_empty_row(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let row =
        Item::from([text("vin", &vin), text("certificate_id", "made up"), truth("has_vehicle_connected_once", true)]);
    put_item(&world.administrator, &world.stack.provisioned_vehicles_table, row, None).await?;
    world.provisioned(&vin).await?;
    let details = world.api.vehicle(&vin).await?;
    ensure!(details.unreadable.len() == 1, "the unreadable row is not shown: {:?}", details.unreadable);
    ensure!(details.certificates.len() == 1);
    Ok(())
}

async fn reporting_for_another(world: Arc<World>) -> Result<()> {
    let victim = world.authorized_vin().await?;
    world.provisioned(&victim).await?;
    let liar = world.authorized_vin().await?;
    let identity = world.provisioned(&liar).await?;
    // The payload names the victim; the connection names the liar.
    vehicle::report_active(&world.mqtt()?, &vehicle::Identity { vin: victim.clone(), ..identity }).await?;
    eventually("the liar's own report is on record", async || {
        let standing = world.api.vehicle(&liar).await?.standing;
        ensure!(standing == VehicleStanding::Connected, "it is {standing:?}");
        Ok(())
    })
    .await?;
    let victim = world.api.vehicle(&victim).await?;
    ensure!(victim.standing == VehicleStanding::Provisioned && victim.certificates.len() == 1, "{victim:?}");
    Ok(())
}

async fn two_devices(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let (one, other) = tokio::join!(world.provision(&vin), world.provision(&vin));
    ensure!(one.is_ok() || other.is_ok(), "neither got in: {one:?} {other:?}");
    eventually("exactly one certificate is active", async || {
        let details = world.api.vehicle(&vin).await?;
        let active = |status| Some(CertificateStatus::Active) == status;
        let reported = details.certificates.iter().filter(|it| active(it.reported_status)).count();
        let recorded = details.certificates.iter().filter(|it| active(Some(it.record.certificate_status))).count();
        let unsettled = details.certificates.iter().any(|it| {
            matches!(it.record.certificate_status, CertificateStatus::PendingActivation | CertificateStatus::Inactive)
        });
        ensure!(reported == 1 && recorded == 1 && !unsettled, "{:?}", details.certificates);
        Ok(())
    })
    .await
}

async fn claiming_as_a_vehicle(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let template = TemplateName::parse(&world.stack.template_name)?;
    let mut request = ProvisioningRequest::new(template, &vin)?;
    request.client_id = ClientId::parse(&format!("Vehicle_{vin}"))?;
    let answer = vehicle::provision(&world.claim().await?, &world.mqtt()?, &request).await;
    ensure!(matches!(answer, Err(VehicleError::IdentityRefused { .. })), "it was answered {answer:?}");
    Ok(())
}

async fn one_vehicle_per_certificate(world: Arc<World>) -> Result<()> {
    let (one, other) = (world.authorized_vin().await?, world.authorized_vin().await?);
    let id = world.provisioned(&one).await?.certificate_id;
    let event = json!({ "certificateId": id, "clientId": "a story", "parameters": { "vin": other } });
    let answer = world.invoke_hook(&event).await?;
    ensure!(answer["allowProvisioning"] == false, "it was answered {answer}");
    ensure!(last_reason(&world, &other).await? == AttemptOutcome::Denied(DenialReason::CertificateAlreadyKnown));
    let rightful = world.api.vehicle(&one).await?;
    ensure!(rightful.certificates[0].reported_status == Some(CertificateStatus::Active), "{rightful:?}");
    ensure!(world.api.vehicle(&other).await?.certificates.is_empty());
    Ok(())
}

async fn impossible_events(world: Arc<World>) -> Result<()> {
    let events =
        [json!({}), json!({ "parameters": 7 }), json!({ "certificateId": "nothing", "parameters": { "vin": [] } })];
    for event in &events {
        let answer = world.invoke_hook(event).await?;
        ensure!(answer["allowProvisioning"] == false, "{event} was answered {answer}");
    }
    let route = shared::api::Route::Attempts(shared::api::AttemptsQuery {
        outcome: Some(AttemptOutcome::Denied(DenialReason::RequestIncomplete)),
        ..Default::default()
    });
    let page: shared::api::AttemptsPage = world.api.read(&route).await??;
    ensure!(page.attempts.len() >= events.len(), "they were not all kept: {:?}", page.attempts);
    Ok(())
}
