//! Claim certificates: several at once, rotated with an overlap, killed in the middle, burned.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use aws::dynamodb::{Item, Update, put_item, update_item};
use aws::iot::describe_certificate;
use aws::secrets_manager::{
    cancel_rotation, create_secret_without_value, describe_secret, get_secret_value, get_secret_version,
    put_pending_version,
};
use aws::tables::{claim_certificates, shard_of};
use aws::{NativeTransport, Transport};
use deploy::{Target, UpOptions};
use libtest_mimic::Trial;
use provisioning_lambdas::claims::{Claims, RotationStep};
use serde_json::{Value, json};
use shared::api::{
    ApiError, Authorize, BurnClaim, ClaimCertificate, ClaimCertificatesPage, ClaimReach, CreateClaim, Done,
    RotateClaim, Route,
};
use shared::{
    AttemptOutcome, CertificateStatus, ClaimCertificateId, ClaimName, ClaimState, Count, DenialReason, Refusal,
    SignedDuration, StepOutcome,
};
use stories::{Browser, Device, Failure, Look, Outage, World, eventually, text, truth};
use vehicle::{Claim, ProvisioningRequest, TemplateName, VehicleError};

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    let mut facts = vec![
        teller.fact("every_claim_lets_its_own_vehicles_in_and_is_told_apart", two_claims_at_once),
        teller
            .fact("a_vehicle_built_before_a_rotation_still_gets_in_until_the_old_claim_retires", rotation_with_overlap),
        teller.fact("burning_a_claim_strands_exactly_those_it_was_said_to_strand", burning),
        teller.fact("a_claim_is_made_once_and_under_a_name_that_can_be_one", names),
        teller.fact("a_rotation_of_a_secret_in_an_unexpected_shape_says_so_and_changes_nothing", unexpected_shape),
        teller.fact("a_rotation_under_way_is_not_begun_again", under_way),
        teller.fact("a_claim_burned_while_it_was_prepared_does_not_block_its_name", burned_while_prepared),
        teller.fact(
            "a_deployment_changes_the_schedule_without_rotating_and_takes_every_claim_with_it",
            schedule_and_removal,
        ),
        teller.fact("an_operator_rotates_and_burns_a_claim_in_the_console", in_the_console),
    ];
    facts.extend([Failure::Broken, Failure::AnswerLost].map(|failure| {
        let name = format!("a_rotation_killed_at_any_call_is_finished_by_resuming_it::{failure:?}");
        teller.fact(&name, move |world| killed_rotation(world, failure))
    }));
    facts
}

const NO_BODY: Option<&()> = None;

async fn inventory(world: &World) -> Result<Vec<ClaimCertificate>> {
    let page: ClaimCertificatesPage = world.api.call(&Route::Claims, NO_BODY).await??;
    ensure!(page.unreadable.is_empty(), "{:?}", page.unreadable);
    Ok(page.claims)
}

async fn reach(world: &World, id: &ClaimCertificateId) -> Result<ClaimReach> {
    Ok(world.api.call(&Route::ClaimReach(id.clone(), None), NO_BODY).await??)
}

/// The current certificate of a claim.
async fn current(world: &World, name: &str) -> Result<ClaimCertificate> {
    let is_current = |claim: &ClaimCertificate| {
        claim.record.as_ref().is_some_and(|record| record.name.as_str() == name && record.state == ClaimState::Current)
    };
    inventory(world).await?.into_iter().find(is_current).with_context(|| format!("{name} has no current certificate"))
}

async fn state_of(world: &World, id: &ClaimCertificateId) -> Result<ClaimState> {
    Ok(reach(world, id).await?.claim.record.context("it is not on record")?.state)
}

async fn make(world: &World, name: &str) -> Result<ClaimCertificate> {
    let _: Done = world.api.call(&Route::CreateClaim, Some(&CreateClaim { name: name.to_owned() })).await??;
    current(world, name).await
}

fn secret_of(world: &World, name: &str) -> String {
    format!("{}/{name}", world.stack.claim_secret_id)
}

