//! Every way in which an operator gets a vehicle its certificate.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use aws::NativeTransport;
use aws::dynamodb::scan;
use edge::answer;
use libtest_mimic::Trial;
use shared::api::{ApiError, CertificateAction, CertificateSource, IssuedCertificate, Possibility, Route};
use shared::{AttemptOutcome, CertificateStatus, DenialReason, Refusal, VehicleStanding};
use stories::{Device, Failure, Outage, PrivateAuthority, World, signing_request};

use crate::Teller;

/// More calls than an issue makes.
const MOST_CALLS: usize = 40;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    let mut facts = vec![
        teller.fact("keys_from_aws_are_handed_over_once_and_are_nowhere_else", keys_by_aws),
        teller.fact("a_vehicle_that_keeps_its_key_gets_its_request_signed", requests),
        teller.fact("a_certificate_of_an_unknown_authority_is_taken_alone", unknown_authority),
        teller.fact("an_operator_is_refused_where_the_vehicle_would_be", refusals),
        teller.fact("a_refusal_makes_no_certificate", refusals_make_nothing),
        teller.fact("a_ticket_lets_an_issued_certificate_replace_the_live_one", replacing),
        teller.fact("what_is_handed_in_wrong_is_refused_in_words", bad_input),
    ];
    facts.extend(Failure::ALL.into_iter().map(|failure| {
        let name = format!("an_issue_that_was_interrupted_is_finished_by_repeating_it::{failure:?}");
        teller.fact(&name, move |world| interrupted(world, failure))
    }));
    facts
}

async fn issued(world: &World, vin: &str, source: CertificateSource) -> Result<IssuedCertificate> {
    Ok(world.api.issue(vin, source).await??)
}

async fn keys_by_aws(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let route = Route::IssueCertificate(vin.clone());
    let body = br#"{"reason":"replacement unit","source":{"kind":"keys-by-aws"}}"#;
    let request = http::Request::post(world.api.address(&route.path())).header("content-type", "application/json");
    let response = world.api.raw(request, body).await?;
    ensure!(response.status() == 200, "{}", String::from_utf8_lossy(response.body()));
    ensure!(response.headers().get("cache-control").is_some_and(|value| value == "no-store"), "it may be cached");
    let issued: IssuedCertificate = serde_json::from_slice(response.body())?;
    let key = issued.private_key.clone().context("the private key")?.0;

    let details = world.api.vehicle(&vin).await?;
    let certificate = &details.certificates[0];
    ensure!(certificate.record.certificate_id == issued.certificate_id);
    ensure!(certificate.record.certificate_status == CertificateStatus::Active, "{certificate:?}");
    ensure!(certificate.record.issued_by.is_some() && certificate.record.claim_certificate_id.is_none());
    ensure!(details.attempts[0].reason.as_deref() == Some("replacement unit"), "{:?}", details.attempts[0]);

    let device = Device::new(&world, &vin);
    device.takes(issued.certificate_id.as_str(), &issued.certificate_pem, &key)?;
    device.connect().await?.map_err(|rejection| anyhow::anyhow!("{rejection}"))?;

    // A line from the middle of the key stands in no answer, no table and no log.
    let line = key.lines().nth(3).context("a line of the key")?;
    for again in [Route::Vehicle(vin.clone()), Route::Attempts(Default::default())] {
        let answered = world.api.read::<serde_json::Value>(&again).await??;
        ensure!(!answered.to_string().contains(line), "the key is in a second answer");
    }
    let tables = world.tables(&world.attempts_table().await?);
    for table in [&tables.authorized_vehicles, &tables.provisioned_vehicles, &tables.provisioning_attempts] {
        let page = scan(&world.administrator, table, 1_000, None).await?;
        ensure!(!serde_json::to_string(&page.items)?.contains(line), "the key is in {table}");
    }
    let found = files_with(&world.folder.join("state"), line)?;
    ensure!(found.is_empty(), "the key is in {found:?}");
    Ok(())
}

/// The files below a folder that contain this text.
fn files_with(folder: &Path, text: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_with(&path, text)?);
        } else if let Ok(content) = std::fs::read(&path)
            && content.windows(text.len()).any(|window| window == text.as_bytes())
        {
            found.push(path.display().to_string());
        }
    }
    Ok(found)
}

async fn requests(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let request = signing_request(&vin)?;
    let issued = issued(&world, &vin, CertificateSource::Request { pem: request.certificate }).await?;
    ensure!(issued.private_key.is_none() && !issued.needs_server_name, "{issued:?}");
    let device = Device::new(&world, &vin);
    device.takes(issued.certificate_id.as_str(), &issued.certificate_pem, &request.private_key)?;
    device.connect().await?.map_err(|rejection| anyhow::anyhow!("{rejection}"))?;
    ensure!(world.api.vehicle(&vin).await?.certificates[0].record.certificate_status == CertificateStatus::Active);
    Ok(())
}

