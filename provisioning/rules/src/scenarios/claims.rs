//! Claim certificates: rotated with an overlap, killed at every point, burned.

use shared::{CertificateStatus, ClaimCertificateId, ClaimState, DenialReason, Refusal, SignedDuration};

use super::world::{OperatorAction, SECRET, Step, World, certificate, request, vin};
use crate::{Effect, ProvisioningDecision, ProvisioningRequest, RotationProblem};

fn claim(number: u64) -> ClaimCertificateId {
    ClaimCertificateId(certificate(number))
}

/// What must be so at every moment of a rotation, finished or not.
fn nothing_is_lost(world: &World, moment: &str) {
    let read = world.secrets[SECRET].read().expect("plants read a claim");
    assert_eq!(world.reported(&read.0), Some(CertificateStatus::Active), "what plants read works, {moment}");
    for id in world.registry.keys() {
        let known = world.claims.contains_key(&ClaimCertificateId(id.clone())) || *id == certificate(900);
        assert!(known, "{id} is in AWS IoT and in no table, {moment}");
    }
    let current = world.claims.values().filter(|row| row.state == ClaimState::Current).count();
    assert!(current <= 1, "{current} certificates are current, {moment}");
    let works = |row: &&shared::ClaimRecord| matches!(row.state, ClaimState::Current | ClaimState::Retiring);
    for row in world.claims.values().filter(works) {
        assert_eq!(world.reported(&row.id.0), Some(CertificateStatus::Active), "{} works, {moment}", row.id);
    }
}

#[test]
fn a_rotation_makes_a_new_claim_and_leaves_the_old_one_working() {
    let mut world = World::with_claim();
    let made = world.rotate("second", 901);
    assert_eq!(world.claims[&made].state, ClaimState::Current);
    let old = &world.claims[&claim(900)];
    assert_eq!((old.state, old.replaced_by.as_ref()), (ClaimState::Retiring, Some(&made)));
    let overlap = old.retire_at.unwrap().duration_since(old.retiring_since.unwrap());
    assert_eq!(overlap, SignedDuration::from_hours(90 * 24));
    nothing_is_lost(&world, "at the end");
}

/// Carries out the effects of a step until the `deaths`-th place at which it can be killed: before an effect, or after it.
/// True where it was killed.
fn killed(world: &mut World, step: Step, number: u64, deaths: &mut usize) -> bool {
    let mut dies = || {
        let now = *deaths == 0;
        *deaths = deaths.wrapping_sub(1);
        now
    };
    let effects = world.decide_step(step, "second", number).unwrap_or_else(|problem| panic!("{step:?}: {problem}"));
    for effect in effects {
        if dies() {
            return true;
        }
        world.perform_now(&[effect]);
        if dies() {
            return true;
        }
    }
    dies()
}

/// Kills the rotation once, at every place, and resumes it as Secrets Manager does: with the step that did not end, or with
/// the first one.
#[test]
fn a_rotation_that_was_killed_anywhere_is_finished_by_repeating_it() {
    let whole = {
        let mut world = World::with_claim();
        world.rotate("second", 901);
        world
    };
    let mut places = 0;
    for from_the_first_step in [false, true] {
        for place in 0.. {
            let mut world = World::with_claim();
            let mut deaths = place;
            let mut died = false;
            for (index, step) in Step::ALL.into_iter().enumerate() {
                let moment = format!("killed at place {place} in {step:?}");
                if !died && killed(&mut world, step, 901, &mut deaths) {
                    died = true;
                    nothing_is_lost(&world, &moment);
                    // Whoever resumes draws another key; the one that was kept counts.
                    let again = if from_the_first_step { &Step::ALL[..=index] } else { &Step::ALL[index..=index] };
                    for step in again {
                        world.tick();
                        let effects =
                            world.decide_step(*step, "second", 902).unwrap_or_else(|it| panic!("{it}, {moment}"));
                        for effect in effects {
                            world.perform_now(&[effect]);
                            nothing_is_lost(&world, &moment);
                        }
                    }
                } else if died {
                    let effects = world.decide_step(step, "second", 902).unwrap_or_else(|it| panic!("{it}, {moment}"));
                    world.perform_now(&effects);
                }
            }
            if !died {
                places = place;
                break;
            }
            let states = |world: &World| world.claims.values().map(|row| row.state).collect::<Vec<_>>();
            assert_eq!(states(&world), states(&whole), "killed at place {place}");
            assert_eq!(world.claims.len(), 2, "one was made, killed at place {place}");
            assert_eq!(world.registry.len(), 2, "no orphan, killed at place {place}");
            assert_eq!(world.secrets[SECRET].read(), world.current_claim(), "killed at place {place}");
        }
    }
    assert!(places > 12, "the rotation was killed at {places} places only");
}