/// What a plant reads, which it installs on the vehicles that it builds now.
async fn read(world: &World, name: &str) -> Result<String> {
    Ok(get_secret_value(&world.administrator, &secret_of(world, name)).await?)
}

async fn authorized_for(world: &World, name: &str) -> Result<String> {
    let vin = world.new_vin();
    let text = |text: &str| text.to_owned();
    let body = Authorize {
        vin: vin.clone(),
        make: text("Story"),
        model: text("One"),
        year: text("2026"),
        claim: Some(ClaimName::try_from(text(name))?),
    };
    let _: Done = world.api.call(&Route::Authorize, Some(&body)).await??;
    Ok(vin)
}

async fn provision_with(world: &World, claim: &str, vin: &str) -> Result<vehicle::Identity> {
    let request = ProvisioningRequest::new(TemplateName::parse(&world.stack.template_name)?, vin)?;
    Ok(vehicle::provision(&Claim::from_secret(claim)?, &world.mqtt()?, &request).await?)
}

fn expects(claim: &ClaimCertificate, number: u32) -> Result<()> {
    ensure!(claim.expected == Some(Count { number, or_more: false }), "{:?} are expected", claim.expected);
    Ok(())
}

async fn two_claims_at_once(world: Arc<World>) -> Result<()> {
    let (one, other) = (make(&world, "plant-one").await?, make(&world, "plant-two").await?);
    ensure!(one.id != other.id && one.status == Some(CertificateStatus::Active), "{one:?}");
    ensure!(one.policies == ["cms-claim-policy"], "{:?}", one.policies);
    for (name, claim) in [("plant-one", one), ("plant-two", other)] {
        let vin = authorized_for(&world, name).await?;
        expects(&reach(&world, &claim.id).await?.claim, 1)?;
        ensure!(reach(&world, &claim.id).await?.expected_vins.iter().map(|vin| vin.as_str()).eq([vin.as_str()]));
        provision_with(&world, &read(&world, name).await?, &vin).await?;
        eventually("nobody is expected with it any more", async || expects(&reach(&world, &claim.id).await?.claim, 0))
            .await?;
        let reached = reach(&world, &claim.id).await?;
        ensure!(reached.claim.admitted == Some(Count { number: 1, or_more: false }), "{reached:?}");
        ensure!(reached.tries.allowed == 1 && reached.tries.denied.is_empty(), "{:?}", reached.tries);
        let record = world.api.vehicle(&vin).await?.certificates.remove(0).record;
        ensure!(record.claim_certificate_id.as_ref() == Some(&claim.id), "{record:?}");
    }
    // The claim that the deployment made is on record, too, and is what a vehicle is expected with where nobody says more.
    let default = current(&world, "default").await?;
    let vin = world.authorized_vin().await?;
    let expected = world.api.vehicle(&vin).await?.authorized.context("it is authorized")?;
    ensure!(expected.expected_claim_certificate_id == Some(default.id), "{expected:?}");
    Ok(())
}

/// A file that only its owner can read, as a line in a plant keeps what it installs.
fn keep_private(world: &World, name: &str, text: &str) -> Result<PathBuf> {
    let path = world.folder.join(name);
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
    file.write_all(text.as_bytes())?;
    Ok(path)
}

