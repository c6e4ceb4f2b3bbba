//! Rules that are wrong on purpose, so that it can be shown that somebody would notice.

use std::borrow::Cow;
use std::sync::Arc;

use shared::{CertificateId, CertificateStatus, RetirementCause};

use super::super::world::{OperatorAction, World};
use super::process::{Process, Purpose};
use crate::Effect;
use crate::facts::is_held;
use crate::retire::retire;

/// One thing done wrong. The rules themselves are as they are: what they see, decide or rest on is changed around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// An operator who puts a vehicle out leaves the door open.
    LeavesTheDoorOpen,
    /// The certificate in use is taken away when another one is admitted, rather than when that one is registered.
    RetiresBeforeRegistration,
    /// An admission does not mind that somebody else was admitted since its facts were read.
    IgnoresInPlaceOf,
    /// An admission does not mind that the certificate before it was registered since.
    IgnoresRegistrationSince,
    /// An admission does not mind that its ticket was used or ended since.
    IgnoresWhatBecameOfTheTicket,
    /// A ticket that was used looks like an open one.
    ForgetsThatTicketsWereUsed,
    /// A suspended certificate looks like any other that is inactive.
    ForgetsHolds,
    /// A claim certificate that has ended looks like one that nobody knows.
    ForgetsThatClaimsEnded,
    /// The attempt of a request that is denied is not recorded.
    LosesDeniedAttempts,
    /// What a registered certificate replaces stays.
    KeepsWhatWasReplaced,
    /// A certificate that is registered after another one was admitted stays.
    KeepsLatecomers,
    /// What AWS IoT says of a certificate that the tables have out of use is of no interest.
    BelievesTheTables,
    /// A revocation is recorded and AWS IoT is not told.
    RevokesInTheTablesAlone,
    /// A release lets AWS IoT activate the certificate before the row says that the hold is over.
    ReleasesTheWrongWayRound,
    /// What was revoked is removed from the tables alone.
    RemovesFromTheTablesAlone,
}

impl Mutation {
    /// What a program sees of the world.
    pub fn view<'w>(self, purpose: &Purpose, world: &'w World) -> Cow<'w, World> {
        let mut world = Cow::Borrowed(world);
        match self {
            Mutation::ForgetsThatTicketsWereUsed => {
                for authorized in world.to_mut().authorized.values_mut() {
                    authorized.ticket.iter_mut().for_each(|ticket| ticket.used_by = None);
                }
            }
            Mutation::ForgetsHolds => {
                for row in world.to_mut().provisioned.values_mut().filter(|row| is_held(row)) {
                    row.retirement = None;
                }
            }
            Mutation::ForgetsThatClaimsEnded if matches!(purpose, Purpose::Hook(_)) => world.to_mut().claims.clear(),
            _ => {}
        }
        world
    }

    /// What a program makes of its decision.
    pub fn change_decision(self, process: &mut Process, world: &World) {
        let Some(effects) = &mut process.effects else { return };
        match (self, &process.purpose) {
            (Mutation::LeavesTheDoorOpen, _) => effects.retain(|effect| !matches!(**effect, Effect::CloseDoor(_))),
            (Mutation::RetiresBeforeRegistration, Purpose::Hook(_)) => {
                let admits = effects.iter().any(|effect| matches!(**effect, Effect::AdmitCertificate(_)));
                let live = world.provisioned.values().filter(|row| row.certificate_status == CertificateStatus::Active);
                let retired = live.flat_map(|row| retire(row, RetirementCause::Replaced, world.now));
                effects.extend(retired.filter(|_| admits).map(Arc::new));
            }
            (Mutation::LosesDeniedAttempts, Purpose::Hook(_)) => {
                effects.retain(|effect| !matches!(**effect, Effect::RecordAttempt(_)));
            }
            (Mutation::KeepsWhatWasReplaced, Purpose::ThingEvent(id) | Purpose::Report(id)) => {
                effects.retain(|effect| about(effect).is_none_or(|about| about == id));
            }
            (Mutation::KeepsLatecomers, Purpose::ThingEvent(id) | Purpose::Report(id)) => {
                if status(world, id) == Some(CertificateStatus::PendingActivation) {
                    let registers = |effect: &Arc<Effect>| matches!(**effect, Effect::RecordRegistered(_));
                    if !effects.iter().any(registers) {
                        effects.clear();
                    }
                }
            }
            (Mutation::BelievesTheTables, Purpose::ThingEvent(id) | Purpose::Report(id)) => {
                let in_use = [CertificateStatus::PendingActivation, CertificateStatus::Active];
                if status(world, id).is_none_or(|status| !in_use.contains(&status)) {
                    effects.clear();
                }
            }
            (Mutation::RevokesInTheTablesAlone, _) => {
                effects.retain(|effect| !matches!(**effect, Effect::RevokeCertificate(_)));
            }
            (Mutation::ReleasesTheWrongWayRound, Purpose::Operator { action: OperatorAction::Release(_), .. }) => {
                let activates = effects.iter().position(|effect| matches!(**effect, Effect::ActivateCertificate(_)));
                if let Some(activates) = activates {
                    effects.swap(activates - 1, activates);
                }
            }
            (Mutation::RemovesFromTheTablesAlone, Purpose::Removal(_)) => {
                effects.retain(|effect| !matches!(**effect, Effect::DeleteCertificate(_)));
            }
            _ => {}
        }
    }

    /// What becomes of an effect when it is carried out.
    pub fn change_effect(self, effect: Effect, world: &World) -> Effect {
        let Effect::AdmitCertificate(mut admission) = effect else { return effect };
        let Some(authorized) = world.authorized.get(&admission.row.vin) else {
            return Effect::AdmitCertificate(admission);
        };
        match self {
            Mutation::IgnoresInPlaceOf => {
                admission.in_place_of = authorized.admitted_certificate_id.clone();
                admission.previous_never_registered = false;
            }
            Mutation::IgnoresRegistrationSince => admission.previous_never_registered = false,
            Mutation::IgnoresWhatBecameOfTheTicket | Mutation::ForgetsThatTicketsWereUsed => {
                admission.ticket = authorized.ticket.clone();
            }
            _ => {}
        }
        Effect::AdmitCertificate(admission)
    }
}

/// The certificate that an effect takes out of use.
fn about(effect: &Effect) -> Option<&CertificateId> {
    match effect {
        Effect::DeactivateCertificate(id) | Effect::DetachCertificate(id) | Effect::DeleteCertificate(id) => Some(id),
        Effect::RecordStatus(record) => Some(&record.certificate_id),
        _ => None,
    }
}

fn status(world: &World, id: &CertificateId) -> Option<CertificateStatus> {
    world.provisioned.values().find(|row| row.certificate_id == *id).map(|row| row.certificate_status)
}
