//! Every change that is ever made in AWS.

use std::fmt;

use provisioning_template::RegistrationPlan;
use shared::{
    AuthorityId, AuthorityRecord, CertificateId, CertificateStatus, ClaimCertificateId, ClaimRecord,
    ProvisionedVehicle, ProvisioningAttempt, Receipt, ReprovisionTicket, Retirement, ThingName, Timestamp, Vin,
};

use crate::authority::{AuthorityChange, AuthorityRegistration};
use crate::claims::{ClaimEnd, ClaimSuccession, SecretText};

/// One change in AWS. Each can be repeated without harm, and none asks for what AWS would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Lets one certificate in: admission, row and attempt are written together or not at all.
    AdmitCertificate(Box<Admission>),
    /// Keeps the record of an attempt.
    RecordAttempt(Box<ProvisioningAttempt>),
    /// Deletes a certificate that nobody registered. AWS IoT refuses it for one that is active or attached.
    DeletePendingCertificate(CertificateId),
    /// Detaches a certificate that did not come by claim, and deletes it, unless it is active: a registration of it may have
    /// been interrupted.
    RemoveUnusedCertificate(CertificateId),
    /// Records that the admitted certificate is registered, provided that it is still the admitted one and that its row
    /// says pending or active: anything else is a conflict.
    RecordRegistered(Registration),
    /// Records that the vehicle reported with this certificate for the first time. Never makes a row.
    RecordConnected {
        /// The vehicle.
        vin: Vin,
        /// The certificate it reported with.
        certificate_id: CertificateId,
        /// When.
        at: Timestamp,
    },
    /// Suspends a certificate in AWS IoT.
    DeactivateCertificate(CertificateId),
    /// Ends its suspension.
    ActivateCertificate(CertificateId),
    /// Withdraws it for good.
    RevokeCertificate(CertificateId),
    /// Ends the live connection of a vehicle now, rather than when AWS IoT gets to it.
    CutConnection(ThingName),
    /// Asks AWS IoT until the vehicle is not connected, and cuts once more where it is. Changes nothing else: what cannot
    /// be proven is said, and is no failure.
    ProveDisconnected(ThingName),
    /// Asks AWS IoT whether it refuses a certificate. Changes nothing: what cannot be proven is said, and is no failure.
    ProveRefused(CertificateId),
    /// Detaches a certificate from its things and policies.
    DetachCertificate(CertificateId),
    /// Deletes a detached certificate.
    DeleteCertificate(CertificateId),
    /// Records what a certificate has become and why. Never makes a row. A row that says revoked or deleted says so for
    /// good: recording anything else there is a conflict, but that a revoked certificate was deleted with the same
    /// retirement.
    RecordStatus(StatusRecord),
    /// Lets nobody in for this VIN any more: neither a ticket nor a registration that is under way. It is a conflict where
    /// somebody was let in, or given a ticket, since the facts were read.
    CloseDoor(DoorClosure),
    /// Opens the door for one certificate within a window of time.
    OpenTicket {
        /// The vehicle.
        vin: Vin,
        /// The permission.
        ticket: ReprovisionTicket,
        /// The ticket it takes the place of, if any: another one in its place is a conflict.
        in_place_of: Option<ReprovisionTicket>,
    },
    /// Makes a VIN known and opens its door.
    AuthorizeVehicle(Authorization),
    /// Keeps a new claim certificate and its key as a version of the claim's secret that waits to become current. A version
    /// that has a value keeps it.
    KeepClaimSecret {
        /// The secret, by name.
        secret_id: String,
        /// The version.
        version: String,
        /// Certificate and key, in the shape in which plants read them.
        text: SecretText,
    },
    /// Records a claim certificate that is not on record. One that is keeps its record.
    RecordClaim(Box<ClaimRecord>),
    /// Lets AWS IoT know a certificate without its authority, out of use.
    RegisterClaim {
        /// The certificate.
        id: ClaimCertificateId,
        /// The certificate in PEM.
        certificate_pem: String,
    },
    /// Gives a certificate the rights of a claim.
    AttachClaimPolicy {
        /// The certificate.
        id: ClaimCertificateId,
        /// Its ARN.
        certificate_arn: String,
        /// The policy.
        policy: String,
    },
    /// Takes from a version of a claim's secret that it is under rotation, so that another rotation can begin.
    GiveUpClaimSecret {
        /// The secret, by name.
        secret_id: String,
        /// The version.
        version: String,
    },
    /// Hands a version of a claim's secret to whoever reads the secret from now on. It is a conflict where the use of its
    /// certificate has ended.
    MakeClaimSecretCurrent {
        /// The certificate in that version.
        id: ClaimCertificateId,
        /// The secret, by name.
        secret_id: String,
        /// The version.
        version: String,
        /// The version that is current; `None` where there is none.
        in_place_of: Option<String>,
    },
    /// Records which certificate a claim's name stands for, and that those it replaces retire.
    RecordClaimSuccession(Box<ClaimSuccession>),
    /// Records the end of a claim certificate. The first end that is recorded stays as it is; another end is a conflict.
    RecordClaimEnded(ClaimEnd),
    /// Makes or updates the vehicle's thing, gives the certificate its policies, attaches it and activates it: what AWS IoT
    /// does by the provisioning template for a vehicle that came by claim.
    RegisterThing(Box<RegistrationPlan>),
    /// Keeps who does what to an authority, and why. Nothing is ever overwritten.
    RecordAuthorityAction(Box<AuthorityRecord>),
    /// Registers an authority. One that is registered stays as it is.
    RegisterAuthority(Box<AuthorityRegistration>),
    /// Changes what a registered authority is good for.
    ChangeAuthority(AuthorityId, AuthorityChange),
    /// Removes an authority that is not active. AWS IoT refuses it for one that is.
    DeleteAuthority(AuthorityId),
    /// Makes an authorization that another tool wrote findable by the beginning of its VIN. Never makes a row.
    IndexAuthorization(Vin),
    /// Keeps the receipt of an action: what was begun, and later what became of it. An outcome is never overwritten.
    RecordReceipt(Box<Receipt>),
}