async fn rotation_with_overlap(world: Arc<World>) -> Result<()> {
    let old = make(&world, "overlap").await?;
    let vin = authorized_for(&world, "overlap").await?;
    let built_with = keep_private(&world, "overlap-claim.json", &read(&world, "overlap").await?)?;
    let _: Done = world.api.call(&Route::RotateClaim(old.id.clone()), Some(&RotateClaim {})).await??;
    let newer = eventually("Secrets Manager rotates it", async || {
        let newer = current(&world, "overlap").await?;
        ensure!(newer.id != old.id, "the old one is current");
        Ok(newer)
    })
    .await?;
    ensure!(newer.status == Some(CertificateStatus::Active), "{newer:?}");
    let retiring = reach(&world, &old.id).await?.claim;
    let record = retiring.record.clone().context("a record")?;
    ensure!(record.state == ClaimState::Retiring && record.replaced_by.as_ref() == Some(&newer.id), "{record:?}");
    ensure!(record.expected_at_retirement == Some(1) && retiring.status == Some(CertificateStatus::Active));
    let overlap = record.retire_at.zip(record.retiring_since).map(|(end, since)| end.duration_since(since));
    ensure!(overlap == Some(SignedDuration::from_hours(90 * 24)), "{overlap:?}");
    ensure!(Claim::from_secret(&read(&world, "overlap").await?).is_ok(), "plants cannot read the new one");

    // While somebody is expected with it, nothing happens to it.
    housekeeping(&world).await?;
    ensure!(state_of(&world, &old.id).await? == ClaimState::Retiring);
    let device = Device::new(&world, &vin);
    let claim = built_with.to_str().context("a path in UTF-8")?;
    let admitted = device.provision_with(&["--claim", claim]).await?;
    ensure!(admitted.is_ok(), "the vehicle that was built with the old claim was stranded: {admitted:?}");
    ensure!(device.connect().await?.is_ok(), "it could not connect");
    // Every vehicle that was announced has come. One that nobody announced may have been built with it, too.
    authorized_without_a_claim(&world).await?;
    housekeeping(&world).await?;
    ensure!(state_of(&world, &old.id).await? == ClaimState::Retiring, "it ended before its time was over");
    end_its_time(&world, &old.id).await?;
    housekeeping(&world).await?;
    ensure!(state_of(&world, &old.id).await? == ClaimState::Retired, "it works although its time is over");
    ensure!(reach(&world, &old.id).await?.claim.status.is_none(), "AWS IoT still has it");
    let late = authorized_for(&world, "overlap").await?;
    let refused = Device::new(&world, &late).provision_with(&["--claim", claim]).await?;
    ensure!(refused.is_err(), "the retired claim let somebody in");
    provision_with(&world, &read(&world, "overlap").await?, &late).await?;
    Ok(())
}

/// As another tool authorizes a VIN: without a word on the claim it will come with.
async fn authorized_without_a_claim(world: &World) -> Result<()> {
    let vin = world.new_vin();
    let shard = shard_of(&vin.clone().try_into()?);
    let row = Item::from([text("vin", &vin), text("vin_shard", &shard), truth("allow_provisioning", true)]);
    Ok(put_item(&world.administrator, &world.stack.authorized_vehicles_table, row, None).await?)
}

/// Brings the end of a retiring claim's time into the past.
async fn end_its_time(world: &World, id: &ClaimCertificateId) -> Result<()> {
    let past = world.administrator.now() - SignedDuration::from_secs(1);
    let update = Update::of(&world.tables("-").claim_certificates, claim_certificates::key(id))
        .set("SET retire_at = :past")
        .when("attribute_exists(retire_at)")
        .value(":past", past.to_string());
    Ok(update_item(&world.administrator, &update).await?)
}

async fn housekeeping(world: &World) -> Result<()> {
    aws::lambda::invoke(&world.administrator, "cms-housekeeping", &json!({})).await?;
    Ok(())
}

async fn burn(world: &World, id: &ClaimCertificateId, seen: u32) -> Result<Result<Done, ApiError>> {
    let body = BurnClaim { reason: "its key leaked".to_owned(), expected_count_seen: seen };
    world.api.call(&Route::BurnClaim(id.clone()), Some(&body)).await
}