async fn unknown_authority(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let signed = PrivateAuthority::new("Nobody's CA")?.signs(&vin)?;
    let source = CertificateSource::Certificate { pem: signed.certificate.clone() };
    let issued = issued(&world, &vin, source.clone()).await?;
    ensure!(issued.needs_server_name && issued.authority_id.is_none(), "{issued:?}");
    let device = Device::new(&world, &vin);
    device.takes(issued.certificate_id.as_str(), &issued.certificate_pem, &signed.private_key)?;
    device.connect().await?.map_err(|rejection| anyhow::anyhow!("{rejection}"))?;

    // The same certificate serves no other vehicle, and not this one twice.
    let other = world.authorized_vin().await?;
    let unnamed = PrivateAuthority::new("Nobody's CA")?.signs("unit 4711")?;
    let source_of_other = CertificateSource::Certificate { pem: unnamed.certificate };
    world.api.issue(&other, source_of_other.clone()).await??;
    let third = world.authorized_vin().await?;
    let answer = world.api.issue(&third, source_of_other).await?;
    ensure!(answer == Err(Refusal::CertificateAlreadyRegistered.into()), "{answer:?}");
    ensure!(!format!("{answer:?}").contains(&other), "it names the other vehicle");
    let again = world.api.issue(&vin, source).await?;
    ensure!(again == Err(Refusal::CertificateAlreadyRegistered.into()), "{again:?}");
    Ok(())
}

async fn refusals(world: Arc<World>) -> Result<()> {
    let denied = |reason| Err(ApiError::from(Refusal::Denied(reason)));
    let issue = async |vin: &str| anyhow::Ok(world.api.issue(vin, CertificateSource::KeysByAws).await?.map(drop));

    let unknown = world.new_vin();
    ensure!(issue(&unknown).await? == Err(Refusal::NotAuthorized.into()));
    let attempt = world.api.vehicle(&unknown).await?.attempts.swap_remove(0);
    ensure!(attempt.outcome == AttemptOutcome::Denied(DenialReason::VinNotAuthorized), "{attempt:?}");
    ensure!(attempt.issued_by.is_some(), "{attempt:?}");

    let vin = world.authorized_vin().await?;
    let identity = world.provisioned(&vin).await?;
    let id = identity.certificate_id.to_string().try_into()?;
    ensure!(issue(&vin).await? == denied(DenialReason::AlreadyProvisioned));
    let shown = world.api.vehicle(&vin).await?.issue;
    ensure!(shown == Possibility::Refused(Refusal::Denied(DenialReason::AlreadyProvisioned)), "{shown:?}");
    world.api.act(&vin, &id, CertificateAction::Hold).await??;
    ensure!(issue(&vin).await? == denied(DenialReason::OnHold));
    world.api.act(&vin, &id, CertificateAction::Revoke).await??;
    ensure!(issue(&vin).await? == denied(DenialReason::Revoked));
    ensure!(world.api.vehicle(&vin).await?.standing == VehicleStanding::Revoked);
    Ok(())
}

/// Shown with a way to AWS that carries the reading and the keeping of the attempt, and nothing that makes a certificate.
async fn refusals_make_nothing(world: Arc<World>) -> Result<()> {
    let tables = world.tables(&world.attempts_table().await?);
    let vin = world.new_vin();
    let asked = world.edge(stories::Recorder::new(), &tables)?;
    let body = br#"{"reason":"by mistake","source":{"kind":"keys-by-aws"}}"#.to_vec();
    let path = Route::IssueCertificate(vin).path();
    let request = http::Request::post(path).header("content-type", "application/json").body(body)?;
    let response = answer(&asked, request).await;
    ensure!(response.status() == 409, "{}", String::from_utf8_lossy(response.body()));
    let asked = asked.aws.transport.paths();
    ensure!(!asked.iter().any(|path| path.contains("keys-and-certificate")), "{asked:?}");
    ensure!(asked.iter().any(|path| path.contains("provisioning-templates")), "{asked:?}");
    Ok(())
}

async fn replacing(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let old = world.provisioned(&vin).await?.certificate_id.to_string().try_into()?;
    world.api.open_ticket(&vin, 15).await??;
    let new = issued(&world, &vin, CertificateSource::KeysByAws).await?;
    world.becomes(&vin, &new.certificate_id, CertificateStatus::Active).await?;
    world.becomes(&vin, &old, CertificateStatus::Deleted).await?;
    let again = world.api.issue(&vin, CertificateSource::KeysByAws).await?;
    ensure!(again.map(drop) == Err(Refusal::Denied(DenialReason::TicketUsed).into()));
    Ok(())
}

