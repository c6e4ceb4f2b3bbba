//! One running stack, and who acts in it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use aws::tables::TableNames;
use aws::{Aws, Credentials, NativeTransport, Transport};
use edge::Deployment;
use local::{Configuration, Stack, StackJson};
use provisioning_rules::Effect;
use serde_json::Value;
use shared::{CertificateId, CertificateStatus};
use tokio::process::Command;
use vehicle::{Claim, Endpoint, ProvisioningRequest, TemplateName};

use crate::{Api, eventually};

/// A stack that belongs to the stories alone.
pub struct World {
    /// The console API, as its operator.
    pub api: Api,
    /// AWS, as an administrator.
    pub administrator: Aws<NativeTransport>,
    /// Addresses and names.
    pub stack: StackJson,
    /// Where logs, screenshots and identities go.
    pub folder: PathBuf,
    vins: AtomicU32,
}

impl World {
    /// Starts a stack with an empty state on ports that nothing else uses.
    pub async fn start() -> Result<(World, Stack)> {
        let checkout = checkout()?;
        // Two runs beside each other need two folders.
        let folder = std::env::var_os("STORIES_FOLDER").map_or(checkout.join("target/stories"), PathBuf::from);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).context("cannot empty the folder of the last run")?;
        }
        let configuration = Configuration {
            state: folder.join("state"),
            ..Configuration::in_checkout(&checkout, local::free_ports()?)
        };
        std::fs::create_dir_all(folder.join("screens"))?;
        let stack = Stack::start(&configuration, |step| eprintln!("[stories] {step}")).await?;
        let json = stack.json.clone();
        let world = World {
            api: Api::of(&json),
            administrator: administrator_of(&json),
            stack: json,
            folder,
            vins: AtomicU32::new(0),
        };
        Ok((world, stack))
    }

    /// A stack of a story's own, beside this one.
    pub fn configuration_beside(&self, name: &str) -> Result<Configuration> {
        let ports = local::free_ports()?;
        Ok(Configuration { state: self.folder.join(name), ..Configuration::in_checkout(&checkout()?, ports) })
    }

    /// A VIN that no other story uses.
    pub fn new_vin(&self) -> String {
        format!("ST0RY{:012}", self.vins.fetch_add(1, Ordering::Relaxed))
    }

    /// A VIN that no other story uses, authorized by the operator.
    pub async fn authorized_vin(&self) -> Result<String> {
        let vin = self.new_vin();
        self.api.authorize(&vin).await?;
        Ok(vin)
    }

    /// The claim certificate, as a plant reads it.
    pub async fn claim(&self) -> Result<Claim> {
        let secret = aws::secrets_manager::get_secret_value(&self.administrator, &self.stack.claim_secret_id).await?;
        Ok(Claim::from_secret(&secret)?)
    }

    /// Where vehicles connect.
    pub fn mqtt(&self) -> Result<Endpoint> {
        Ok(Endpoint {
            port: self.stack.mqtt_port,
            root_ca_pem: Some(std::fs::read_to_string(&self.stack.root_ca)?),
            ..Endpoint::new(&self.stack.mqtt_host)
        })
    }

    /// A vehicle asks to be provisioned under this spelling of its VIN.
    pub async fn provision(&self, vin: &str) -> Result<vehicle::Identity> {
        let request = ProvisioningRequest::new(TemplateName::parse(&self.stack.template_name)?, vin)?;
        Ok(vehicle::provision(&self.claim().await?, &self.mqtt()?, &request).await?)
    }

    /// A vehicle that was provisioned and whose registration is on record.
    pub async fn provisioned(&self, vin: &str) -> Result<vehicle::Identity> {
        let identity = self.provision(vin).await?;
        self.becomes(vin, &CertificateId::try_from(identity.certificate_id.to_string())?, CertificateStatus::Active)
            .await?;
        Ok(identity)
    }

    /// Calls the pre-provisioning hook as IoT Core would, with any event, by way of AWS Lambda.
    pub async fn invoke_hook(&self, event: &Value) -> Result<Value> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/control_plane/invoke_hook.py");
        let output = Command::new("python3")
            .args([script, self.stack_file().to_str().context("a path in UTF-8")?, &event.to_string()])
            .output()
            .await?;
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.success(), "the hook could not be called: {complaint}");
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Deletes a certificate from AWS IoT without telling anybody.
    pub async fn delete_behind_the_back(&self, id: &CertificateId) -> Result<()> {
        use aws::iot::{RequestedStatus, update_certificate};
        update_certificate(&self.administrator, id, RequestedStatus::Inactive).await?;
        let effects = vec![Effect::DetachCertificate(id.clone()), Effect::DeleteCertificate(id.clone())];
        aws::perform(&self.administrator, &self.tables("-"), effects, |_| {}).await?;
        Ok(())
    }

    /// The stack's `stack.json`.
    pub fn stack_file(&self) -> PathBuf {
        self.folder.join("state/stack.json")
    }

    /// The table of attempts.
    pub async fn attempts_table(&self) -> Result<String> {
        self.worker_setting("PROVISIONING_ATTEMPTS_TABLE_NAME")
    }

    /// The table of operators' actions.
    pub async fn operator_actions_table(&self) -> Result<String> {
        self.worker_setting("OPERATOR_ACTIONS_TABLE_NAME")
    }

    /// The table of claim certificates.
    pub async fn claim_certificates_table(&self) -> Result<String> {
        self.worker_setting("CLAIM_CERTIFICATES_TABLE_NAME")
    }

    /// What the Worker is told. The tools' file does not name every table: CloudFormation knows them.
    fn worker_setting(&self, name: &str) -> Result<String> {
        let settings = std::fs::read_to_string(self.folder.join("state/worker.env"))?;
        let value = settings.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        Ok(value.with_context(|| format!("the Worker is not told {name}"))?.trim_matches('\'').to_owned())
    }

    /// The names of the tables, with this one for the attempts.
    pub fn tables(&self, attempts: &str) -> TableNames {
        TableNames {
            authorized_vehicles: self.stack.authorized_vehicles_table.clone(),
            provisioned_vehicles: self.stack.provisioned_vehicles_table.clone(),
            provisioning_attempts: attempts.to_owned(),
            operator_actions: self.worker_setting("OPERATOR_ACTIONS_TABLE_NAME").unwrap_or_default(),
            claim_certificates: self.worker_setting("CLAIM_CERTIFICATES_TABLE_NAME").unwrap_or_default(),
        }
    }

    /// The edge as it runs in the Worker, over another transport and these tables.
    pub fn edge<T: Transport>(&self, transport: T, tables: &TableNames) -> Result<Deployment<T>> {
        edge_of(&self.stack, transport, tables)
    }

    /// Waits until the record of a certificate has this status.
    pub async fn becomes(&self, vin: &str, id: &CertificateId, status: CertificateStatus) -> Result<()> {
        eventually(&format!("certificate {id} of {vin} is on record as {status}"), async || {
            let details = self.api.vehicle(vin).await?;
            let certificate = details.certificates.iter().find(|certificate| certificate.record.certificate_id == *id);
            let recorded = certificate.context("it is not on record")?.record.certificate_status;
            anyhow::ensure!(recorded == status, "it is on record as {recorded}");
            Ok(())
        })
        .await
    }
}

