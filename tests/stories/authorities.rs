//! Authorities, and vehicles that come with certificates of their own.

use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use aws::iot::{RequestedStatus, describe_certificate, update_certificate};
use aws::lambda::invoke;
use libtest_mimic::Trial;
use provisioning_rules::Effect;
use shared::api::{
    ApiError, AttemptsPage, AttemptsQuery, AuthorityAction, CertificateAction, CertificateSource, RegisterAuthority,
    Route,
};
use shared::{AttemptOutcome, AuthorityId, AuthorityMode, CertificateId, CertificateStatus, DenialReason, Refusal};
use stories::{Device, PrivateAuthority, Signed, World, eventually};

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![
        teller.fact("an_authority_is_registered_by_the_commands_that_the_console_shows", register_by_commands),
        teller.fact("an_authority_that_cannot_be_used_is_refused_in_words", bad_authorities),
        teller.fact("an_inactive_authority_takes_no_certificate_and_can_be_deleted", deactivate_and_delete),
        teller.fact("a_vehicle_registers_itself_when_it_first_connects", just_in_time),
        teller.fact("a_vehicle_that_nobody_authorized_gets_in_once_it_is", authorized_later),
        teller.fact("a_revoked_vehicle_stays_out_with_its_own_certificate", revoked_stays_out),
        teller.fact("an_event_that_comes_twice_changes_nothing", events_twice),
    ]
}

/// Registers a CA with its proof of possession, as the console asks for it.
async fn registered(world: &World, name: &str, just_in_time: bool) -> Result<(PrivateAuthority, AuthorityId)> {
    let authority = PrivateAuthority::new(name)?;
    let code = world.api.authorities().await?.registration_code;
    let request = RegisterAuthority {
        certificate_pem: authority.pem().to_owned(),
        verification_pem: Some(authority.signs(&code)?.certificate),
        mode: AuthorityMode::Default,
        just_in_time,
        reason: "a story about authorities".to_owned(),
    };
    world.api.register_authority(&request).await??;
    let id = AuthorityId(pki::Certificate::parse(authority.pem())?.id().clone());
    Ok((authority, id))
}

fn device_with<'a>(world: &'a World, vin: &str, signed: &Signed) -> Result<(Device<'a>, CertificateId)> {
    let id = pki::Certificate::parse(&signed.certificate)?.id().clone();
    let device = Device::new(world, vin);
    device.takes(id.as_str(), &signed.certificate, &signed.private_key)?;
    Ok((device, id))
}

async fn register_by_commands(world: Arc<World>) -> Result<()> {
    let folder = world.folder.join("openssl");
    std::fs::create_dir_all(&folder)?;
    let run = |command: &str| {
        let status = Command::new("sh").args(["-ec", command]).current_dir(&folder).output()?;
        ensure!(status.status.success(), "{command}: {}", String::from_utf8_lossy(&status.stderr));
        anyhow::Ok(())
    };
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 \
         -subj '/O=Story/CN=A CA made by openssl' -addext basicConstraints=critical,CA:TRUE \
         -addext keyUsage=critical,keyCertSign,cRLSign")?;
    let code = world.api.authorities().await?.registration_code;
    run(&format!(
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout verification.key -subj /CN={code} -out verification.csr"
    ))?;
    run(
        "openssl x509 -req -in verification.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -sha256 -out verification.pem",
    )?;
    let request = RegisterAuthority {
        certificate_pem: std::fs::read_to_string(folder.join("ca.pem"))?,
        verification_pem: Some(std::fs::read_to_string(folder.join("verification.pem"))?),
        mode: AuthorityMode::Default,
        just_in_time: false,
        reason: "our own CA".to_owned(),
    };
    world.api.register_authority(&request).await??;
    let listed = world.api.authorities().await?.authorities;
    let subject = |authority: &&shared::api::Authority| {
        authority.subject.as_deref().is_some_and(|subject| subject.contains("A CA made by openssl"))
    };
    let authority = listed.iter().find(subject).context("it is not listed")?;
    ensure!(authority.active && !authority.just_in_time, "{authority:?}");
    ensure!(authority.mode == Some(AuthorityMode::Default) && authority.valid_until.is_some(), "{authority:?}");
    let again = world.api.register_authority(&request).await?;
    ensure!(again == Err(Refusal::AuthorityAlreadyRegistered.into()), "{again:?}");

    // A vehicle certificate under it belongs to it.
    let vin = world.authorized_vin().await?;
    run(&format!(
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {vin}.key -subj /CN={vin} -out {vin}.csr && \
         openssl x509 -req -in {vin}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 5 -sha256 -out {vin}.pem"
    ))?;
    let certificate = std::fs::read_to_string(folder.join(format!("{vin}.pem")))?;
    let private_key = std::fs::read_to_string(folder.join(format!("{vin}.key")))?;
    let source = CertificateSource::Certificate { pem: format!("{certificate}{}", request.certificate_pem) };
    let issued = world.api.issue(&vin, source).await??;
    ensure!(issued.authority_id.as_ref() == Some(&authority.id) && !issued.needs_server_name, "{issued:?}");
    let (device, _) = device_with(&world, &vin, &Signed { certificate, private_key })?;
    device.connect().await?.map_err(|rejection| anyhow::anyhow!("{rejection}"))?;
    let listed = world.api.authorities().await?.authorities;
    ensure!(listed.iter().find(subject).is_some_and(|authority| authority.certificates.number == 1), "{listed:?}");
    Ok(())
}

