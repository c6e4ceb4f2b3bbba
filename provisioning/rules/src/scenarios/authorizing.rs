//! An operator makes a VIN known.

use super::world::{OperatorAction, World, vin};
use crate::{Effect, authorize};

#[test]
fn authorizing_keeps_admissions_and_tickets() {
    let (mut world, live) = World::with_live_vehicle();
    world.operator(&vin(), OperatorAction::OpenTicket { minutes: 60 }).unwrap();
    let before = world.authorized[&vin()].clone();
    world.operator(&vin(), OperatorAction::Authorize).unwrap();
    assert_eq!(world.authorized[&vin()], before);
    assert_eq!(world.authorized[&vin()].admitted_certificate_id, Some(live));
}

#[test]
fn what_is_typed_is_trimmed_and_kept_with_who_typed_it() {
    let world = World::new();
    let effects = authorize(&world.facts(&vin()), (" Honda ", "Accord\n", " 2003"), None, "an-operator", world.now);
    let [Effect::AuthorizeVehicle(authorization)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(
        [&authorization.make, &authorization.model, &authorization.year, &authorization.by],
        ["Honda", "Accord", "2003", "an-operator"]
    );
}