#[test]
fn every_step_can_be_repeated_after_the_rotation_without_changing_anything() {
    let mut world = World::with_claim();
    world.rotate("second", 901);
    let before = world.clone();
    for step in Step::ALL {
        let effects = world.decide_step(step, "second", 903).unwrap();
        world.perform_now(&effects);
    }
    assert_eq!(world.claims, before.claims);
    assert_eq!(world.registry, before.registry);
    assert_eq!(world.secrets, before.secrets);
}

#[test]
fn steps_out_of_order_and_of_a_rotation_that_is_over_say_so() {
    let mut world = World::with_claim();
    let name = shared::ClaimName::default_name();
    for step in [Step::Set, Step::Finish] {
        assert_eq!(world.decide_step(step, "second", 901), Err(RotationProblem::NothingMade(name.clone())), "{step:?}");
    }
    let effects = world.decide_step(Step::Create, "second", 901).unwrap();
    world.perform_now(&effects);
    for step in [Step::Test, Step::Finish] {
        assert_eq!(
            world.decide_step(step, "second", 901),
            Err(RotationProblem::NotRegistered(name.clone())),
            "{step:?}"
        );
    }
    let effects = world.decide_step(Step::Set, "second", 901).unwrap();
    world.perform_now(&effects[..effects.len() - 1]);
    assert!(matches!(world.decide_step(Step::Test, "second", 901), Err(RotationProblem::NoPolicy { .. })));
    // Another rotation took its place.
    world.rotate("third", 902);
    world.secrets.get_mut(SECRET).unwrap().pending = None;
    assert!(world.decide_step(Step::Finish, "second", 901).is_err());
    assert_eq!(world.current_claim(), Some(claim(902)));
}

#[test]
fn a_rotation_that_was_given_up_leaves_nothing_behind_once_another_is_finished() {
    let mut world = World::with_claim();
    for step in [Step::Create, Step::Set] {
        let effects = world.decide_step(step, "second", 901).unwrap();
        world.perform_now(&effects);
    }
    world.rotate("third", 902);
    assert_eq!(world.reported(&certificate(901)), None);
    assert_eq!(world.claims[&claim(901)].state, ClaimState::Retired);
}

#[test]
fn a_key_that_does_not_fit_is_never_put_to_use() {
    let world = World::with_claim();
    let mut facts = world.rotation_facts("first");
    facts.made.as_mut().unwrap().key_fits = false;
    assert_eq!(crate::check_claim(&facts), Err(RotationProblem::KeyDoesNotFit(SECRET.to_owned())));
}

#[test]
fn trying_out_a_rotations_settings_looks_at_the_current_claim() {
    let world = World::with_claim();
    assert_eq!(world.decide_step(Step::Test, "trial", 901), Ok(Vec::new()));
    // Nor does a key of another kind than is read here, as AWS IoT makes them, stand in the way.
    let mut facts = world.rotation_facts("trial");
    let (_, current) = facts.current.as_mut().unwrap();
    current.as_mut().unwrap().key_fits = false;
    assert_eq!(crate::check_claim(&facts), Ok(()));
    let mut without_policy = world.clone();
    without_policy.registry.get_mut(&certificate(900)).unwrap().attached = false;
    assert!(matches!(without_policy.decide_step(Step::Test, "trial", 901), Err(RotationProblem::NoPolicy { .. })));
}

