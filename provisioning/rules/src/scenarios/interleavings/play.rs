//! The vehicle's devices, AWS IoT, the handlers and the operator, and what is under way between them.

use std::collections::VecDeque;
use std::sync::Arc;

use shared::{AttemptId, CertificateId, CertificateStatus, ProvisionedVehicle, SignedDuration};

use super::super::world::{OperatorAction, Trouble, World, claim, request, vin};
use super::law::{Broken, Law};
use super::ledger::Ledger;
use super::mutation::Mutation;
use super::process::{Process, Purpose};
use super::step::{Button, Step};
use crate::facts::is_held;
use crate::{Effect, ProvisioningDecision, ProvisioningRequest};

/// How far AWS IoT is with a registration that the hook allowed.
#[derive(Clone, Debug)]
pub struct UnderWay {
    pub certificate_id: CertificateId,
    pub attached: bool,
}

/// Something that happened and whose handler is to be told.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub event: Purpose,
    /// Whether a handler has had it and died.
    pub begun: bool,
}

/// What a play holds is shared with the plays that it branches into.
#[derive(Clone, Debug)]
pub struct Play {
    pub world: Arc<World>,
    pub ledger: Arc<Ledger>,
    pub running: Vec<Arc<Process>>,
    pub registrations: Vec<UnderWay>,
    /// What AWS IoT still has to deliver.
    pub events: Vec<Delivery>,
    pub to_repeat: Vec<OperatorAction>,
    /// What happened, for the report of a failure; `None` where nobody listens.
    pub history: Option<Vec<String>>,
    /// What is done wrong on purpose.
    pub mutation: Option<Mutation>,
    pub issued: Vec<CertificateId>,
}

impl Play {
    pub fn new() -> Self {
        Play {
            world: Arc::new(World::with_authorized_vehicle()),
            ledger: Arc::default(),
            running: Vec::new(),
            registrations: Vec::new(),
            events: Vec::new(),
            to_repeat: Vec::new(),
            history: Some(Vec::new()),
            mutation: None,
            issued: Vec::new(),
        }
    }

    pub fn take(&mut self, step: &Step) -> Result<(), Broken> {
        let before = self.world.clone();
        self.world_mut().tick();
        self.tell(|play| format!("{} step {step:?}", play.world.now));
        match step {
            Step::Ask => {
                let number = self.issued.len() as u64 + 1;
                let id = self.world_mut().issue(number);
                self.issued.push(id.clone());
                self.start_hook(&id);
            }
            Step::AskAgain(which) => {
                if let Some(id) = chosen(&self.issued, *which).cloned() {
                    self.start_hook(&id);
                }
            }
            Step::Run(which) => self.run(*which)?,
            Step::RunThrough(which) => self.run_through(*which)?,
            Step::Die(which) => {
                if !self.running.is_empty() {
                    let process = self.running.remove(which % self.running.len());
                    self.interrupted(Arc::unwrap_or_clone(process));
                }
            }
            Step::Register(which) => self.register(*which),
            Step::AbandonRegistration(which) => {
                if !self.registrations.is_empty() {
                    self.registrations.remove(which % self.registrations.len());
                }
            }
            Step::Deliver { event, again } => self.deliver(*event, *again),
            Step::LoseEvent(which) => {
                // Lambda repeats what it has begun.
                if chosen(&self.events, *which).is_some_and(|delivery| !delivery.begun) {
                    self.events.remove(which % self.events.len());
                }
            }
            Step::Report(which) => {
                let active = self.world.active();
                if let Some(id) = chosen(&active, *which) {
                    self.start(Purpose::Report(id.clone()));
                }
            }
            Step::Forget(which) => {
                let waiting: Vec<_> = self.issued.iter().filter(|id| !self.is_under_way(id)).cloned().collect();
                if let Some(id) = chosen(&waiting, *which) {
                    self.world_mut().iot_forgets_pending(id);
                }
            }
            Step::Press { button, row, sees_registry } => self.press(*button, *row, *sees_registry),
            Step::PressAgain => self.press_again(),
            Step::Remove(which) => {
                let revoked = |row: &&ProvisionedVehicle| row.certificate_status == CertificateStatus::Revoked;
                let rows: Vec<_> =
                    self.world.provisioned.values().filter(revoked).map(|row| row.certificate_id.clone()).collect();
                if let Some(id) = chosen(&rows, *which) {
                    self.start(Purpose::Removal(id.clone()));
                }
            }
            Step::Burn => {
                if self.world.claims.contains_key(&claim()) {
                    self.start(Purpose::Burning);
                }
            }
            Step::Wait { minutes } => self.world_mut().pass(SignedDuration::from_mins(i64::from(*minutes))),
        }
        kept(&before, &self.world)
    }

    /// One step of one program.
    pub fn run(&mut self, which: usize) -> Result<(), Broken> {
        let Some(which) = which.checked_rem(self.running.len()) else { return Ok(()) };
        let process = Arc::unwrap_or_clone(self.running.remove(which));
        if let Some(process) = self.advance(process)? {
            self.running.push(Arc::new(process));
        }
        Ok(())
    }

