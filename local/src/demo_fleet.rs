//! A small fleet that came in by the same doors as any: operators authorize it, vehicles provision themselves.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use aws::dynamodb::put_item;
use aws::secrets_manager::get_secret_value;
use aws::{Aws, Transport};
use serde_json::json;
use shared::CertificateStatus;
use shared::api::{ApiError, Authorize, CertificateAction, CertificateDetails, Done, Reason, Route, VehicleDetails};
use vehicle::{Claim, Endpoint, ProvisioningRequest, TemplateName, VehicleError};

use crate::StackJson;
use crate::console_client::ConsoleClient;

/// What becomes of a demo vehicle.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It provisions itself and reports itself active.
    Connected,
    /// It provisions itself and is not heard of again.
    NeverConnected,
    /// It is authorized and has not come yet.
    Awaited,
    /// A plant's script recorded it as not to be let in, and it comes all the same.
    NotAllowed,
    /// Nobody knows it, and it comes all the same.
    Unknown,
    /// It is provisioned and connected until an operator revokes it; it comes again and is refused.
    Revoked,
}

struct DemoVehicle {
    vin: &'static str,
    make: &'static str,
    model: &'static str,
    year: &'static str,
    fate: Fate,
}

const fn vehicle(vin: &'static str, model: &'static str, year: &'static str, fate: Fate) -> DemoVehicle {
    DemoVehicle { vin, make: "Nordwerk", model, year, fate }
}

const FLEET: [DemoVehicle; 10] = [
    vehicle("NW1E3CA25R1000017", "Fjord", "2024", Fate::Connected),
    vehicle("NW1E3CA25R1000024", "Fjord", "2024", Fate::Connected),
    vehicle("NW1T7BX41S2000031", "Tind", "2025", Fate::Connected),
    vehicle("NW1T7BX41S2000048", "Tind", "2025", Fate::Connected),
    vehicle("NW1E3CA25R1000055", "Fjord", "2024", Fate::NeverConnected),
    vehicle("NW1T7BX41S2000062", "Tind", "2025", Fate::NeverConnected),
    vehicle("NW1T7BX41T3000079", "Tind", "2026", Fate::Awaited),
    vehicle("NW1E3CA25R1000086", "Fjord", "2024", Fate::NotAllowed),
    vehicle("XX9Z9ZZ99X9000093", "", "", Fate::Unknown),
    vehicle("NW1E3CA25R1000109", "Fjord", "2024", Fate::Revoked),
];

struct Doors<'a, T> {
    console: ConsoleClient,
    administrator: &'a Aws<T>,
    authorized_vehicles_table: &'a str,
    claim: Claim,
    mqtt: Endpoint,
    template: TemplateName,
}

/// Sends the fleet unless `mark` says that it was sent and the console still knows it. It may be sent again after an
/// interruption: what a vehicle already did is not repeated.
pub(crate) async fn send_once<T: Transport>(
    stack: &StackJson,
    administrator: &Aws<T>,
    mark: &Path,
    progress: &impl Fn(&str),
) -> Result<()> {
    let console = ConsoleClient { console: stack.console.clone() };
    if mark.exists() && is_known(&console).await? {
        return Ok(());
    }
    progress("sending the demo fleet through its provisioning");
    let doors = Doors {
        claim: Claim::from_secret(&get_secret_value(administrator, &stack.claim_secret_id).await?)?,
        mqtt: Endpoint {
            port: stack.mqtt_port,
            root_ca_pem: Some(std::fs::read_to_string(&stack.root_ca).context("cannot read the root certificate")?),
            ..Endpoint::new(&stack.mqtt_host)
        },
        template: TemplateName::parse(&stack.template_name)?,
        console,
        administrator,
        authorized_vehicles_table: &stack.authorized_vehicles_table,
    };
    for vehicle in &FLEET {
        doors.send(vehicle).await.with_context(|| format!("the demo vehicle {} did not get through", vehicle.vin))?;
    }
    std::fs::write(mark, "").context("cannot write to the state folder")
}

async fn is_known(console: &ConsoleClient) -> Result<bool> {
    let answer = console.try_call::<VehicleDetails>(&Route::Vehicle(FLEET[0].vin.to_owned()), NO_BODY).await?;
    Ok(!matches!(answer, Err(ApiError::NoSuchVehicle { .. })))
}

const NO_BODY: Option<&()> = None;

