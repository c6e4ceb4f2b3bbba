//! What operators do, and what they are told when it cannot be done.

use std::sync::Arc;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use shared::api::{ApiError, CertificateAction, Route};
use shared::{CertificateId, CertificateStatus, Refusal, VehicleStanding};
use stories::{Device, World};

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![
        teller.fact("a_held_vehicle_is_out_until_it_is_released", hold_and_release),
        teller.fact("revoking_twice_or_what_is_gone_says_so", revoking_twice),
        teller.fact("a_certificate_of_another_vehicle_is_not_found", foreign_certificate),
        teller.fact("a_vin_that_is_none_is_refused_in_words", bad_vins),
        teller.fact("an_action_needs_a_reason_and_a_ticket_a_sensible_window", reasons_and_windows),
        teller.fact("authorizing_a_revoked_vehicle_does_not_let_it_in", authorizing_a_revoked_vehicle),
        teller.fact("a_request_of_another_site_is_refused", foreign_origins),
    ]
}

async fn id_of(world: &World, vin: &str) -> Result<CertificateId> {
    Ok(CertificateId::try_from(world.provisioned(vin).await?.certificate_id.to_string())?)
}

async fn hold_and_release(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let device = Device::new(&world, &vin);
    let id = device.provision().await?.map_err(|rejection| anyhow::anyhow!("{rejection}"))?;
    let id = CertificateId::try_from(id)?;
    world.becomes(&vin, &id, CertificateStatus::Active).await?;
    world.api.act(&vin, &id, CertificateAction::Hold).await??;
    ensure!(world.api.vehicle(&vin).await?.standing == VehicleStanding::OnHold);
    ensure!(device.connect().await?.is_err(), "it could connect while on hold");
    ensure!(world.provision(&vin).await.is_err(), "it could provision itself while on hold");
    let ticket = world.api.open_ticket(&vin, 15).await?;
    ensure!(ticket == Err(Refusal::OnHold.into()), "{ticket:?}");
    world.api.act(&vin, &id, CertificateAction::Release).await??;
    ensure!(device.connect().await?.is_ok(), "it could not connect after its release");
    Ok(())
}

async fn revoking_twice(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let id = id_of(&world, &vin).await?;
    world.api.act(&vin, &id, CertificateAction::Revoke).await??;
    let again = world.api.act(&vin, &id, CertificateAction::Revoke).await?;
    ensure!(again == Err(Refusal::AlreadyRevoked.into()), "{again:?}");
    let hold = world.api.act(&vin, &id, CertificateAction::Hold).await?;
    ensure!(hold == Err(Refusal::AlreadyRevoked.into()), "{hold:?}");

    // Deleted behind the console's back: there is nothing to revoke, but the door must close and the record be true.
    let vin = world.authorized_vin().await?;
    let id = id_of(&world, &vin).await?;
    world.delete_behind_the_back(&id).await?;
    world.api.act(&vin, &id, CertificateAction::Revoke).await??;
    let details = world.api.vehicle(&vin).await?;
    ensure!(details.certificates[0].record.certificate_status == CertificateStatus::Deleted, "{details:?}");
    ensure!(details.authorized.is_some_and(|authorized| !authorized.allow_provisioning), "the door is open");
    let again = world.api.act(&vin, &id, CertificateAction::Revoke).await?;
    ensure!(again == Err(Refusal::AlreadyDeleted.into()), "{again:?}");
    Ok(())
}

async fn foreign_certificate(world: Arc<World>) -> Result<()> {
    let (one, other) = (world.authorized_vin().await?, world.authorized_vin().await?);
    let id = id_of(&world, &one).await?;
    let answer = world.api.act(&other, &id, CertificateAction::Revoke).await?;
    ensure!(matches!(answer, Err(ApiError::NoSuchCertificate { .. })), "{answer:?}");
    ensure!(world.api.vehicle(&one).await?.certificates[0].reported_status == Some(CertificateStatus::Active));
    Ok(())
}

async fn bad_vins(world: Arc<World>) -> Result<()> {
    for vin in ["", "short", "1HGCM82633A00435O", "1HGCM82633А004352", "../../etc", &"A".repeat(5_000)] {
        let answer = world.api.authorize(vin).await;
        let error = answer.err().and_then(|error| error.downcast::<ApiError>().ok());
        ensure!(matches!(error, Some(ApiError::InvalidVin { .. })), "{vin:?} was answered {error:?}");
    }
    let padded = format!("  {}\n", world.new_vin().to_lowercase());
    world.api.authorize(&padded).await?;
    world.api.vehicle(&padded.trim().to_uppercase()).await?;
    let unknown = world.api.read::<serde_json::Value>(&Route::Vehicle("ST0RY999999999999".to_owned())).await?;
    ensure!(matches!(unknown, Err(ApiError::NoSuchVehicle { .. })), "{unknown:?}");
    Ok(())
}

async fn reasons_and_windows(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let never = world.api.open_ticket(&vin, 15).await?;
    ensure!(never == Err(Refusal::NeverProvisioned.into()), "{never:?}");
    let id = id_of(&world, &vin).await?;
    for minutes in [0, 7 * 24 * 60 + 1] {
        let answer = world.api.open_ticket(&vin, minutes).await?;
        ensure!(answer == Err(Refusal::TicketWindowOutOfRange.into()), "{answer:?}");
    }
    let route = Route::Certificate(vin.clone(), id, CertificateAction::Revoke);
    let silent = serde_json::json!({ "reason": "  " });
    let answer = world.api.call::<serde_json::Value>(&route, Some(&silent)).await?;
    ensure!(answer == Err(Refusal::ReasonMissing.into()), "{answer:?}");
    let odd = serde_json::json!({ "reason": "well meant", "force": true });
    let answer = world.api.call::<serde_json::Value>(&route, Some(&odd)).await?;
    ensure!(matches!(answer, Err(ApiError::InvalidRequest { .. })), "{answer:?}");
    world.api.open_ticket(&vin, 15).await??;
    let twice = world.api.open_ticket(&vin, 15).await?;
    ensure!(twice == Err(Refusal::TicketAlreadyOpen.into()), "{twice:?}");
    Ok(())
}

async fn authorizing_a_revoked_vehicle(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let id = id_of(&world, &vin).await?;
    world.api.act(&vin, &id, CertificateAction::Revoke).await??;
    world.api.authorize(&vin).await?;
    ensure!(world.provision(&vin).await.is_err(), "authorizing it again let it in");
    ensure!(world.api.vehicle(&vin).await?.standing == VehicleStanding::Revoked);
    Ok(())
}

async fn foreign_origins(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let address = world.api.address(&Route::Reprovision(vin).path());
    let post = || http::Request::post(&address);
    let requests = [
        post().header("content-type", "application/json").header("origin", "https://elsewhere.example"),
        post().header("content-type", "application/json").header("origin", "null"),
        post().header("content-type", "application/json").header("sec-fetch-site", "cross-site"),
        post().header("content-type", "text/plain"),
    ];
    for request in requests {
        let response = world.api.raw(request, br#"{"reason":"forged","minutes":15}"#).await?;
        ensure!(response.status() == 403, "it was answered {}", response.status());
    }
    Ok(())
}
