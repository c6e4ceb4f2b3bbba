//! Small worlds, searched to their end: every order in which two devices, an operator, AWS IoT and the handlers of its
//! events can act on one VIN, within bounds, with the rules as they are.
//!
//! The play is the one of the random interleavings, whose plays are longer but few. A property that says "can always come to
//! rest" is checked as one of every state, because the search has no notion of fairness: from there, what is under way ends,
//! what failed is repeated, what waits is delivered and every vehicle that can connect reports once.

mod bounds;
mod key;
mod mutations;
mod sights;
mod small_worlds;

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Mutex;

use shared::{CertificateStatus, ClaimName, ClaimRecord, ClaimState};
use stateright::{Model, Property};

use super::interleavings::{Broken, Button, Law, Play, Step};
use super::world::{SECRET, claim};
use crate::Effect;
use bounds::{Bounds, Budget};
use key::key;

/// A small world to be searched.
pub struct SmallWorld {
    bounds: Bounds,
    /// The states from which everything comes to rest as it should, by the hashes of their keys.
    resting: Mutex<HashSet<u64>>,
}

/// Where the play is.
#[derive(Clone)]
pub struct State {
    play: Play,
    left: Budget,
    /// The law that was broken on the way here.
    broken: Option<Broken>,
}

impl SmallWorld {
    pub fn new(bounds: Bounds) -> Self {
        SmallWorld { bounds, resting: Mutex::default() }
    }

    /// What becomes of a play when it is left alone; nothing where it comes to rest as it should.
    fn unrest(&self, play: &Play) -> Option<Broken> {
        let mut resting = self.resting.lock().unwrap();
        let mut play = play.clone();
        let mut path = Vec::new();
        while path.len() < 1_000 {
            let hash = hash_of(&play);
            if resting.contains(&hash) {
                resting.extend(path);
                return None;
            }
            path.push(hash);
            if play.is_quiet() {
                let broken = play.come_to_rest().err();
                if broken.is_none() {
                    resting.extend(path);
                }
                return broken;
            }
            if let Err(broken) = play.calm() {
                return Some(broken);
            }
        }
        Some(Law::ComesToRest.broken("never comes to rest"))
    }
}

impl Model for SmallWorld {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        let mut play = Play::new();
        play.history = None;
        if self.bounds.budget.burns > 0 {
            put_claim_on_record(&mut play);
        }
        for step in self.bounds.before {
            play.take(step).unwrap();
        }
        play.mutation = self.bounds.mutation;
        vec![State { play, left: self.bounds.budget, broken: None }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Step>) {
        if state.broken.is_some() {
            return;
        }
        let play = &state.play;
        let mut offer = |step: Step| {
            if state.left.after(&step).is_some() {
                actions.push(step);
            }
        };
        offer(Step::Ask);
        (0..play.issued.len()).for_each(|which| offer(Step::AskAgain(which)));
        for which in 0..play.running.len() {
            offer(Step::Run(which));
            offer(Step::Die(which));
        }
        for which in 0..play.registrations.len() {
            offer(Step::Register(which));
            offer(Step::AbandonRegistration(which));
        }
        for (which, delivery) in play.events.iter().enumerate() {
            offer(Step::Deliver { event: which, again: false });
            offer(Step::Deliver { event: which, again: true });
            if !delivery.begun {
                offer(Step::LoseEvent(which));
            }
        }
        (0..play.world.active().len()).for_each(|which| offer(Step::Report(which)));
        (0..play.issued.len()).for_each(|which| offer(Step::Forget(which)));
        if !play.operator_is_busy() {
            self.presses(play).into_iter().for_each(&mut offer);
            if !play.to_repeat.is_empty() {
                offer(Step::PressAgain);
            }
        }
        (0..revoked_rows(play)).for_each(|which| offer(Step::Remove(which)));
        if play.world.claims.values().any(|claim| !claim.state.has_ended()) {
            offer(Step::Burn);
        }
        if play.world.authorized.values().any(|authorized| authorized.ticket.is_some()) {
            offer(Step::Wait { minutes: 61 });
        }
    }

