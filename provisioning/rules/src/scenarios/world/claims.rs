//! Secrets with their versions, the table of claim certificates, and the rotation function that works on them.

use std::collections::BTreeMap;

use shared::{
    CertificateStatus, ClaimCertificateId, ClaimName, ClaimRecord, ClaimState, Count, Refusal, SignedDuration,
};

use super::{Trouble, World, builders, certificate};
use crate::{
    ClaimEnd, ClaimInSecret, ClaimSuccession, Effect, RotationFacts, RotationProblem, SecretText, StillToCome,
    burn_claim, check_claim, end_retiring, finish_rotation, give_up_version, prepare_claim, register_claim,
};

/// The secret of the claim in these stories.
pub const SECRET: &str = "cms/cms-provisioning/provisioning-credentials";

const POLICY: &str = "cms-claim-policy";

/// How long a claim that was replaced goes on working.
const OVERLAP: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The versions of a secret. A version's text is the number of the certificate in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secret {
    pub versions: BTreeMap<String, String>,
    pub current: Option<String>,
    pub pending: Option<String>,
}

impl Secret {
    pub(super) fn keep_pending(&mut self, version: &str, text: &SecretText) {
        self.versions.entry(version.to_owned()).or_insert_with(|| text.reveal().to_owned());
        if self.current.as_deref() != Some(version) {
            self.pending = Some(version.to_owned());
        }
    }

    pub(super) fn make_current(&mut self, version: &str, in_place_of: Option<&str>) -> Result<(), Trouble> {
        if self.current.as_deref() == Some(version) {
            return Ok(());
        }
        if !self.versions.contains_key(version) || self.current.as_deref() != in_place_of {
            return Err(Trouble::RefusedByAws);
        }
        self.current = Some(version.to_owned());
        Ok(())
    }

    /// The claim certificate that plants read now.
    pub fn read(&self) -> Option<ClaimCertificateId> {
        self.versions.get(self.current.as_ref()?).map(|text| in_secret(text).id)
    }
}

fn in_secret(text: &str) -> ClaimInSecret {
    let id = ClaimCertificateId(certificate(text.parse().unwrap()));
    ClaimInSecret { arn: format!("cert/{id}"), certificate_pem: format!("pem of {id}"), key_fits: true, id }
}

/// The four steps, in the order in which Secrets Manager asks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Create,
    Set,
    Test,
    Finish,
}

impl Step {
    pub const ALL: [Self; 4] = [Self::Create, Self::Set, Self::Test, Self::Finish];
}

impl World {
    /// A world with a claim that a deployment made: certificate 900, as it was before it was recorded anywhere.
    pub fn with_claim() -> Self {
        let mut world = World::new();
        world.issued_before(900, CertificateStatus::Active);
        let secret = Secret {
            versions: BTreeMap::from([("first".to_owned(), "900".to_owned())]),
            current: Some("first".to_owned()),
            pending: None,
        };
        world.secrets.insert(SECRET.to_owned(), secret);
        world
    }

    /// The certificate that the name of the claim stands for.
    pub fn current_claim(&self) -> Option<ClaimCertificateId> {
        self.claims.values().find(|row| row.state == ClaimState::Current).map(|row| row.id.clone())
    }

    /// What the rotation function gathers before a step of the rotation to this version.
    pub fn rotation_facts(&self, version: &str) -> RotationFacts {
        let secret = self.secrets.get(SECRET).cloned().unwrap_or_default();
        let made = secret.versions.get(version).map(|text| in_secret(text));
        let current = secret
            .current
            .clone()
            .filter(|current| current != version)
            .map(|current| (current.clone(), secret.versions.get(&current).map(|text| in_secret(text))));
        let about = made.as_ref().or(current.as_ref().and_then(|(_, claim)| claim.as_ref())).map(|claim| &claim.id.0);
        let registered = about.and_then(|id| self.registry.get(id));
        RotationFacts {
            name: ClaimName::default_name(),
            secret_id: SECRET.to_owned(),
            version: version.to_owned(),
            is_pending: secret.pending.as_deref() == Some(version),
            is_current: secret.current.as_deref() == Some(version),
            made,
            current,
            rows: self.claims.values().cloned().collect(),
            reported: registered.map(|registered| registered.status),
            policies: registered
                .filter(|registered| registered.attached)
                .map(|_| POLICY.to_owned())
                .into_iter()
                .collect(),
            claim_policy: POLICY.to_owned(),
            by: "rotation".to_owned(),
            now: self.now,
        }
    }

    /// What the rules answer a step with, where the certificate it makes has this number.
    pub fn decide_step(&self, step: Step, version: &str, number: u64) -> Result<Vec<Effect>, RotationProblem> {
        let facts = self.rotation_facts(version);
        match step {
            Step::Create => Ok(prepare_claim(&facts, || SecretText::new(number.to_string()))),
            Step::Set => register_claim(&facts),
            Step::Test => check_claim(&facts).map(|()| Vec::new()),
            Step::Finish => finish_rotation(&facts, |id| self.expected_with(id), |id| self.reported(&id.0), OVERLAP),
        }
    }