/// Lets one certificate in, provided that nothing it rests on has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The row of the certificate.
    pub row: ProvisionedVehicle,
    /// When this certificate was admitted before, for the same vehicle, and never registered: its row then still says so, and
    /// pending. `None`: it has no row. Anything else is a conflict.
    pub admitted_before: Option<Timestamp>,
    /// The attempt it answers.
    pub attempt: ProvisioningAttempt,
    /// The certificate admitted before; another one in its place is a conflict.
    pub in_place_of: Option<CertificateId>,
    /// The ticket as it was read; another one in its place is a conflict.
    pub ticket: Option<ReprovisionTicket>,
    /// Whether the ticket is what lets it in, and is used up by it.
    pub uses_ticket: bool,
    /// Whether the certificate admitted before was never registered: that it has been since is a conflict.
    pub previous_never_registered: bool,
}

/// The admitted certificate is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The vehicle.
    pub vin: Vin,
    /// Its certificate.
    pub certificate_id: CertificateId,
    /// Whether the authorization must name this certificate, with its door open. For a row admitted by an existing
    /// deployment it must name none instead.
    pub must_be_admitted: bool,
    /// Whether the authorization still says with which claim certificate the vehicle is expected: it has come.
    pub was_expected: bool,
    /// When it was seen.
    pub at: Timestamp,
}

/// What a certificate has become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusRecord {
    /// The vehicle.
    pub vin: Vin,
    /// Its certificate.
    pub certificate_id: CertificateId,
    /// The status to record.
    pub status: CertificateStatus,
    /// Why it is out of use; `None` when it is in use again.
    pub retirement: Option<Retirement>,
    /// When the certificate was admitted that this is about, where it still waits to be registered: that it was admitted
    /// again since, or is no longer pending, is a conflict. `None` asks for neither.
    pub pending_since: Option<Timestamp>,
}

/// Nobody gets in any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorClosure {
    /// The vehicle.
    pub vin: Vin,
    /// The certificate that counts as the admitted one from now on, so that one under way does not.
    pub settled_on: CertificateId,
    /// When. A ticket whose time is not over ends then.
    pub at: Timestamp,
    /// The certificate admitted before; another one in its place is a conflict.
    pub in_place_of: Option<CertificateId>,
    /// The ticket as it was read; another one in its place is a conflict.
    pub ticket: Option<ReprovisionTicket>,
    /// Whether the certificate admitted before was never registered: that it has been since is a conflict.
    pub previous_never_registered: bool,
}

/// A VIN that may be provisioned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The vehicle.
    pub vin: Vin,
    /// The manufacturer.
    pub make: String,
    /// The model.
    pub model: String,
    /// The model year.
    pub year: String,
    /// The claim certificate it is expected with, as long as it has not come. `None` leaves what was said before.
    pub expected_claim: Option<ExpectedClaim>,
    /// The operator.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The claim certificate that a vehicle is expected with which has not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedClaim {
    /// The claim certificate.
    pub id: ClaimCertificateId,
    /// The certificate that was admitted before; another one in its place is a conflict.
    pub in_place_of: Option<CertificateId>,
    /// Whether that one was never registered: that it has been since is a conflict.
    pub previous_never_registered: bool,
}