    /// All steps of one program, with nothing in between.
    pub fn run_through(&mut self, which: usize) -> Result<(), Broken> {
        let Some(which) = which.checked_rem(self.running.len()) else { return Ok(()) };
        let mut process = Arc::unwrap_or_clone(self.running.remove(which));
        for _ in 0..10_000 {
            match self.advance(process)? {
                Some(unfinished) => process = unfinished,
                None => return Ok(()),
            }
        }
        Err(Law::ComesToRest.broken("a program never ends"))
    }

    /// The program after its next step; `None` where it ended.
    fn advance(&mut self, mut process: Process) -> Result<Option<Process>, Broken> {
        let Some(effects) = &mut process.effects else {
            let decided = match self.mutation {
                Some(mutation) => process.decide(&mutation.view(&process.purpose, &self.world)),
                None => process.decide(&self.world),
            };
            if decided {
                self.tell(|play| format!("{} {}: decided {:?}", play.world.now, process.purpose, process.decision));
                if let Some(mutation) = self.mutation {
                    mutation.change_decision(&mut process, &self.world);
                }
                return Ok(Some(process));
            }
            // Where AWS IoT has given up the registration, the delivery of its event is given up in the end, too.
            if let Purpose::ThingEvent(id) | Purpose::Report(id) = &process.purpose
                && self.is_under_way(id)
            {
                self.interrupted(process);
            }
            return Ok(None);
        };
        let Some(effect) = effects.pop_front() else {
            self.finished(process)?;
            return Ok(None);
        };
        if let (Purpose::Operator { action: OperatorAction::Release(id), .. }, Effect::RecordStatus(_)) =
            (&process.purpose, &*effect)
        {
            self.end_handlers_of_hold(id);
        }
        let denied = matches!(process.decision, Some(ProvisioningDecision::Deny(_)));
        let before = denied.then(|| self.world.clone());
        let was_on_hold = self.world.provisioned.values().any(is_held);
        let result = match self.mutation {
            Some(mutation) => {
                let changed = mutation.change_effect((*effect).clone(), &self.world);
                self.world_mut().apply(&changed)
            }
            None => self.world_mut().apply(&effect),
        };
        self.tell(|play| format!("{} {}: {effect} {result:?}", play.world.now, process.purpose));
        match result {
            Ok(()) => {
                Arc::make_mut(&mut self.ledger).note(&effect, self.world.now, was_on_hold)?;
                if let (Some(before), Purpose::Hook(request)) = (&before, &process.purpose) {
                    denial_changed_nothing(before, &self.world, request.certificate_id.as_ref())?;
                }
                if process.effects.as_ref().is_some_and(VecDeque::is_empty) {
                    self.finished(process)?;
                    return Ok(None);
                }
                Ok(Some(process))
            }
            Err(Trouble::FactsChanged) => {
                process.start_over();
                Ok(Some(process))
            }
            Err(Trouble::NoSuchCertificate | Trouble::RefusedByAws) => {
                self.interrupted(process);
                Ok(None)
            }
        }
    }

    pub fn register(&mut self, which: usize) {
        let Some(which) = which.checked_rem(self.registrations.len()) else { return };
        let UnderWay { certificate_id: id, attached } = self.registrations[which].clone();
        if attached {
            self.world_mut().iot_activates(&id);
            self.registrations.remove(which);
        } else if self.world_mut().iot_attaches(&id) {
            self.registrations[which].attached = true;
            self.events.push(Delivery { event: Purpose::ThingEvent(id), begun: false });
        } else {
            self.registrations.remove(which);
        }
    }

    pub fn deliver(&mut self, event: usize, again: bool) {
        let Some(event) = event.checked_rem(self.events.len()) else { return };
        let delivery = if again { self.events[event].clone() } else { self.events.remove(event) };
        self.start(delivery.event);
    }

    pub fn press_again(&mut self) {
        if !self.to_repeat.is_empty() && !self.operator_is_busy() {
            let action = self.to_repeat.remove(0);
            self.start(Purpose::Operator { action, sees_registry: true });
        }
    }

    fn press(&mut self, button: Button, row: usize, sees_registry: bool) {
        // Two operators of one vehicle are one after the other: each waits for the page to answer.
        if self.operator_is_busy() {
            return;
        }
        let rows: Vec<_> = self.world.provisioned.values().map(|row| row.certificate_id.clone()).collect();
        let row = chosen(&rows, row).cloned();
        let action = match (button, row) {
            (Button::Authorize, _) => OperatorAction::Authorize,
            (Button::OpenTicket, _) => OperatorAction::OpenTicket { minutes: 60 },
            (_, None) => return,
            (Button::Revoke, Some(id)) => OperatorAction::Revoke(id),
            (Button::Hold, Some(id)) => OperatorAction::Hold(id),
            (Button::Release, Some(id)) => OperatorAction::Release(id),
        };
        self.start(Purpose::Operator { action, sees_registry });
    }

