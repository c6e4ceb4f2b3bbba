//! Who makes a vehicle's key: the vehicle, or AWS. Both ways, with our vehicle and with the AWS IoT Device SDK.

use std::sync::Arc;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use shared::{CertificateId, CertificateStatus, VehicleStanding};
use stories::{Device, World, eventually};
use vehicle::{Keys, ProvisioningRequest, TemplateName, VehicleKey};

use crate::Teller;

pub(crate) fn facts(teller: &Teller) -> Vec<Trial> {
    vec![
        teller.fact("a_vehicle_gets_in_with_a_key_of_its_own_or_one_that_aws_made", our_vehicle),
        teller.fact("a_device_of_the_aws_sdk_gets_in_with_a_key_of_its_own_or_one_that_aws_made", sdk_device),
        teller.fact("a_broken_signing_request_is_rejected_and_leaves_no_trace", broken_request),
    ]
}

async fn our_vehicle(world: Arc<World>) -> Result<()> {
    let own = VehicleKey::generate()?;
    for keys in [Keys::MadeByVehicle, Keys::Existing(own.clone()), Keys::MadeByAws] {
        let vin = world.authorized_vin().await?;
        let mut request = ProvisioningRequest::new(TemplateName::parse(&world.stack.template_name)?, &vin)?;
        request.keys = keys.clone();
        let identity = vehicle::provision(&world.claim().await?, &world.mqtt()?, &request).await?;
        let kept = identity.credentials.private_key() == own.private_key();
        ensure!(kept == matches!(keys, Keys::Existing(_)), "the private key is not the one that was asked for");
        is_on_record(&world, &vin, &identity.certificate_id).await?;
        vehicle::report_active(&world.mqtt()?, &identity).await?;
        is_connected(&world, &vin).await?;
    }
    Ok(())
}

async fn sdk_device(world: Arc<World>) -> Result<()> {
    for keys in ["vehicle", "aws"] {
        let vin = world.authorized_vin().await?;
        let device = Device::new(&world, &vin);
        let provisioned = device.provision_with(&["--keys", keys]).await?;
        let id = provisioned.map_err(|rejected| anyhow::anyhow!("it was rejected: {rejected}"))?;
        is_on_record(&world, &vin, &id).await?;
        device.connect().await?.map_err(|rejected| anyhow::anyhow!("it cannot connect: {rejected}"))?;
        is_connected(&world, &vin).await?;
    }
    Ok(())
}

async fn broken_request(world: Arc<World>) -> Result<()> {
    let signed = VehicleKey::generate()?.certificate_signing_request("A")?;
    let mut halves = signed.lines();
    let torn = format!("{}\n{}\n", halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
    let file = world.folder.join("broken.csr");
    let path = file.to_string_lossy().into_owned();
    for broken in ["no request at all", torn.as_str()] {
        let vin = world.authorized_vin().await?;
        std::fs::write(&file, broken)?;
        let answer = Device::new(&world, &vin).provision_with(&["--keys", "vehicle", "--csr", &path]).await?;
        let Err(rejected) = answer else { anyhow::bail!("{broken:?} was taken for a request") };
        ensure!(rejected["step"] == "asking for a certificate for its own key", "{rejected}");
        ensure!(rejected["statusCode"] == 400 && rejected["errorMessage"].is_string(), "{rejected}");
        let details = world.api.vehicle(&vin).await?;
        ensure!(details.certificates.is_empty() && details.attempts.is_empty(), "{details:?}");
    }
    Ok(())
}

/// The row, the thing and the certificate of a vehicle that was let in.
async fn is_on_record(world: &World, vin: &str, id: &str) -> Result<()> {
    let id = CertificateId::try_from(id.to_owned())?;
    world.becomes(vin, &id, CertificateStatus::Active).await?;
    let description = aws::iot::describe_certificate(&world.administrator, &id).await?;
    let Some(description) = description else { anyhow::bail!("AWS IoT does not know the certificate") };
    ensure!(description.status == Some(CertificateStatus::Active), "it is {:?}", description.status);
    let things = aws::iot::list_principal_things(&world.administrator, &description.arn).await?;
    ensure!(things == [format!("Vehicle_{vin}")], "it is the certificate of {things:?}");
    Ok(())
}

async fn is_connected(world: &World, vin: &str) -> Result<()> {
    eventually("the vehicle is on record as connected", async || {
        let standing = world.api.vehicle(vin).await?.standing;
        ensure!(standing == VehicleStanding::Connected, "it is {standing:?}");
        Ok(())
    })
    .await
}