impl DoorClosure {
    /// The ticket with its end, where its time is not over. A used one ends, too: while the certificate it let in is not
    /// registered, it could be used again.
    pub fn ended_ticket(&self) -> Option<ReprovisionTicket> {
        let running = self.ticket.as_ref().filter(|ticket| ticket.ends_at > self.at)?;
        Some(ReprovisionTicket { ends_at: self.at, ..running.clone() })
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::AdmitCertificate(admission) => {
                write!(
                    formatter,
                    "admit certificate {} for vehicle {}",
                    admission.row.certificate_id, admission.row.vin
                )
            }
            Effect::RecordAttempt(attempt) => write!(formatter, "record the attempt as {}", attempt.outcome),
            Effect::DeletePendingCertificate(id) => write!(formatter, "delete the unregistered certificate {id}"),
            Effect::RemoveUnusedCertificate(id) => write!(formatter, "detach and delete the unused certificate {id}"),
            Effect::RecordRegistered(registration) => {
                write!(formatter, "record certificate {} as active", registration.certificate_id)
            }
            Effect::RecordConnected { vin, certificate_id, .. } => {
                write!(formatter, "record that vehicle {vin} connected with certificate {certificate_id}")
            }
            Effect::DeactivateCertificate(id) => write!(formatter, "deactivate certificate {id}"),
            Effect::ActivateCertificate(id) => write!(formatter, "activate certificate {id}"),
            Effect::RevokeCertificate(id) => write!(formatter, "revoke certificate {id}"),
            Effect::CutConnection(thing) => write!(formatter, "cut the live connection of {thing}"),
            Effect::ProveDisconnected(thing) => write!(formatter, "make sure that {thing} is not connected"),
            Effect::ProveRefused(id) => write!(formatter, "make sure that AWS IoT refuses certificate {id}"),
            Effect::DetachCertificate(id) => write!(formatter, "detach certificate {id} from its things and policies"),
            Effect::DeleteCertificate(id) => write!(formatter, "delete certificate {id}"),
            Effect::RecordStatus(record) => {
                write!(formatter, "record certificate {} as {}", record.certificate_id, record.status)
            }
            Effect::CloseDoor(closure) => {
                write!(formatter, "close the door to provisioning for vehicle {}", closure.vin)
            }
            Effect::OpenTicket { vin, ticket, .. } => {
                write!(formatter, "open a reprovision ticket for vehicle {vin} until {}", ticket.ends_at)
            }
            Effect::AuthorizeVehicle(authorization) => write!(formatter, "authorize vehicle {}", authorization.vin),
            Effect::KeepClaimSecret { secret_id, version, .. } => {
                write!(formatter, "keep a new claim certificate in {secret_id} as version {version}")
            }
            Effect::RecordClaim(record) => {
                write!(
                    formatter,
                    "record claim certificate {} of {} as {}",
                    record.id,
                    record.name,
                    record.state.as_str()
                )
            }
            Effect::RegisterClaim { id, .. } => write!(formatter, "register claim certificate {id}, out of use"),
            Effect::AttachClaimPolicy { id, policy, .. } => {
                write!(formatter, "attach the policy {policy} to claim certificate {id}")
            }
            Effect::GiveUpClaimSecret { secret_id, version } => {
                write!(formatter, "give up version {version} of {secret_id}, which can never be used")
            }
            Effect::MakeClaimSecretCurrent { secret_id, version, .. } => {
                write!(formatter, "make version {version} of {secret_id} the current one")
            }
            Effect::RecordClaimSuccession(succession) => {
                write!(formatter, "record claim certificate {} as current", succession.current)?;
                for (replaced, expected) in &succession.replaced {
                    write!(formatter, ", {replaced} as retiring until {} at the latest", succession.retire_at)?;
                    write!(formatter, " with {expected} vehicles expected")?;
                }
                Ok(())
            }
            Effect::RecordClaimEnded(end) => {
                write!(formatter, "record claim certificate {} as {}: {}", end.id, end.state.as_str(), end.reason)
            }
            Effect::RegisterThing(plan) => {
                write!(
                    formatter,
                    "register {} with certificate {} by the provisioning template",
                    plan.thing_name, plan.certificate_id
                )
            }
            Effect::RecordAuthorityAction(record) => {
                write!(formatter, "record the action \"{}\" of {} on the authority", record.what, record.operator)
            }
            Effect::RegisterAuthority(registration) => {
                write!(formatter, "register the authority {}", registration.subject)
            }
            Effect::ChangeAuthority(id, change) => write!(formatter, "{change} authority {id}"),
            Effect::DeleteAuthority(id) => write!(formatter, "delete authority {id}"),
            Effect::IndexAuthorization(vin) => write!(formatter, "index the authorization of vehicle {vin}"),
            Effect::RecordReceipt(receipt) => {
                write!(formatter, "record the receipt of the {} as {}", receipt.action, receipt.outcome.as_str())
            }
        }
    }
}