async fn bad_authorities(world: Arc<World>) -> Result<()> {
    let authority = PrivateAuthority::new("A CA of bad stories")?;
    let code = world.api.authorities().await?.registration_code;
    let proof = authority.signs(&code)?.certificate;
    let good = RegisterAuthority {
        certificate_pem: authority.pem().to_owned(),
        verification_pem: Some(proof.clone()),
        mode: AuthorityMode::Default,
        just_in_time: false,
        reason: "a story about bad input".to_owned(),
    };
    let expired = PrivateAuthority::expired("An expired CA")?;
    let with = |certificate: &str, verification: Option<String>| RegisterAuthority {
        certificate_pem: certificate.to_owned(),
        verification_pem: verification,
        ..good.clone()
    };
    let cases = [
        ("broken PEM", with("-----BEGIN CERTIFICATE-----\nMII", Some(proof.clone())), "cut off"),
        ("an expired CA", with(expired.pem(), Some(expired.signs(&code)?.certificate)), "was valid until"),
        ("no CA", with(&authority.signs("a vehicle")?.certificate, Some(proof.clone())), "may not issue"),
        ("the CA's private key", with(&authority.private_key(), Some(proof.clone())), "private key"),
        ("no proof", with(authority.pem(), None), "proof of possession is missing"),
        (
            "a proof with another code",
            with(authority.pem(), Some(authority.signs("0123")?.certificate)),
            "registration code",
        ),
        (
            "a proof by another CA",
            with(authority.pem(), Some(PrivateAuthority::new("Another")?.signs(&code)?.certificate)),
            "issued",
        ),
        ("a proof that is none", with(authority.pem(), Some("hello".to_owned())), "proof of possession"),
    ];
    for (name, request, says) in cases {
        let answer = world.api.register_authority(&request).await?;
        let Err(error) = answer else { bail!("{name} was taken") };
        ensure!(matches!(error, ApiError::UnusablePem { .. }), "{name}: {error:?}");
        ensure!(error.to_string().contains(says), "{name}: {error} does not say {says:?}");
    }
    let silent = RegisterAuthority { reason: " ".to_owned(), ..good.clone() };
    let answer = world.api.register_authority(&silent).await?;
    ensure!(answer == Err(Refusal::ReasonMissing.into()), "{answer:?}");
    let unknown = AuthorityId("ab".repeat(32).try_into()?);
    let answer = world.api.act_on_authority(&unknown, AuthorityAction::Deactivate).await?;
    ensure!(answer == Err(ApiError::NoSuchAuthority { authority_id: unknown }), "{answer:?}");
    // Without a proof in the other mode, and with one that is not needed.
    let sni_only = RegisterAuthority { mode: AuthorityMode::SniOnly, ..good };
    world.api.register_authority(&sni_only).await??;
    Ok(())
}