async fn bad_input(world: Arc<World>) -> Result<()> {
    let vin = world.authorized_vin().await?;
    let other = world.new_vin();
    let authority = PrivateAuthority::new("A CA")?;
    let good = authority.signs(&vin)?;
    let request = signing_request(&vin)?;
    let broken = |pem: &str| pem.replacen('M', "*", 3);
    let cut = |pem: &str| pem.lines().take(3).collect::<Vec<_>>().join("\n");
    let fixture = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../provisioning/pki/tests/fixtures/");
        std::fs::read_to_string(format!("{folder}{name}")).with_context(|| format!("the fixture {name}"))
    };
    let csr = |pem: String| CertificateSource::Request { pem };
    let certificate = |pem: String| CertificateSource::Certificate { pem };
    let cases = [
        ("nothing", csr(String::new()), "There is no signing request here"),
        ("broken PEM", csr(broken(&request.certificate)), "not PEM"),
        ("half a request", csr(cut(&request.certificate)), "cut off"),
        ("a weak key", csr(fixture("rsa-1024.csr")?), "2048"),
        ("a private key for a request", csr(request.private_key.clone()), "private key"),
        (
            "a private key beside a request",
            csr(format!("{}{}", request.certificate, request.private_key)),
            "private key",
        ),
        ("a certificate for a request", csr(good.certificate.clone()), "not a signing request"),
        ("a request of another vehicle", csr(signing_request(&other)?.certificate), &other),
        ("no certificate", certificate("hello".to_owned()), "not PEM"),
        ("a request for a certificate", certificate(request.certificate.clone()), "not a certificate"),
        ("an ended certificate", certificate(authority.signs_until(&vin, 2024)?.certificate), "was valid until"),
        ("a CA for a vehicle", certificate(authority.pem().to_owned()), "authority's own certificate"),
        ("a certificate of another vehicle", certificate(authority.signs(&other)?.certificate), &other),
        (
            "a certificate above which another CA stands",
            certificate(format!("{}{}", good.certificate, PrivateAuthority::new("Another CA")?.pem())),
            "issued",
        ),
        ("a private key for a certificate", certificate(good.private_key.clone()), "private key"),
    ];
    for (name, source, says) in cases {
        let answer = world.api.issue(&vin, source).await?;
        let Err(error) = answer else { bail!("{name} was taken: {answer:?}") };
        ensure!(matches!(error, ApiError::UnusablePem { .. }), "{name}: {error:?}");
        let told = error.to_string();
        ensure!(told.contains(says), "{name}: {told:?} does not say {says:?}");
        for secret in [&request.private_key, &good.private_key] {
            ensure!(!told.contains(secret.lines().nth(1).unwrap_or("-----")), "{name} repeats a private key");
        }
    }
    // The vehicle is as it was, and gets its certificate once it is asked for rightly; binary is as good as text.
    let der: String = request.certificate.lines().filter(|line| !line.starts_with("-----")).collect();
    issued(&world, &vin, csr(der)).await?;
    Ok(())
}

/// Interrupts the issue before its first call, its second, and so on until it is not interrupted any more.
async fn interrupted(world: Arc<World>, failure: Failure) -> Result<()> {
    let tables = world.tables(&world.attempts_table().await?);
    let authority = PrivateAuthority::new("A CA that is not registered")?;
    for calls in 0..MOST_CALLS {
        let vin = world.authorized_vin().await?;
        // Every other vehicle brings a certificate, which has to be taken up again; the others get a new one.
        let source = if calls % 2 == 0 {
            CertificateSource::Certificate { pem: authority.signs(&vin)?.certificate }
        } else {
            CertificateSource::KeysByAws
        };
        let issue = || {
            let path = Route::IssueCertificate(vin.clone()).path();
            let body = serde_json::json!({ "reason": "a new unit", "source": source });
            http::Request::post(path).header("content-type", "application/json").body(body.to_string().into_bytes())
        };
        let failing = world.edge(Outage::new(calls, failure), &tables)?;
        let first = answer(&failing, issue()?).await;
        if !first.status().is_success() {
            let error: ApiError = serde_json::from_slice(first.body())?;
            ensure!(error.is_passing(), "call {calls}: {error:?}");
            let repeated = answer(&world.edge(NativeTransport::new(Duration::from_secs(20)), &tables)?, issue()?).await;
            let said = String::from_utf8_lossy(repeated.body()).into_owned();
            // Where only the last answers were lost, the certificate is in use and repeating it says so.
            let in_use = said.contains("ALREADY_PROVISIONED") || said.contains("certificate-already-registered");
            ensure!(repeated.status().is_success() || in_use, "call {calls}: {said}");
        }
        let one_is_active = stories::eventually("one certificate is active and on record", async || {
            let details = world.api.vehicle(&vin).await?;
            let count = |status| {
                let reported = details.certificates.iter().filter(|one| one.reported_status == Some(status)).count();
                let recorded =
                    details.certificates.iter().filter(|one| one.record.certificate_status == status).count();
                (reported, recorded)
            };
            ensure!(count(CertificateStatus::Active) == (1, 1), "{:?}", details.certificates);
            ensure!(count(CertificateStatus::PendingActivation).1 == 0, "{:?}", details.certificates);
            Ok(())
        })
        .await;
        one_is_active.with_context(|| format!("call {calls}"))?;
        if !failing.aws.transport.happened() {
            ensure!(calls > 8, "an issue makes more calls than {calls}");
            return Ok(());
        }
    }
    bail!("an issue makes more calls than expected")
}