#[test]
fn a_retiring_claim_ends_with_its_time_and_not_before() {
    let mut world = World::with_claim();
    world.rotate("second", 901);
    world.pass(SignedDuration::from_hours(90 * 24 - 1));
    world.keep_house();
    assert_eq!(
        world.claims[&claim(900)].state,
        ClaimState::Retiring,
        "nobody was expected with it, so its time counts"
    );
    world.pass(SignedDuration::from_hours(2));
    world.keep_house();
    assert_eq!(world.claims[&claim(900)].state, ClaimState::Retired);
    assert_eq!(world.reported(&certificate(900)), None);
    assert_eq!(world.current_claim(), Some(claim(901)));
    let before = world.claims.clone();
    world.keep_house();
    assert_eq!(world.claims, before);
}

#[test]
fn an_end_that_was_interrupted_anywhere_is_finished_the_next_time() {
    let mut world = World::with_claim();
    world.rotate("second", 901);
    world.pass(SignedDuration::from_hours(91 * 24));
    let reported = world.reported(&certificate(900));
    let effects = crate::end_retiring(&world.claims[&claim(900)], Default::default(), reported, world.now);
    for done in 0..effects.len() {
        let mut world = world.clone();
        world.perform_now(&effects[..done]);
        world.keep_house();
        assert_eq!(world.claims[&claim(900)].state, ClaimState::Retired, "after {done} effects");
        assert_eq!(world.reported(&certificate(900)), None, "after {done} effects");
    }
}

#[test]
fn the_vehicle_is_expected_with_the_claim_that_was_current_until_it_is_registered() {
    let mut world = World::with_claim();
    let current = world.rotate("second", 901);
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.expected_with(&current), 1);
    let (id, decision) = world.device_asks(vin().as_str(), 1);
    assert_eq!(
        (decision, world.expected_with(&current)),
        (ProvisioningDecision::Allow(vin()), 1),
        "not registered yet"
    );
    world.register(&id);
    assert_eq!(world.expected_with(&current), 0);
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.expected_with(&current), 0, "a vehicle that has come is not expected");
}

#[test]
fn a_burned_claim_lets_nobody_in_from_its_record_on() {
    let mut world = World::with_claim();
    let burned = world.rotate("second", 901);
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.burn(&burned, 0), Err(Refusal::MoreVehiclesExpected), "nobody was told of the vehicle");
    assert_eq!(world.reported(&burned.0), Some(CertificateStatus::Active));
    world.burn(&burned, 1).unwrap();
    assert_eq!(world.reported(&burned.0), Some(CertificateStatus::Revoked));
    let record = world.claims[&burned].clone();
    assert_eq!((record.state, record.ended_by.as_deref()), (ClaimState::Burned, Some("an-operator")));
    let id = world.issue(1);
    let asked = request(vin().as_str(), &id, world.now);
    let asked =
        ProvisioningRequest { claim_certificate_id: Some(burned.clone()), claim_state: Some(record.state), ..asked };
    assert_eq!(world.ask(&asked), ProvisioningDecision::Deny(DenialReason::ClaimRetired));
    // Its name gets a new certificate by a rotation, which leaves the burned one burned.
    let newer = world.rotate("third", 902);
    assert_eq!(world.current_claim(), Some(newer));
    assert_eq!(world.claims[&burned].state, ClaimState::Burned);
}

#[test]
fn a_burning_that_was_interrupted_anywhere_is_finished_by_repeating_it() {
    let mut world = World::with_claim();
    let burned = world.rotate("second", 901);
    for done in 0..3 {
        let mut world = world.clone();
        let action = super::world::operator(world.now);
        let reported = world.reported(&burned.0);
        let effects = crate::burn_claim(&world.claims[&burned], reported, Default::default(), 0, &action).unwrap();
        assert_eq!(effects.len(), 3);
        world.perform_now(&effects[..done]);
        world.burn(&burned, 0).unwrap();
        world.burn(&burned, 0).unwrap();
        assert_eq!(world.reported(&burned.0), Some(CertificateStatus::Revoked), "after {done} effects");
        assert_eq!(world.claims[&burned].state, ClaimState::Burned, "after {done} effects");
    }
}