    fn next_state(&self, last: &State, step: Step) -> Option<State> {
        let mut state = State { left: last.left.after(&step)?, ..last.clone() };
        let running = state.play.running.len();
        let taken = state.play.take(&step).and_then(|()| {
            let starts = state.play.running.len() > running;
            let runs_on = matches!(step, Step::Run(_)) && state.play.running.len() == running;
            if starts || runs_on { to_next_visible_effect(&mut state.play, runs_on) } else { Ok(()) }
        });
        state.broken = taken.err();
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always("no law is broken on the way", |_, state: &State| state.broken.is_none()),
            Property::always("everything can come to rest as it should", |world: &SmallWorld, state: &State| {
                state.broken.is_some() || world.unrest(&state.play).is_none()
            }),
            Property::always("where nothing was lost, quiet is rest", |world: &SmallWorld, state: &State| {
                state.broken.is_some() || world.is_at_rest_when_quiet(state)
            }),
        ];
        properties.extend(self.bounds.sights.iter().map(|sight| sight.property()));
        properties
    }
}

impl SmallWorld {
    /// Nobody has to report before the vehicle is settled, where every event was delivered.
    fn is_at_rest_when_quiet(&self, state: &State) -> bool {
        let nothing_was_lost = state.left.losses == self.bounds.budget.losses;
        !nothing_was_lost || !state.play.is_quiet() || state.play.is_at_rest().is_ok()
    }

    /// The law that is broken at the end of this path.
    fn broken_by(&self, path: &[Step]) -> (Option<Broken>, String) {
        let mut state = self.init_states().remove(0);
        state.play.history = Some(Vec::new());
        for step in path {
            state = self.next_state(&state, step.clone()).unwrap();
        }
        let mut play = state.play;
        let at_once = if play.is_quiet() { play.is_at_rest().err() } else { None };
        let broken = state.broken.or(at_once).or_else(|| {
            while !play.is_quiet() {
                if let Err(broken) = play.calm() {
                    return Some(broken);
                }
            }
            play.come_to_rest().err()
        });
        // Certificates are counted from 1, so their zeros tell nothing.
        (broken, play.history.unwrap_or_default().join("\n").replace(&"0".repeat(48), ""))
    }

    fn presses(&self, play: &Play) -> Vec<Step> {
        let rows = play.world.provisioned.len();
        let views: &[bool] = if self.bounds.may_see_the_tables_alone { &[true, false] } else { &[true] };
        let mut presses = Vec::new();
        for button in self.bounds.buttons {
            let rows = if matches!(button, Button::Authorize | Button::OpenTicket) { 1 } else { rows };
            for row in 0..rows {
                presses.extend(views.iter().map(|view| Step::Press { button: *button, row, sees_registry: *view }));
            }
        }
        presses
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        key(&self.play) == key(&other.play) && self.left == other.left && self.broken == other.broken
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        key(&self.play).hash(hasher);
        self.left.hash(hasher);
        self.broken.is_some().hash(hasher);
    }
}

impl fmt::Debug for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.broken)
    }
}

fn hash_of(play: &Play) -> u64 {
    let mut hasher = DefaultHasher::new();
    key(play).hash(&mut hasher);
    hasher.finish()
}

/// What nobody else could see is done at once with what comes before it. A program that has not read anything yet could as
/// well have been started later, and whoever dies before such an effect, dies before the next one or before the first.
fn to_next_visible_effect(play: &mut Play, ran: bool) -> Result<(), Broken> {
    let is_invisible = |effect: &Effect| match effect {
        Effect::CutConnection(_)
        | Effect::ProveDisconnected(_)
        | Effect::ProveRefused(_)
        | Effect::RecordAttempt(_) => true,
        // Of a receipt, only its outcome can be missing.
        Effect::RecordReceipt(receipt) => receipt.ended_at.is_none(),
        _ => false,
    };
    let mut running = play.running.len();
    if !ran {
        play.run(running - 1)?;
    }
    while play.running.len() >= running
        && let Some(process) = play.running.last()
        && process.effects.as_ref().and_then(|effects| effects.front()).is_some_and(|effect| is_invisible(effect))
    {
        running = play.running.len();
        play.run(running - 1)?;
    }
    Ok(())
}

fn revoked_rows(play: &Play) -> usize {
    let rows = play.world.provisioned.values();
    rows.filter(|row| row.certificate_status == CertificateStatus::Revoked).count()
}

fn put_claim_on_record(play: &mut Play) {
    let now = play.world.now;
    let record = ClaimRecord {
        id: claim(),
        name: ClaimName::default_name(),
        secret_id: SECRET.to_owned(),
        state: ClaimState::Current,
        created_at: now,
        created_by: "deployment".to_owned(),
        retiring_since: None,
        retire_at: None,
        expected_at_retirement: None,
        replaced_by: None,
        ended_at: None,
        ended_by: None,
        reason: None,
    };
    play.world_mut().claims.insert(claim(), record);
}
