//! A vehicle with a factory certificate of its own, and a device with the claim that presents the same VIN, in any order.

use std::collections::VecDeque;

use proptest::prelude::*;
use shared::{AuthorityId, CertificateId, CertificateStatus};

use super::world::{OperatorAction, Trouble, World, certificate, request, vin};
use crate::{
    Effect, ProvisioningDecision, ProvisioningRequest, after_registration, decide_just_in_time, decide_provisioning,
    follow_template,
};

/// The number of the factory certificate.
const OWN: u64 = 1;

#[derive(Clone, Debug)]
enum Purpose {
    /// The event that the vehicle came with its own certificate.
    Coming,
    /// The hook, for a device with the claim.
    Hook(CertificateId),
    /// The thing's event.
    Event(CertificateId),
    /// What AWS IoT does itself after the hook allowed it: the effects are those that stand for it.
    Registration(CertificateId),
}

#[derive(Clone, Debug)]
struct Program {
    purpose: Purpose,
    effects: Option<VecDeque<Effect>>,
    allowed: bool,
}

struct Play {
    world: World,
    running: Vec<Program>,
    claimed: u64,
    history: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Come,
    Ask,
    OpenTicket,
    Run(usize),
    Die(usize),
}

fn own() -> CertificateId {
    certificate(OWN)
}

fn registration(id: &CertificateId) -> Effect {
    let template = include_str!("../../../deploy/customize/provisioning-template.json")
        .replace("${ProvisioningTemplateName}", "cms--provisioning-template")
        .replace("${VehiclePolicyName}", "cms-vehicle-policy");
    Effect::RegisterThing(Box::new(follow_template(&template, &vin(), id).unwrap()))
}

impl Play {
    fn new() -> Self {
        Play { world: World::with_authorized_vehicle(), running: Vec::new(), claimed: 100, history: Vec::new() }
    }

    fn start(&mut self, purpose: Purpose) {
        self.running.push(Program { purpose, effects: None, allowed: false });
    }

    fn take(&mut self, step: Step) {
        self.world.tick();
        match step {
            Step::Come => {
                if self.world.reported(&own()).is_none() {
                    self.world.issue(OWN);
                }
                if self.world.reported(&own()) == Some(CertificateStatus::PendingActivation) {
                    self.start(Purpose::Coming);
                }
            }
            Step::Ask => {
                self.claimed += 1;
                let id = self.world.issue(self.claimed);
                self.start(Purpose::Hook(id));
            }
            Step::OpenTicket => {
                if let Ok(effects) =
                    self.world.decide(&self.world.refreshed_facts(&vin()), &OperatorAction::OpenTicket { minutes: 60 })
                {
                    self.world.perform_now(&effects);
                }
            }
            Step::Run(which) => {
                if let Some(which) = which.checked_rem(self.running.len()) {
                    let program = self.running.remove(which);
                    self.run(program);
                }
            }
            // What is not begun again by AWS is begun again by the vehicle, when everything comes to rest.
            Step::Die(which) => {
                if let Some(which) = which.checked_rem(self.running.len()) {
                    let program = self.running.remove(which);
                    if let Purpose::Event(_) = program.purpose {
                        self.start(program.purpose);
                    }
                }
            }
        }
    }

    /// Reads and decides, or carries out one effect.
    fn run(&mut self, mut program: Program) {
        let Some(effects) = &mut program.effects else {
            if let Some((effects, allowed)) = self.decide(&program.purpose) {
                self.history.push(format!("{:?} decided, allowed {allowed}", program.purpose));
                program.effects = Some(effects.into());
                program.allowed = allowed;
                self.running.push(program);
            }
            return;
        };
        let Some(effect) = effects.pop_front() else {
            match program.purpose {
                Purpose::Coming if program.allowed => self.start(Purpose::Event(own())),
                Purpose::Hook(id) if program.allowed => self.start(Purpose::Registration(id)),
                _ => {}
            }
            return;
        };
        let result = self.world.apply(&effect);
        self.history.push(format!("{:?}: {effect} {result:?}", program.purpose));
        match result {
            Ok(()) => {
                if let (Purpose::Registration(id), Effect::RegisterThing(_)) = (&program.purpose, &effect) {
                    self.start(Purpose::Event(id.clone()));
                }
                self.running.push(program);
            }
            Err(Trouble::FactsChanged) => self.start(program.purpose),
            // The certificate is gone: the registration ends, an event is delivered again.
            Err(_) => {
                if let Purpose::Event(_) = program.purpose {
                    self.start(program.purpose);
                }
            }
        }
    }