async fn burning(world: Arc<World>) -> Result<()> {
    let claim = make(&world, "burning").await?;
    let key = read(&world, "burning").await?;
    let came = authorized_for(&world, "burning").await?;
    let identity = provision_with(&world, &key, &came).await?;
    let mut stranded = [authorized_for(&world, "burning").await?, authorized_for(&world, "burning").await?];
    stranded.sort();
    eventually("the one that came is not expected any more", async || {
        expects(&reach(&world, &claim.id).await?.claim, 2)
    })
    .await?;
    let shown = reach(&world, &claim.id).await?;
    ensure!(shown.expected_vins.iter().map(|vin| vin.as_str()).eq(stranded.iter().map(String::as_str)), "{shown:?}");

    let unseen = burn(&world, &claim.id, 1).await?;
    ensure!(unseen == Err(Refusal::MoreVehiclesExpected.into()), "{unseen:?}");
    let done = burn(&world, &claim.id, 2).await??;
    ensure!(
        done.steps.iter().any(|step| step.outcome == StepOutcome::NotProven && step.what.contains("burning")),
        "{done:?}"
    );
    // A repeat finishes what may have been interrupted.
    burn(&world, &claim.id, 2).await??;
    let burned = reach(&world, &claim.id).await?.claim;
    let record = burned.record.context("a record")?;
    ensure!(burned.status == Some(CertificateStatus::Revoked) && record.state == ClaimState::Burned, "{record:?}");
    ensure!(record.reason.as_deref() == Some("its key leaked") && record.ended_by.is_some(), "{record:?}");

    for vin in &stranded {
        let refused = provision_with(&world, &key, vin).await;
        let error = refused.err().and_then(|error| error.downcast::<VehicleError>().ok());
        ensure!(matches!(error, Some(VehicleError::IdentityRefused { .. })), "{vin} was answered {error:?}");
    }
    // Over a connection from before, the hook refuses it by its record.
    let event = json!({
        "certificateId": "ab".repeat(32), "claimCertificateId": claim.id, "clientId": "a story",
        "parameters": { "vin": stranded[0] }
    });
    let answer = world.invoke_hook(&event).await?;
    ensure!(answer["allowProvisioning"] == false, "it was answered {answer}");
    let attempts = world.api.vehicle(&stranded[0]).await?.attempts;
    let denied = AttemptOutcome::Denied(DenialReason::ClaimRetired);
    ensure!(attempts.first().is_some_and(|attempt| attempt.outcome == denied), "{attempts:?}");
    // Those it let in are not touched.
    vehicle::report_active(&world.mqtt()?, &identity).await?;

    // Its name gets a new one, which lets the stranded in.
    let _: Done = world.api.call(&Route::RotateClaim(claim.id.clone()), Some(&RotateClaim {})).await??;
    eventually("the name has a working certificate again", async || current(&world, "burning").await).await?;
    ensure!(state_of(&world, &claim.id).await? == ClaimState::Burned);
    provision_with(&world, &read(&world, "burning").await?, &stranded[0]).await?;
    Ok(())
}

async fn names(world: Arc<World>) -> Result<()> {
    for name in ["", "Plant 7", "a/b", "../x", &"a".repeat(33)] {
        let answer: Result<Done, ApiError> =
            world.api.call(&Route::CreateClaim, Some(&CreateClaim { name: name.to_owned() })).await?;
        ensure!(matches!(answer, Err(ApiError::InvalidRequest { .. })), "{name:?} was answered {answer:?}");
    }
    make(&world, "once").await?;
    for name in ["once", "default"] {
        let answer: Result<Done, ApiError> =
            world.api.call(&Route::CreateClaim, Some(&CreateClaim { name: name.to_owned() })).await?;
        ensure!(answer == Err(Refusal::ClaimNameTaken.into()), "{name:?} was answered {answer:?}");
    }
    let vin = world.new_vin();
    let body = json!({ "vin": vin, "make": "a", "model": "b", "year": "2026", "claim": "no-such-plant" });
    let answer: Result<Done, ApiError> = world.api.call(&Route::Authorize, Some(&body)).await?;
    ensure!(answer == Err(Refusal::NoSuchClaimName.into()), "{answer:?}");
    let unknown = ClaimCertificateId("0".repeat(64).try_into()?);
    let answer: Result<Value, ApiError> = world.api.read(&Route::ClaimReach(unknown, None)).await?;
    ensure!(matches!(answer, Err(ApiError::NoSuchClaim { .. })), "{answer:?}");
    Ok(())
}

/// What the rotation function works with, over another way to AWS.
fn rotating<T: Transport>(world: &World, transport: T) -> Result<Claims<T>> {
    let edge = world.edge(transport, &world.tables("-"))?;
    Ok(Claims {
        aws: edge.aws,
        tables: edge.tables,
        claim_policy: edge.claim_policy,
        secret: world.stack.claim_secret_id.clone(),
        kms_key_id: String::new(),
        overlap: SignedDuration::from_hours(90 * 24),
        rotation_days: None,
        rotation_function: String::new(),
        log: |_| {},
    })
}

fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("{error}")
}

async fn unexpected_shape(world: Arc<World>) -> Result<()> {
    let claim = make(&world, "odd-shape").await?;
    let secret = secret_of(&world, "odd-shape");
    let before = read(&world, "odd-shape").await?;
    put_pending_version(&world.administrator, &secret, &"e".repeat(32), "hush: not JSON at all").await?;
    let claims = rotating(&world, NativeTransport::new(Duration::from_secs(20)))?;
    for step in RotationStep::ALL {
        let Err(error) = claims.take_step(step, &secret, &"e".repeat(32), "a story").await else {
            bail!("{step:?} took it for a claim")
        };
        let error = error.to_string();
        ensure!(error.contains("expected shape") && !error.contains("hush"), "{error}");
    }
    ensure!(read(&world, "odd-shape").await? == before, "the secret changed");
    ensure!(current(&world, "odd-shape").await?.id == claim.id);
    Ok(())
}

/// A stack of its own, because it is changed and taken down.
async fn schedule_and_removal(world: Arc<World>) -> Result<()> {
    let mut configuration = world.configuration_beside("claims")?;
    configuration.demo_fleet = false;
    let stack = local::Stack::start(&configuration, |_| {}).await?;
    let (administrator, console) = (stories::administrator_of(&stack.json), stories::Api::of(&stack.json));
    let made: Done = console.call(&Route::CreateClaim, Some(&CreateClaim { name: "plant-7".to_owned() })).await??;
    ensure!(!made.steps.is_empty());
    let default = stack.json.claim_secret_id.clone();
    let secrets = [default.clone(), format!("{default}/plant-7")];
    let before = read_all(&administrator, &secrets).await?;
    let target = Target { app_unique_id: configuration.app.clone(), code_bucket: None };
    for (days, scheduled) in [("45", Some(45)), ("0", None), ("90", Some(90))] {
        let options = UpOptions {
            target: target.clone(),
            zips: configuration.build.function_zips.clone(),
            parameters: BTreeMap::from([("ClaimRotationDays".to_owned(), days.to_owned())]),
        };
        deploy::up(&administrator, &options, &mut |_| {}).await?;
        for secret in &secrets {
            let described = describe_secret(&administrator, secret).await?.context("the secret")?;
            let rules = described.rotation_rules.filter(|_| described.rotation_enabled);
            ensure!(rules.and_then(|rules| rules.automatically_after_days) == scheduled, "{secret} after {days} days");
        }
        ensure!(read_all(&administrator, &secrets).await? == before, "{days} days: a claim was rotated");
    }
    // A creation that ended before its schedule, which is repeated; one that ended before its row; and a burned claim.
    cancel_rotation(&administrator, &secrets[1]).await?;
    let repeated: Done = console.call(&Route::CreateClaim, Some(&CreateClaim { name: "plant-7".to_owned() })).await??;
    ensure!(repeated.steps.iter().any(|step| step.what.contains("rotated by itself")), "{repeated:?}");
    ensure!(read_all(&administrator, &secrets).await? == before, "a repeated creation changed the claim");
    let half_made = format!("{default}/half-made");
    create_secret_without_value(&administrator, &half_made, "A claim.", "alias/aws/secretsmanager").await?;
    let page: ClaimCertificatesPage = console.call(&Route::Claims, NO_BODY).await??;
    for claim in &page.claims {
        let body = BurnClaim { reason: "It was copied.".to_owned(), expected_count_seen: u32::MAX };
        let _: Done = console.call(&Route::BurnClaim(claim.id.clone()), Some(&body)).await??;
    }
    deploy::down(&administrator, &target, &mut |_| {}).await?;
    for secret in secrets.iter().chain([&half_made]) {
        ensure!(describe_secret(&administrator, secret).await?.is_none(), "{secret} remains");
    }
    for claim in page.claims {
        ensure!(describe_certificate(&administrator, &claim.id.0).await?.is_none(), "{} remains", claim.id);
    }
    stack.stop();
    Ok(())
}