async fn deactivate_and_delete(world: Arc<World>) -> Result<()> {
    let (authority, id) = registered(&world, "A CA that goes", false).await?;
    let vin = world.authorized_vin().await?;
    let source = CertificateSource::Certificate { pem: authority.signs(&vin)?.certificate };
    let answer = world.api.act_on_authority(&id, AuthorityAction::Delete).await?;
    ensure!(answer == Err(Refusal::AuthorityStillActive.into()), "{answer:?}");
    world.api.act_on_authority(&id, AuthorityAction::Deactivate).await??;
    let answer = world.api.issue(&vin, source.clone()).await?;
    ensure!(answer == Err(Refusal::IssuingAuthorityInactive.into()), "{answer:?}");
    world.api.act_on_authority(&id, AuthorityAction::Activate).await??;
    let issued = world.api.issue(&vin, source).await??;
    ensure!(issued.authority_id == Some(id.clone()), "{issued:?}");
    world.api.act_on_authority(&id, AuthorityAction::Deactivate).await??;
    world.api.act_on_authority(&id, AuthorityAction::Delete).await??;
    let listed = world.api.authorities().await?.authorities;
    ensure!(listed.iter().all(|authority| authority.id != id), "it is still listed");
    // Its certificate keeps working.
    ensure!(world.api.vehicle(&vin).await?.certificates[0].reported_status == Some(CertificateStatus::Active));
    Ok(())
}

/// The first connection is closed while AWS IoT registers the certificate; a later one succeeds.
async fn connects_in_the_end(device: &Device<'_>) -> Result<()> {
    eventually("the vehicle is connected", async || {
        device.connect().await?.map_err(|rejection| anyhow::anyhow!("{rejection}"))
    })
    .await
}

async fn just_in_time(world: Arc<World>) -> Result<()> {
    let (authority, authority_id) = registered(&world, "A CA of vehicles", true).await?;
    let vin = world.authorized_vin().await?;
    let (device, id) = device_with(&world, &vin, &authority.signs(&format!("Vehicle_{vin}"))?)?;
    ensure!(device.connect().await?.is_err(), "the first connection is closed");
    connects_in_the_end(&device).await?;
    world.becomes(&vin, &id, CertificateStatus::Active).await?;
    let details = world.api.vehicle(&vin).await?;
    let record = &details.certificates[0].record;
    ensure!(record.authority_id == Some(authority_id.clone()) && record.issued_by.is_none(), "{record:?}");
    ensure!(details.attempts[0].authority_id == Some(authority_id), "{:?}", details.attempts[0]);

    // Another certificate of the same authority does not take the vehicle over.
    let other = authority.signs(&vin)?;
    let stranger = Device::at(&world, &vin, "stranger");
    let stranger_id = pki::Certificate::parse(&other.certificate)?.id().clone();
    stranger.takes(stranger_id.as_str(), &other.certificate, &other.private_key)?;
    ensure!(stranger.connect().await?.is_err());
    denied(&world, &vin, &stranger_id, DenialReason::AlreadyProvisioned).await?;
    ensure!(stranger.connect().await?.is_err(), "a stranger is in");
    ensure!(device.connect().await?.is_ok(), "the vehicle is out");
    Ok(())
}

/// Waits until this certificate's attempt is on record with this outcome.
async fn denied(world: &World, vin: &str, id: &CertificateId, reason: DenialReason) -> Result<()> {
    eventually(&format!("certificate {id} is denied: {reason}"), async || {
        let attempts = world.api.vehicle(vin).await?.attempts;
        let found = attempts.iter().any(|attempt| {
            attempt.certificate_id.as_ref() == Some(id) && attempt.outcome == AttemptOutcome::Denied(reason)
        });
        ensure!(found, "{attempts:?}");
        Ok(())
    })
    .await
}