    fn decide(&self, purpose: &Purpose) -> Option<(Vec<Effect>, bool)> {
        let (world, vin) = (&self.world, vin());
        let of = |(decision, effects): (ProvisioningDecision, Vec<Effect>)| {
            (effects, decision == ProvisioningDecision::Allow(vin.clone()))
        };
        match purpose {
            Purpose::Coming => {
                let request = ProvisioningRequest {
                    claim_certificate_id: None,
                    client_id: None,
                    authority_id: Some(AuthorityId(certificate(99))),
                    ..request(vin.as_str(), &own(), world.now)
                };
                // The function looks at the certificate first.
                if world.reported(&own()) != Some(CertificateStatus::PendingActivation) {
                    return None;
                }
                let (mut effects, allowed) = of(decide_just_in_time(&request, &world.refreshed_facts(&vin), &own())?);
                if allowed {
                    effects.push(registration(&own()));
                }
                Some((effects, allowed))
            }
            Purpose::Hook(id) => {
                let request = request(vin.as_str(), id, world.now);
                Some(of(decide_provisioning(&request, &world.refreshed_facts(&vin), id)))
            }
            Purpose::Event(id) => {
                let effects = after_registration(&world.facts(&vin), id, world.reported(id), world.now).ok()?;
                Some((effects, false))
            }
            Purpose::Registration(id) => Some((vec![registration(id)], false)),
        }
    }

    /// Everything that is under way ends, and every event is delivered once more.
    fn come_to_rest(&mut self) {
        for _ in 0..3 {
            for _ in 0..10_000 {
                if self.running.is_empty() {
                    break;
                }
                self.take(Step::Run(0));
            }
            assert!(self.running.is_empty(), "never comes to rest\n{}", self.told());
            for id in self.world.active() {
                self.start(Purpose::Event(id));
            }
            self.take(Step::Come);
        }
        while !self.running.is_empty() {
            self.take(Step::Run(0));
        }
        for number in 101..=self.claimed {
            self.world.iot_forgets_pending(&certificate(number));
        }
        // One that was in use and ended is kept, inactive, when its vehicle comes with it again: what AWS IoT forgets it takes
        // for new.
        let ended = self
            .world
            .provisioned
            .values()
            .any(|row| row.certificate_id == own() && row.certificate_status == CertificateStatus::Deleted);
        if ended && self.world.reported(&own()) == Some(CertificateStatus::Inactive) {
            self.world.registry.remove(&own());
        }
    }

    fn told(&self) -> String {
        self.history.join("\n").replace(&"0".repeat(48), "")
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Come),
        2 => Just(Step::Ask),
        1 => Just(Step::OpenTicket),
        14 => (0..6_usize).prop_map(Step::Run),
        1 => (0..6_usize).prop_map(Step::Die),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_comes_first_one_vehicle_ends_with_one_certificate(steps in prop::collection::vec(step(), 1..60)) {
        let mut play = Play::new();
        for step in &steps {
            play.take(*step);
        }
        play.come_to_rest();
        let agree = play.world.tables_agree();
        prop_assert!(agree.is_ok(), "{agree:?}\n{}", play.told());
        let active = play.world.active();
        prop_assert!(active.len() <= 1, "{}", play.told());
        // Nobody was put out by an operator. Where even the vehicle's own certificate is spent, because it was active when
        // another one had been admitted already, a device with the claim gets in.
        if active.is_empty() {
            let spent = play.world.row(&own()).certificate_status == CertificateStatus::Deleted;
            let (_, decision) = play.world.device_asks(vin().as_str(), 90);
            prop_assert!(spent && decision == ProvisioningDecision::Allow(vin()), "{}", play.told());
        }
    }
}

