//! Carrying out a command.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use vehicle::{
    Claim, ClientId, Endpoint, Identity, IdentityFolder, Keys, ProvisioningRequest, Session, TemplateName,
    VehicleError, VehicleKey, connect_and_report, provision_into, until_it_works,
};

use crate::arguments::{Arguments, Broker, ClaimFiles, Command, Connect, Install, KeyMaker, Provision};

pub async fn run(arguments: Arguments) -> Result<(), VehicleError> {
    match arguments.command {
        Command::Provision(wanted) => provision(wanted).await,
        Command::Install(wanted) => install(&wanted),
        Command::Connect(wanted) => connect(wanted).await,
    }
}

async fn provision(arguments: Provision) -> Result<(), VehicleError> {
    let endpoint = endpoint(&arguments.broker)?;
    let claim = claim(&arguments.claim)?;
    let mut wanted = ProvisioningRequest::new(TemplateName::parse(&arguments.template)?, &arguments.vin)?;
    if let Some(client_id) = &arguments.client_id {
        wanted.client_id = ClientId::parse(client_id)?;
    }
    wanted.keys = keys(arguments.keys, arguments.key_file.as_deref())?;
    let folder = IdentityFolder::open(&arguments.out)?;
    let identity = provision_into(&folder, &claim, &endpoint, &wanted).await?;
    // Other processes may read the folder while this one stays connected.
    drop(folder);
    if arguments.no_connect {
        return print_result(&identity, false);
    }
    let session = connect_and_report(&endpoint, &identity).await?;
    finish(session, &identity, arguments.stay).await
}

fn install(arguments: &Install) -> Result<(), VehicleError> {
    let identity = Identity::issued_elsewhere(
        &arguments.vin,
        arguments.thing_name.clone(),
        read(&arguments.certificate, "certificate")?,
        read(&arguments.key_file, "vehicle's private key")?,
    )?;
    IdentityFolder::open(&arguments.out)?.install(&identity)?;
    print_result(&identity, false)
}

async fn connect(arguments: Connect) -> Result<(), VehicleError> {
    let endpoint = endpoint(&arguments.broker)?;
    if !arguments.identity.is_dir() {
        return Err(VehicleError::BadInput(format!(
            "{} is not a folder; give the one a vehicle was provisioned into",
            arguments.identity.display()
        )));
    }
    let identity = IdentityFolder::open(&arguments.identity)?.read_identity()?;
    let tell = |error: &VehicleError, pause: Duration| {
        eprintln!("vehicle: not yet: {error}; trying again in {} s", pause.as_secs_f32());
    };
    let patience = Duration::from_secs(arguments.wait);
    let session = until_it_works(patience, tell, async || connect_and_report(&endpoint, &identity).await).await?;
    finish(session, &identity, arguments.stay).await
}

async fn finish(session: Session, identity: &Identity, stay: bool) -> Result<(), VehicleError> {
    // Ctrl-C must be listened for before anybody is told that the vehicle is there.
    let end = if stay { Some(interruption()?) } else { None };
    print_result(identity, true)?;
    match end {
        Some(end) => session.stay_until(end).await,
        None => {
            session.close().await;
            Ok(())
        }
    }
}

fn interruption() -> Result<impl Future<Output = ()>, VehicleError> {
    let listen =
        |kind| signal(kind).map_err(|error| VehicleError::BadInput(format!("cannot listen for signals here: {error}")));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

fn print_result(identity: &Identity, reported_active: bool) -> Result<(), VehicleError> {
    let result = json!({
        "vin": identity.vin,
        "certificate_id": identity.certificate_id,
        "thing_name": identity.thing_name,
        "reported_active": reported_active,
    });
    let mut out = io::stdout().lock();
    writeln!(out, "{result}").and_then(|()| out.flush()).map_err(|source| VehicleError::Storage {
        attempt: "write to",
        path: "standard output".into(),
        source,
    })
}

fn endpoint(broker: &Broker) -> Result<Endpoint, VehicleError> {
    Ok(Endpoint {
        host: broker.endpoint.clone(),
        port: broker.port,
        root_ca_pem: broker.root_ca.as_deref().map(|path| read(path, "root CA")).transpose()?,
        step_timeout: Duration::from_secs(broker.timeout_seconds),
    })
}

fn keys(maker: KeyMaker, file: Option<&Path>) -> Result<Keys, VehicleError> {
    match (maker, file) {
        (KeyMaker::Vehicle, None) => Ok(Keys::MadeByVehicle),
        (KeyMaker::Vehicle, Some(file)) => {
            Ok(Keys::Existing(VehicleKey::from_pem(read(file, "vehicle's private key")?)?))
        }
        (KeyMaker::Aws, None) => Ok(Keys::MadeByAws),
        (KeyMaker::Aws, Some(_)) => Err(VehicleError::BadInput(
            "with --keys aws it is AWS that makes the key: leave --key-file out, or use --keys vehicle".into(),
        )),
    }
}

fn claim(files: &ClaimFiles) -> Result<Claim, VehicleError> {
    match (&files.claim_certificate, &files.claim_private_key, &files.claim) {
        (Some(certificate), Some(key), None) => {
            Claim::from_pem(read(certificate, "claim certificate")?, read(key, "claim's private key")?)
        }
        (None, None, Some(secret)) => Claim::from_secret(&read(secret, "claim")?),
        _ => Err(VehicleError::BadInput(
            "give the claim either as --claim or as --claim-certificate with --claim-private-key".into(),
        )),
    }
}

fn read(path: &Path, what: &str) -> Result<String, VehicleError> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    text.map_err(|error| VehicleError::BadInput(format!("cannot read the {what} from {}: {error}", path.display())))
}