    /// A whole rotation, with nothing in between.
    pub fn rotate(&mut self, version: &str, number: u64) -> ClaimCertificateId {
        for step in Step::ALL {
            self.tick();
            let effects =
                self.decide_step(step, version, number).unwrap_or_else(|problem| panic!("{step:?}: {problem}"));
            self.perform_now(&effects);
        }
        ClaimCertificateId(certificate(number))
    }

    /// What is done before a rotation is begun: one that was killed half-way is finished, and one that can never be finished
    /// is given up. The version that the rotation goes on with, if there is one.
    pub fn prepare_to_rotate(&mut self) -> Option<String> {
        let secret = self.secrets[SECRET].clone();
        let current = secret.current.clone().unwrap_or_default();
        let is_unrecorded =
            |row: &ClaimRecord| Some(&row.id) == secret.read().as_ref() && row.state == ClaimState::Preparing;
        if self.claims.values().any(is_unrecorded) {
            let effects = self.decide_step(Step::Finish, &current, 0).unwrap();
            self.perform_now(&effects);
        }
        let pending = secret.pending.filter(|pending| *pending != current)?;
        let made = secret.versions.get(&pending).map(|text| in_secret(text));
        let rows: Vec<_> = self.claims.values().cloned().collect();
        let effects = give_up_version(SECRET, &pending, made.as_ref(), &rows);
        self.perform_now(&effects);
        effects.is_empty().then_some(pending)
    }

    /// How many vehicles are still expected with a claim certificate.
    pub fn expected_with(&self, id: &ClaimCertificateId) -> u32 {
        let expected = |claim: Option<&ClaimCertificateId>| claim == Some(id);
        let rows = self.authorized.values();
        rows.filter(|row| expected(row.expected_claim_certificate_id.as_ref())).count() as u32
    }

    /// Who may still come with a claim certificate, or with any.
    pub fn still_to_come(&self, id: &ClaimCertificateId) -> StillToCome {
        let count = |number| Some(Count { number, or_more: false });
        let awaited = self.authorized.values().filter(|row| {
            row.expected_claim_certificate_id.is_none()
                && row.admitted_certificate_id.is_none()
                && row.allow_provisioning
        });
        StillToCome { with_it: count(self.expected_with(id)), with_any: count(awaited.count() as u32) }
    }

    /// The chore that ends what retires.
    pub fn keep_house(&mut self) {
        self.tick();
        for record in self.claims.values().cloned().collect::<Vec<_>>() {
            let effects = end_retiring(&record, self.still_to_come(&record.id), self.reported(&record.id.0), self.now);
            self.perform_now(&effects);
        }
    }

    /// An operator burns a claim certificate, having seen how many vehicles that strands.
    pub fn burn(&mut self, id: &ClaimCertificateId, seen: u32) -> Result<(), Refusal> {
        self.tick();
        let effects = self.decide_to_burn(id, seen)?;
        self.perform_now(&effects);
        Ok(())
    }

    /// What the rules answer to that.
    pub fn decide_to_burn(&self, id: &ClaimCertificateId, seen: u32) -> Result<Vec<Effect>, Refusal> {
        let expected = Count { number: self.expected_with(id), or_more: false };
        burn_claim(&self.claims[id], self.reported(&id.0), expected, seen, &builders::operator(self.now))
    }

    pub(super) fn record_succession(&mut self, succession: &ClaimSuccession) -> Result<(), Trouble> {
        let is_one_of = |id: &ClaimCertificateId, states: &[ClaimState]| {
            self.claims.get(id).is_some_and(|row| states.contains(&row.state))
        };
        let in_use = [ClaimState::Preparing, ClaimState::Current];
        let holds =
            is_one_of(&succession.current, &in_use) && succession.replaced.iter().all(|(id, _)| is_one_of(id, &in_use));
        if !holds {
            return Err(Trouble::FactsChanged);
        }
        for (id, expected) in &succession.replaced {
            let row = self.claims.get_mut(id).ok_or(Trouble::FactsChanged)?;
            row.state = ClaimState::Retiring;
            row.retiring_since = Some(succession.at);
            row.retire_at = Some(succession.retire_at);
            row.expected_at_retirement = Some(*expected);
            row.replaced_by = Some(succession.current.clone());
        }
        self.claims.get_mut(&succession.current).ok_or(Trouble::FactsChanged)?.state = ClaimState::Current;
        Ok(())
    }

    pub(super) fn record_claim_ended(&mut self, end: &ClaimEnd) -> Result<(), Trouble> {
        let row: &mut ClaimRecord = self.claims.get_mut(&end.id).ok_or(Trouble::FactsChanged)?;
        if row.state.has_ended() {
            return if row.state == end.state { Ok(()) } else { Err(Trouble::FactsChanged) };
        }
        row.state = end.state;
        row.ended_at = Some(end.at);
        row.ended_by = end.by.clone();
        row.reason = Some(end.reason.clone());
        Ok(())
    }
}