fn checkout() -> Result<PathBuf> {
    Ok(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?)
}

/// AWS, as the administrator of a stack.
pub fn administrator_of(json: &StackJson) -> Aws<NativeTransport> {
    administrator_over(json, NativeTransport::new(Duration::from_secs(20)))
}

/// AWS, as the administrator of a stack, over any transport.
pub fn administrator_over<T: Transport>(json: &StackJson, transport: T) -> Aws<T> {
    let credentials = Credentials {
        access_key_id: json.access_key_id.clone(),
        secret_access_key: json.secret_access_key.clone(),
        session_token: None,
    };
    let endpoint = json.aws_endpoint.clone();
    Aws::new(transport, &json.region, credentials, move |name| (name == "AWS_ENDPOINT_URL").then(|| endpoint.clone()))
}

/// The edge of any stack as it runs in the Worker, over this transport and these tables.
pub fn edge_of<T: Transport>(json: &StackJson, transport: T, tables: &TableNames) -> Result<Deployment<T>> {
    let setting = |name: &str| {
        Some(match name {
            "AWS_REGION" => json.region.clone(),
            "AWS_ENDPOINT_URL" => json.aws_endpoint.clone(),
            "AWS_ACCESS_KEY_ID" => json.access_key_id.clone(),
            "AWS_SECRET_ACCESS_KEY" => json.secret_access_key.clone(),
            "AUTHORIZED_VEHICLES_TABLE_NAME" => tables.authorized_vehicles.clone(),
            "PROVISIONED_VEHICLES_TABLE_NAME" => tables.provisioned_vehicles.clone(),
            "PROVISIONING_ATTEMPTS_TABLE_NAME" => tables.provisioning_attempts.clone(),
            "OPERATOR_ACTIONS_TABLE_NAME" => tables.operator_actions.clone(),
            "CLAIM_CERTIFICATES_TABLE_NAME" => tables.claim_certificates.clone(),
            "CLAIMS_FUNCTION_NAME" => "cms-claims".to_owned(),
            "PROVISIONING_TEMPLATE_NAME" => json.template_name.clone(),
            "CLAIM_POLICY_NAME" => "cms-claim-policy".to_owned(),
            "LOCAL_OPERATOR" => "story".to_owned(),
            _ => return None,
        })
    };
    Deployment::read(transport, setting, |_| {}).map_err(anyhow::Error::msg)
}