async fn read_all(administrator: &aws::Aws<NativeTransport>, secrets: &[String]) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for secret in secrets {
        texts.push(get_secret_value(administrator, secret).await?);
    }
    Ok(texts)
}

async fn under_way(world: Arc<World>) -> Result<()> {
    let claim = make(&world, "under-way").await?;
    // A rotation that stopped half-way, as one does whose function fails.
    let secret = secret_of(&world, "under-way");
    put_pending_version(&world.administrator, &secret, &"f".repeat(32), "{}").await?;
    let answer: Result<Done, ApiError> =
        world.api.call(&Route::RotateClaim(claim.id.clone()), Some(&RotateClaim {})).await?;
    ensure!(answer == Err(Refusal::RotationUnderWay.into()), "{answer:?}");
    ensure!(current(&world, "under-way").await?.id == claim.id);
    Ok(())
}

/// Kills a rotation before its first call to AWS, its second, and so on until it is not killed any more, and resumes it
/// each time with the step that did not end.
async fn burned_while_prepared(world: Arc<World>) -> Result<()> {
    let first = make(&world, "burned-early").await?;
    let (secret, version) = (secret_of(&world, "burned-early"), "b".repeat(32));
    let claims = rotating(&world, NativeTransport::new(Duration::from_secs(20)))?;
    for step in [RotationStep::CreateSecret, RotationStep::SetSecret] {
        claims.take_step(step, &secret, &version, "a story").await.map_err(failed)?;
    }
    let is_prepared = |claim: &ClaimCertificate| {
        claim
            .record
            .as_ref()
            .is_some_and(|record| record.name.as_str() == "burned-early" && record.state == ClaimState::Preparing)
    };
    let prepared = inventory(&world).await?.into_iter().find(is_prepared).context("one is prepared")?;
    burn(&world, &prepared.id, 0).await??;
    let _: Done = world.api.call(&Route::RotateClaim(first.id.clone()), Some(&RotateClaim {})).await??;
    eventually("the name has another certificate", async || {
        let now = current(&world, "burned-early").await?;
        ensure!(now.id != first.id && now.id != prepared.id, "{} is current", now.id);
        Ok(())
    })
    .await?;
    ensure!(state_of(&world, &prepared.id).await? == ClaimState::Burned);
    ensure!(state_of(&world, &first.id).await? == ClaimState::Retiring);
    something_works(&world, "burned-early").await
}

async fn killed_rotation(world: Arc<World>, failure: Failure) -> Result<()> {
    const MOST_CALLS: usize = 80;
    let name = format!("killed-{}", format!("{failure:?}").to_lowercase());
    make(&world, &name).await?;
    let secret = secret_of(&world, &name);
    let resumed = rotating(&world, NativeTransport::new(Duration::from_secs(20)))?;
    for calls in 0..MOST_CALLS {
        let version = format!("{name:-<32}{calls:04}");
        let failing = rotating(&world, Outage::new(calls, failure))?;
        let mut killed = false;
        for step in RotationStep::ALL {
            if !killed {
                killed = failing.take_step(step, &secret, &version, "a story").await.is_err();
                if killed {
                    something_works(&world, &name).await.with_context(|| format!("killed at call {calls}"))?;
                }
            }
            if killed {
                resumed.take_step(step, &secret, &version, "a story").await.map_err(failed)?;
            }
        }
        whole(&world, &name, &version).await.with_context(|| format!("killed at call {calls}"))?;
        if !killed {
            ensure!(calls > 20, "a rotation makes more calls than {calls}");
            return Ok(());
        }
    }
    bail!("a rotation makes more calls than expected")
}

/// What plants read now works.
async fn something_works(world: &World, name: &str) -> Result<()> {
    let claim: Value = serde_json::from_str(&read(world, name).await?)?;
    let id = claim["certificateId"].as_str().context("an id")?.to_owned().try_into()?;
    let described = aws::iot::describe_certificate(&world.administrator, &id).await?.context("it is registered")?;
    ensure!(described.status == Some(CertificateStatus::Active), "what plants read is {:?}", described.status);
    Ok(())
}