    pub fn operator_is_busy(&self) -> bool {
        self.running.iter().any(|process| process.is_operator())
    }

    /// A handler that is about to put out a held certificate has its time limit of seconds; an operator has read the page,
    /// opened a dialog and given a reason before a release begins. So it is over by then, done or not.
    fn end_handlers_of_hold(&mut self, id: &CertificateId) {
        let is_handler = |process: &Process| !process.is_operator();
        let deactivates = |process: &Process| {
            let effects = process.effects.iter().flatten();
            effects.into_iter().any(|effect| **effect == Effect::DeactivateCertificate(id.clone()))
        };
        let over: Vec<_> = self.running.extract_if(.., |process| is_handler(process) && deactivates(process)).collect();
        for process in over {
            self.interrupted(Arc::unwrap_or_clone(process));
        }
    }

    fn start_hook(&mut self, id: &CertificateId) {
        let request = request(vin().as_str(), id, self.world.now);
        self.start(Purpose::Hook(Box::new(request)));
    }

    /// Whether somebody still works with a certificate that is not registered yet.
    pub fn is_under_way(&self, id: &CertificateId) -> bool {
        self.registrations.iter().any(|registration| registration.certificate_id == *id)
    }

    fn finished(&mut self, process: Process) -> Result<(), Broken> {
        match process.purpose {
            Purpose::Hook(request) => {
                attempt_is_kept(&self.world, &request)?;
                if let (Some(ProvisioningDecision::Allow(_)), Some(id)) = (process.decision, request.certificate_id) {
                    self.registrations.push(UnderWay { certificate_id: id, attached: false });
                }
            }
            Purpose::Operator { .. }
            | Purpose::ThingEvent(_)
            | Purpose::Report(_)
            | Purpose::Removal(_)
            | Purpose::Burning => {}
        }
        Ok(())
    }

    /// What a program that died leaves behind: events are delivered again, an operator sees the failure and repeats.
    fn interrupted(&mut self, process: Process) {
        match process.purpose {
            event @ (Purpose::ThingEvent(_) | Purpose::Report(_)) => {
                self.events.push(Delivery { event, begun: true });
            }
            Purpose::Operator { action, .. } => self.to_repeat.push(action),
            // The device gets no answer, and the removal comes again by itself.
            Purpose::Hook(_) | Purpose::Removal(_) => {}
            Purpose::Burning => self.start(Purpose::Burning),
        }
    }

    pub fn start(&mut self, purpose: Purpose) {
        self.running.push(Arc::new(Process::new(purpose)));
    }

    pub fn world_mut(&mut self) -> &mut World {
        Arc::make_mut(&mut self.world)
    }

    fn tell(&mut self, line: impl FnOnce(&Self) -> String) {
        if self.history.is_some() {
            let line = line(self);
            self.history.get_or_insert_default().push(line);
        }
    }
}

fn chosen<T>(things: &[T], which: usize) -> Option<&T> {
    things.get(which.checked_rem(things.len())?)
}

/// No row and no attempt is lost, and no attempt is ever changed.
fn kept(before: &World, after: &World) -> Result<(), Broken> {
    let changed = !before.attempts.is_same(&after.attempts);
    for (id, attempt) in before.attempts.iter().filter(|_| changed) {
        if after.attempts.get(id) != Some(attempt) {
            return Err(Law::NothingIsLost.broken(format!("attempt {id:?} was lost or changed")));
        }
    }
    match before.provisioned.keys().find(|key| !after.provisioned.contains_key(*key)) {
        Some(key) => Err(Law::NothingIsLost.broken(format!("the row of {key:?} was lost"))),
        None => Ok(()),
    }
}

/// The hook never answers without a record of the attempt.
fn attempt_is_kept(world: &World, request: &ProvisioningRequest) -> Result<(), Broken> {
    let id = AttemptId::new(request.at, request.certificate_id.as_ref());
    match world.attempts.contains_key(&id) {
        true => Ok(()),
        false => Err(Law::NothingIsLost.broken(format!("nobody recorded the attempt {id:?}"))),
    }
}

/// A denied attempt changes nothing but the attempts, and takes back the certificate that was issued for it.
fn denial_changed_nothing(before: &World, after: &World, own: Option<&CertificateId>) -> Result<(), Broken> {
    let others = |world: &World| {
        world
            .registry
            .iter()
            .filter(|(id, _)| Some(*id) != own)
            .map(|(id, held)| (id.clone(), *held))
            .collect::<Vec<_>>()
    };
    let own_was_live = own.and_then(|id| before.registry.get(id)).is_some_and(|held| held.attached);
    let own_is_gone = own.is_some_and(|id| !after.registry.contains_key(id));
    let same = before.authorized == after.authorized
        && before.provisioned == after.provisioned
        && before.cut == after.cut
        && others(before) == others(after)
        && !(own_was_live && own_is_gone);
    if same { Ok(()) } else { Err(Law::DenialsChangeNothing.broken("a denied attempt changed something")) }
}