#[test]
fn what_is_burned_before_it_is_current_never_comes_into_use() {
    let mut world = World::with_claim();
    for step in [Step::Create, Step::Set] {
        let effects = world.decide_step(step, "second", 901).unwrap();
        world.perform_now(&effects);
    }
    world.burn(&claim(901), 0).unwrap();
    let name = shared::ClaimName::default_name();
    assert_eq!(world.decide_step(Step::Finish, "second", 901), Err(RotationProblem::Burned(name)));
    assert_eq!(world.secrets[SECRET].read(), Some(claim(900)));
}

#[test]
fn the_log_tells_no_secret() {
    let effect = Effect::KeepClaimSecret {
        secret_id: SECRET.to_owned(),
        version: "second".to_owned(),
        text: crate::SecretText::new("the private key".to_owned()),
    };
    assert!(!format!("{effect} {effect:?}").contains("private"));
}

#[test]
fn a_new_rotation_after_one_that_was_killed_anywhere_ends_with_one_claim_that_plants_have() {
    for prepared in [false, true] {
        let mut place = 0;
        loop {
            let mut world = World::with_claim();
            let mut deaths = place;
            if !Step::ALL.into_iter().any(|step| killed(&mut world, step, 901, &mut deaths)) {
                break;
            }
            let moment = format!("killed at place {place}, prepared: {prepared}");
            let had = world.secrets[SECRET].read().unwrap();
            // Secrets Manager goes on with what waits; who cancelled that by hand begins with another version.
            let version = if prepared { world.prepare_to_rotate() } else { None };
            world.secrets.get_mut(SECRET).unwrap().pending = version.clone();
            let made = match &version {
                Some(version) => {
                    world.rotate(version, 902);
                    world.secrets[SECRET].read().unwrap()
                }
                None => world.rotate("third", 902),
            };
            nothing_is_lost(&world, &moment);
            assert_eq!(world.current_claim(), Some(made.clone()), "{moment}");
            assert_eq!(world.secrets[SECRET].read(), Some(made.clone()), "{moment}");
            assert_eq!(world.reported(&had.0), Some(CertificateStatus::Active), "what plants had works, {moment}");
            if had != made {
                assert_eq!(world.claims[&had].state, ClaimState::Retiring, "{moment}");
            }
            assert!(world.claims.values().all(|row| row.state != ClaimState::Preparing), "{moment}");
            place += 1;
        }
        assert!(place > 12, "the rotation was killed at {place} places only");
    }
}

#[test]
fn a_claim_burned_while_it_was_prepared_does_not_keep_its_name_from_being_rotated() {
    let mut world = World::with_claim();
    for step in [Step::Create, Step::Set] {
        let effects = world.decide_step(step, "second", 901).unwrap();
        world.perform_now(&effects);
    }
    world.burn(&claim(901), 0).unwrap();
    assert_eq!(world.prepare_to_rotate(), None);
    assert_eq!(world.secrets[SECRET].pending, None);
    let made = world.rotate("third", 902);
    assert_eq!(world.secrets[SECRET].read(), Some(made));
    assert_eq!(world.claims[&claim(901)].state, ClaimState::Burned);
}

#[test]
fn a_version_is_given_up_where_its_key_does_not_fit_and_goes_on_where_it_does() {
    let mut world = World::with_claim();
    let effects = world.decide_step(Step::Create, "second", 901).unwrap();
    world.perform_now(&effects);
    let made = world.rotation_facts("second").made.unwrap();
    let decide = |made: Option<&crate::ClaimInSecret>| crate::give_up_version(SECRET, "second", made, &[]);
    assert_eq!(decide(None), Vec::new(), "it has no certificate yet");
    assert_eq!(decide(Some(&made)), Vec::new());
    let made = crate::ClaimInSecret { key_fits: false, ..made };
    let given_up = Effect::GiveUpClaimSecret { secret_id: SECRET.to_owned(), version: "second".to_owned() };
    assert_eq!(decide(Some(&made)), vec![given_up]);
}