/// The vehicle was admitted with its own certificate and never got as far as its registration.
fn with_admitted_vehicle() -> Play {
    let mut play = Play::new();
    play.take(Step::Come);
    let program = play.running.remove(0);
    let (effects, allowed) = play.decide(&program.purpose).unwrap();
    assert!(allowed);
    play.world.perform_now(&effects[..1]);
    play
}

#[test]
fn a_factory_certificate_is_let_in_though_somebody_else_was_admitted_in_between() {
    let mut play = with_admitted_vehicle();
    // A device asks with the claim and is never heard of again.
    let (_, decision) = play.world.device_asks(vin().as_str(), 50);
    assert_eq!(decision, ProvisioningDecision::Allow(vin()));
    play.world.iot_forgets_pending(&certificate(50));
    play.come_to_rest();
    assert_eq!(play.world.active(), [own()]);
    assert_eq!(play.world.row(&own()).certificate_status, CertificateStatus::Active);
    assert_eq!(play.world.row(&certificate(50)).certificate_status, CertificateStatus::Deleted);
}

#[test]
fn an_event_of_a_thing_that_was_made_too_early_takes_nothing_from_the_vehicle() {
    let mut play = with_admitted_vehicle();
    // The registration got as far as the thing, and its event comes when another one was admitted.
    assert!(play.world.iot_attaches(&own()));
    play.world.device_asks(vin().as_str(), 50);
    assert_eq!(play.world.thing_event(&vin(), &own()), Ok(Vec::new()));
    play.come_to_rest();
    assert_eq!(play.world.active(), [own()]);
}

#[test]
fn whoever_would_retire_a_certificate_that_is_admitted_again_meanwhile_does_nothing() {
    let mut play = with_admitted_vehicle();
    let (other, _) = play.world.device_asks(vin().as_str(), 50);
    assert!(play.world.iot_attaches(&other) && play.world.iot_activates(&other));
    // The other one is registered, and whoever retires the rest is slow.
    let facts = play.world.facts(&vin());
    let late = after_registration(&facts, &other, play.world.reported(&other), play.world.now).unwrap();
    assert!(late.contains(&Effect::DeleteCertificate(own())));
    play.world.perform_now(&late[..1]);
    play.world.operator(&vin(), OperatorAction::Revoke(other)).unwrap();
    play.world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    play.take(Step::Come);
    while !play.running.is_empty() {
        play.take(Step::Run(0));
    }
    assert_eq!(play.world.active(), [own()]);
    let before = (play.world.registry.clone(), play.world.provisioned.clone());
    assert_eq!(play.world.perform_late(&late[1..]), Err(Trouble::FactsChanged));
    assert!(before == (play.world.registry.clone(), play.world.provisioned.clone()));
}

#[test]
fn a_live_vehicle_is_not_replaced_by_an_older_admission_without_a_ticket() {
    let mut play = with_admitted_vehicle();
    let live = play.world.provision(50);
    play.come_to_rest();
    assert_eq!(play.world.active(), [live]);
}

#[test]
fn a_denied_vehicle_leaves_nothing_attached_behind() {
    let mut play = with_admitted_vehicle();
    // The registration got as far as attaching.
    assert!(play.world.iot_attaches(&own()));
    let live = play.world.provision(50);
    play.world.provisioned.clear();
    play.world.authorized.clear();
    play.take(Step::Come);
    while !play.running.is_empty() {
        play.take(Step::Run(0));
    }
    assert_eq!(play.world.reported(&own()), None, "AWS IoT would keep it for ever");
    assert!(play.world.reported(&live).is_some());
}
