//! A vehicle that provisions itself by claim, for real use, demonstrations and load tests.
//!
//! It speaks MQTT 5 over mutual TLS, as any device of AWS IoT Core does. With the claim certificate it asks for a
//! certificate of its own, has that registered under its VIN by the provisioning template, connects again as the
//! thing it has become and reports itself active. Its private key is its own ([`VehicleKey`]) and stays with it, unless
//! it is told to have AWS make one.
//!
//! - [`provision`] does the first part and hands back an [`Identity`]; nothing is written to disk.
//!   [`obtain_certificate`] and [`Issued::register`] are its two halves.
//! - [`provision_into`] does the same and keeps the identity in an [`IdentityFolder`], such that an interruption at
//!   any point loses neither the old identity nor a new one that the cloud may already have registered.
//! - [`Identity::issued_elsewhere`] is for a certificate that came another way.
//! - [`report_active`] and [`connect_and_report`] are the second part.
//!
//! It refuses to put a private key anywhere but in a file only its owner can read, to print one, and to take one
//! from a command line. It draws randomness only for client ids and keys, and every wait has an end.

mod claim;
mod client_id;
mod create_certificate;
mod create_from_csr;
mod credentials;
mod endpoint;
mod error;
mod exit_status;
mod folder;
mod identity;
mod keys;
mod private_key;
mod provision;
mod provision_into;
mod register_thing;
mod report_active;
mod request;
#[cfg(test)]
mod samples;
mod session;
mod template_name;
mod tls;
mod until;
mod vehicle_key;

pub use claim::Claim;
pub use client_id::ClientId;
pub use credentials::{Credentials, CredentialsProblem};
pub use endpoint::Endpoint;
pub use error::VehicleError;
pub use exit_status::{BAD_INPUT, exit_status};
pub use folder::IdentityFolder;
pub use identity::Identity;
pub use keys::Keys;
pub use private_key::PrivateKeyPem;
pub use provision::{Issued, ProvisioningRequest, obtain_certificate, provision};
pub use provision_into::provision_into;
pub use report_active::{connect_and_report, report_active};
pub use session::Session;
pub use template_name::TemplateName;
pub use until::until_it_works;
pub use vehicle_key::VehicleKey;