impl<T: Transport> Doors<'_, T> {
    async fn send(&self, vehicle: &DemoVehicle) -> Result<()> {
        match vehicle.fate {
            Fate::Unknown => {}
            Fate::NotAllowed => self.record_as_a_plant_does(vehicle).await?,
            _ => self.authorize(vehicle).await?,
        }
        match vehicle.fate {
            Fate::Awaited => Ok(()),
            Fate::Unknown | Fate::NotAllowed => self.is_denied(vehicle).await,
            _ if self.has_been_provisioned(vehicle).await? => Ok(()),
            Fate::NeverConnected => self.provision(vehicle).await.map(drop),
            Fate::Connected => self.connect(vehicle).await,
            Fate::Revoked => {
                self.connect(vehicle).await?;
                self.revoke(vehicle).await?;
                self.is_denied(vehicle).await
            }
        }
    }

    async fn authorize(&self, vehicle: &DemoVehicle) -> Result<()> {
        let authorize = Authorize {
            vin: vehicle.vin.to_owned(),
            make: vehicle.make.to_owned(),
            model: vehicle.model.to_owned(),
            year: vehicle.year.to_owned(),
            claim: None,
        };
        match self.console.try_call::<serde_json::Value>(&Route::Authorize, Some(&authorize)).await? {
            // Authorized before an interruption.
            Ok(_) | Err(ApiError::Refused { .. }) => Ok(()),
            Err(error) => Err(error).context("authorizing it"),
        }
    }

    /// The row as a script that knows nothing of this project writes it.
    async fn record_as_a_plant_does(&self, vehicle: &DemoVehicle) -> Result<()> {
        let row = json!({
            "vin": {"S": vehicle.vin}, "make": {"S": vehicle.make}, "model": {"S": vehicle.model},
            "year": {"S": vehicle.year}, "allow_provisioning": {"BOOL": false},
        });
        put_item(self.administrator, self.authorized_vehicles_table, serde_json::from_value(row)?, None).await?;
        Ok(())
    }

    async fn provision(&self, vehicle: &DemoVehicle) -> Result<vehicle::Identity> {
        let request = ProvisioningRequest::new(self.template.clone(), vehicle.vin)?;
        Ok(vehicle::provision(&self.claim, &self.mqtt, &request).await?)
    }

    async fn connect(&self, vehicle: &DemoVehicle) -> Result<()> {
        let identity = self.provision(vehicle).await?;
        // Only a registered certificate can be reported connected, and registration is told by an event.
        self.wait_for_certificate(vehicle, |certificate| {
            certificate.record.certificate_status == CertificateStatus::Active
        })
        .await?;
        vehicle::report_active(&self.mqtt, &identity).await?;
        self.wait_for_certificate(vehicle, |certificate| certificate.record.has_connected_once).await?;
        Ok(())
    }

    async fn is_denied(&self, vehicle: &DemoVehicle) -> Result<()> {
        match self.provision(vehicle).await {
            Ok(_) => anyhow::bail!("it was let in, and should not have been"),
            Err(error) if matches!(error.downcast_ref(), Some(VehicleError::ProvisioningDenied { .. })) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn revoke(&self, vehicle: &DemoVehicle) -> Result<()> {
        let details = self.details(vehicle).await?;
        let current = details.certificates.iter().find(|certificate| certificate.current);
        let id = current.context("it has no certificate to revoke")?.record.certificate_id.clone();
        let route = Route::Certificate(vehicle.vin.to_owned(), id, CertificateAction::Revoke);
        let reason = Reason { reason: "Reported stolen (demo fleet)".to_owned() };
        self.console.call::<Done>(&route, Some(&reason)).await?;
        Ok(())
    }

    async fn has_been_provisioned(&self, vehicle: &DemoVehicle) -> Result<bool> {
        Ok(!self.details(vehicle).await?.certificates.is_empty())
    }

    async fn wait_for_certificate(
        &self,
        vehicle: &DemoVehicle,
        wanted: impl Fn(&CertificateDetails) -> bool,
    ) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.details(vehicle).await?.certificates.iter().any(&wanted) {
            ensure!(Instant::now() < deadline, "what it did is not on record after 20 s");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    async fn details(&self, vehicle: &DemoVehicle) -> Result<VehicleDetails> {
        self.console.call(&Route::Vehicle(vehicle.vin.to_owned()), NO_BODY).await
    }
}