#[test]
fn plants_never_get_a_claim_that_was_burned_after_its_rotation_was_decided() {
    let mut world = World::with_claim();
    for step in [Step::Create, Step::Set] {
        let effects = world.decide_step(step, "second", 901).unwrap();
        world.perform_now(&effects);
    }
    let effects = world.decide_step(Step::Finish, "second", 901).unwrap();
    world.perform_now(&effects[..1]);
    world.burn(&claim(901), 0).unwrap();
    assert_eq!(world.apply(&effects[1]), Err(super::world::Trouble::FactsChanged));
    assert_eq!(world.secrets[SECRET].read(), Some(claim(900)));
}

#[test]
fn a_retiring_claim_works_while_a_vehicle_may_come_of_which_nobody_said_with_which_claim() {
    let mut world = World::with_claim();
    let first = world.rotate("second", 901);
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.expected_with(&first), 1);
    world.rotate("third", 902);
    // Another tool authorized one, and named no claim.
    let unannounced = shared::Vin::try_from("1FTFW1ET5DFC10312".to_owned()).unwrap();
    let row = shared::AuthorizedVehicle {
        vin: unannounced.clone(),
        expected_claim_certificate_id: None,
        ..world.authorized[&vin()].clone()
    };
    world.authorized.insert(unannounced.clone(), row);
    let (id, _) = world.device_asks(vin().as_str(), 1);
    world.register(&id);
    assert_eq!(world.expected_with(&first), 0);
    world.keep_house();
    assert_eq!(world.claims[&first].state, ClaimState::Retiring, "the other one may have it");
    let (id, decision) = world.device_asks(unannounced.as_str(), 2);
    assert_eq!(decision, ProvisioningDecision::Allow(unannounced));
    world.register(&id);
    world.keep_house();
    assert_eq!(world.claims[&first].state, ClaimState::Retired);
}

#[test]
fn a_count_that_may_be_more_ends_no_claim_early() {
    use crate::StillToCome;
    use shared::Count;
    let mut world = World::with_claim();
    world.rotate("second", 901);
    let mut record = world.claims[&claim(900)].clone();
    record.expected_at_retirement = Some(1);
    let none = Some(Count::default());
    let more = Some(Count { number: 0, or_more: true });
    let decide = |with_it, with_any| {
        let reported = Some(CertificateStatus::Active);
        crate::end_retiring(&record, StillToCome { with_it, with_any }, reported, world.now)
    };
    for (with_it, with_any) in [(none, more), (more, none), (none, None), (None, none)] {
        assert_eq!(decide(with_it, with_any), Vec::new());
    }
    assert!(!decide(none, none).is_empty());
}

#[test]
fn what_is_revoked_leaves_without_being_deactivated() {
    let mut world = World::with_claim();
    world.rotate("second", 901);
    world.pass(SignedDuration::from_hours(91 * 24));
    world.registry.get_mut(&certificate(900)).unwrap().status = CertificateStatus::Revoked;
    world.keep_house();
    assert_eq!(world.claims[&claim(900)].state, ClaimState::Retired);
    assert_eq!(world.reported(&certificate(900)), None);
}

#[test]
fn an_authorization_decided_before_the_vehicle_came_does_not_expect_it_again() {
    for registered_later in [false, true] {
        let mut world = World::with_claim();
        let current = world.rotate("second", 901);
        world.operator(&vin(), OperatorAction::Authorize).unwrap();
        let admitted = registered_later.then(|| world.device_asks(vin().as_str(), 1).0);
        let late = world.decide(&world.facts(&vin()), &OperatorAction::Authorize).unwrap();
        let id = admitted.unwrap_or_else(|| world.device_asks(vin().as_str(), 1).0);
        world.register(&id);
        assert_eq!(world.apply(&late[0]), Err(super::world::Trouble::FactsChanged));
        assert_eq!(world.expected_with(&current), 0, "registered later: {registered_later}");
    }
}