/// The rotation to this version is whole: one certificate is current, those before it work, nothing else is left.
async fn whole(world: &World, name: &str, version: &str) -> Result<()> {
    let secret = secret_of(world, name);
    let described = describe_secret(&world.administrator, &secret).await?.context("the secret")?;
    ensure!(described.has_label(version, "AWSCURRENT"), "{described:?}");
    let text = get_secret_version(&world.administrator, &secret, version).await?.context("a value")?;
    let made: Value = serde_json::from_str(&text)?;
    let (records, _) = aws::claim_records(&world.administrator, &world.tables(&world.attempts_table().await?)).await?;
    let mut current = Vec::new();
    for record in records.iter().filter(|record| record.name.as_str() == name) {
        match record.state {
            ClaimState::Current => current.push(record.id.as_str()),
            ClaimState::Retiring => {}
            state => bail!("{} is {state:?}", record.id),
        }
    }
    ensure!(current == [made["certificateId"].as_str().unwrap_or_default()], "{current:?} are current");
    something_works(world, name).await?;
    // Whatever has the claim policy is on record, unless another story is making it just now.
    let targets = aws::iot::list_targets_for_policy(&world.administrator, "cms-claim-policy").await?;
    ensure!(targets.iter().filter(|arn| arn.contains(current[0])).count() == 1, "the current one lacks the policy");
    Ok(())
}

async fn in_the_console(world: Arc<World>) -> Result<()> {
    let claim = make(&world, "console").await?;
    for _ in 0..12 {
        authorized_for(&world, "console").await?;
    }
    for look in Look::ALL {
        let browser = Browser::open(&world, look).await?;
        browser.go_to("/claims").await?;
        browser.reads("console").await?;
        browser.keeps_screen(&format!("claims-several-{}", look.name)).await?;
        browser.go_to(&format!("/claims/{}", claim.id)).await?;
        browser.sees("[data-testid='claim-state'][data-state='current']").await?;
        browser.keeps_screen(&format!("claim-{}", look.name)).await?;
        ensure!(!browser.overflows().await?, "the claim's page is wider than the window ({})", look.name);
        browser.presses("Burn").await?;
        browser.reads("12 vehicles are still expected").await?;
        browser.keeps_screen(&format!("claim-burn-{}", look.name)).await?;
        ensure!(!browser.overflows().await?, "the dialog is wider than the window ({})", look.name);
        let complaints = browser.complaints().await?;
        ensure!(complaints.is_empty(), "the page complained: {complaints:?}");
        browser.close().await?;
    }
    let browser = Browser::open(&world, Look::ALL[0]).await?;
    browser.go_to("/vehicles").await?;
    browser.presses("Authorize a vehicle").await?;
    browser.sees("dialog select option").await?;
    browser.keeps_screen("claim-choice").await?;
    browser.go_to(&format!("/claims/{}", claim.id)).await?;
    browser.presses("Rotate").await?;
    browser.keeps_screen("claim-rotate").await?;
    browser.presses("Rotate claim").await?;
    browser.reads("Rotation begun").await?;
    eventually("the page shows it retiring", async || {
        browser.reload().await?;
        browser.sees("[data-testid='claim-state']").await?;
        ensure!(browser.shows("[data-testid='claim-state'][data-state='retiring']").await, "not yet");
        Ok(())
    })
    .await?;
    browser.presses("Burn").await?;
    browser.types("Reason", "its key leaked").await?;
    browser.types("The claim's name", "console").await?;
    browser.presses("Burn claim certificate").await?;
    browser.sees("[data-testid='claim-state'][data-state='burned']").await?;
    browser.keeps_screen("claim-burned").await?;
    browser.go_to("/claims").await?;
    browser.presses("Make a claim").await?;
    browser.types("Name", "by-hand").await?;
    browser.keeps_screen("claim-make").await?;
    browser.presses("Make claim").await?;
    browser.reads("Claim by-hand made").await?;
    browser.sees("[data-claim-name='by-hand']").await?;
    browser.close().await
}