async fn authorized_later(world: Arc<World>) -> Result<()> {
    let (authority, authority_id) = registered(&world, "A CA of strangers", true).await?;
    let vin = world.new_vin();
    let (device, id) = device_with(&world, &vin, &authority.signs(&vin)?)?;
    ensure!(device.connect().await?.is_err());
    denied(&world, &vin, &id, DenialReason::VinNotAuthorized).await?;
    eventually("AWS IoT has forgotten the certificate", async || {
        ensure!(describe_certificate(&world.administrator, &id).await?.is_none(), "it is there");
        Ok(())
    })
    .await?;
    world.api.authorize(&vin).await?;
    connects_in_the_end(&device).await?;

    // A certificate that names no vehicle is kept as an attempt, too.
    let nameless = authority.signs("unit 4711")?;
    let device = Device::at(&world, "nameless", "nameless");
    let nameless_id = pki::Certificate::parse(&nameless.certificate)?.id().clone();
    device.takes(nameless_id.as_str(), &nameless.certificate, &nameless.private_key)?;
    ensure!(device.connect().await?.is_err());
    eventually("the attempt is on record", async || {
        let query = AttemptsQuery {
            outcome: Some(AttemptOutcome::Denied(DenialReason::VinMalformed)),
            ..AttemptsQuery::default()
        };
        let page: AttemptsPage = world.api.read(&Route::Attempts(query)).await??;
        let attempt = page.attempts.iter().find(|attempt| attempt.certificate_id.as_ref() == Some(&nameless_id));
        ensure!(attempt.context("there is none")?.authority_id == Some(authority_id.clone()));
        Ok(())
    })
    .await
}

async fn revoked_stays_out(world: Arc<World>) -> Result<()> {
    let (authority, _) = registered(&world, "A CA of thieves", true).await?;
    let vin = world.authorized_vin().await?;
    let (device, id) = device_with(&world, &vin, &authority.signs(&vin)?)?;
    let _closed = device.connect().await?;
    connects_in_the_end(&device).await?;
    world.becomes(&vin, &id, CertificateStatus::Active).await?;
    world.api.act(&vin, &id, CertificateAction::Revoke).await??;
    ensure!(device.connect().await?.is_err(), "a revoked vehicle connected");

    // Even after AWS IoT forgot the certificate, and would take it for new.
    let effects = vec![Effect::DetachCertificate(id.clone()), Effect::DeleteCertificate(id.clone())];
    aws::perform(&world.administrator, &world.tables("-"), effects, |_| {}).await?;
    world.api.authorize(&vin).await?;
    ensure!(device.connect().await?.is_err());
    denied(&world, &vin, &id, DenialReason::CertificateAlreadyKnown).await?;
    eventually("AWS IoT keeps it out of use", async || {
        let described = describe_certificate(&world.administrator, &id).await?.context("it is gone")?;
        ensure!(described.status == Some(CertificateStatus::Inactive), "{described:?}");
        Ok(())
    })
    .await?;
    ensure!(device.connect().await?.is_err(), "a revoked vehicle is in again");
    Ok(())
}

async fn events_twice(world: Arc<World>) -> Result<()> {
    let (authority, authority_id) = registered(&world, "A CA of repetitions", true).await?;
    let vin = world.authorized_vin().await?;
    let (device, id) = device_with(&world, &vin, &authority.signs(&vin)?)?;
    let _closed = device.connect().await?;
    connects_in_the_end(&device).await?;
    world.becomes(&vin, &id, CertificateStatus::Active).await?;
    let before = world.api.vehicle(&vin).await?;
    let event = serde_json::json!({
        "certificateId": id, "caCertificateId": authority_id, "certificateStatus": "PENDING_ACTIVATION",
        "timestamp": 1, "awsAccountId": "000000000000", "certificateRegistrationTimestamp": null,
    });
    invoke(&world.administrator, "cms-certificate-registered", &event).await?;
    let after = world.api.vehicle(&vin).await?;
    ensure!(after.certificates == before.certificates && after.attempts == before.attempts, "{after:?}");
    // Nor does a late event bring back what an operator has put on hold since.
    world.api.act(&vin, &id, CertificateAction::Hold).await??;
    invoke(&world.administrator, "cms-certificate-registered", &event).await?;
    update_certificate(&world.administrator, &id, RequestedStatus::Active).await?;
    invoke(&world.administrator, "cms-certificate-registered", &event).await?;
    let described = describe_certificate(&world.administrator, &id).await?.context("it is gone")?;
    ensure!(described.status == Some(CertificateStatus::Inactive), "a held certificate is active: {described:?}");
    Ok(())
}
