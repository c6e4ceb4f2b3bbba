//! The vehicle's devices, AWS IoT, the handlers and the operator, and what is under way between them.

use std::collections::VecDeque;

use shared::{CertificateId, CertificateStatus, ProvisionedVehicle, SignedDuration};

use super::super::world::{OperatorAction, Trouble, World, request, vin};
use super::ledger::Ledger;
use super::process::{Process, Purpose};
use super::step::{Button, Step};
use crate::{Effect, ProvisioningDecision};

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

#[derive(Clone, Debug)]
pub struct Play {
    pub world: World,
    pub ledger: Ledger,
    pub running: Vec<Process>,
    pub registrations: Vec<UnderWay>,
    /// What AWS IoT still has to deliver.
    pub events: Vec<Delivery>,
    pub to_repeat: Vec<OperatorAction>,
    /// What happened, for the report of a failure.
    pub history: Vec<String>,
    issued: Vec<CertificateId>,
}

/// What went against the rules of the play.
pub type Broken = String;

impl Play {
    pub fn new() -> Self {
        Play {
            world: World::with_authorized_vehicle(),
            ledger: Ledger::default(),
            running: Vec::new(),
            registrations: Vec::new(),
            events: Vec::new(),
            to_repeat: Vec::new(),
            history: Vec::new(),
            issued: Vec::new(),
        }
    }

    pub fn take(&mut self, step: &Step) -> Result<(), Broken> {
        self.world.tick();
        let before = self.world.clone();
        self.history.push(format!("{} step {step:?}", self.world.now));
        match step {
            Step::Ask => {
                let id = self.world.issue(self.issued.len() as u64 + 1);
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
                    self.interrupted(process);
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
                    self.running.push(Process::new(Purpose::Report(id.clone())));
                }
            }
            Step::Forget(which) => {
                let waiting: Vec<_> = self.issued.iter().filter(|id| !self.is_under_way(id)).cloned().collect();
                if let Some(id) = chosen(&waiting, *which) {
                    self.world.iot_forgets_pending(id);
                }
            }
            Step::Press { button, row, sees_registry } => self.press(*button, *row, *sees_registry),
            Step::PressAgain => self.press_again(),
            Step::Remove(which) => {
                let revoked = |row: &&ProvisionedVehicle| row.certificate_status == CertificateStatus::Revoked;
                let rows: Vec<_> =
                    self.world.provisioned.values().filter(revoked).map(|row| row.certificate_id.clone()).collect();
                if let Some(id) = chosen(&rows, *which) {
                    self.running.push(Process::new(Purpose::Removal(id.clone())));
                }
            }
            Step::Wait { minutes } => self.world.pass(SignedDuration::from_mins(i64::from(*minutes))),
        }
        kept(&before, &self.world)
    }

    /// One step of one program.
    pub fn run(&mut self, which: usize) -> Result<(), Broken> {
        let Some(which) = which.checked_rem(self.running.len()) else { return Ok(()) };
        let process = self.running.remove(which);
        if let Some(process) = self.advance(process)? {
            self.running.push(process);
        }
        Ok(())
    }

    /// All steps of one program, with nothing in between.
    pub fn run_through(&mut self, which: usize) -> Result<(), Broken> {
        let Some(which) = which.checked_rem(self.running.len()) else { return Ok(()) };
        let mut process = self.running.remove(which);
        for _ in 0..10_000 {
            match self.advance(process)? {
                Some(unfinished) => process = unfinished,
                None => return Ok(()),
            }
        }
        Err("a program never ends".to_owned())
    }

    /// The program after its next step; `None` where it ended.
    fn advance(&mut self, mut process: Process) -> Result<Option<Process>, Broken> {
        let Some(effects) = &mut process.effects else {
            if process.decide(&self.world) {
                self.history.push(format!("{} {}: decided {:?}", self.world.now, process.purpose, process.decision));
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
            self.finished(process);
            return Ok(None);
        };
        if let (Purpose::Operator { action: OperatorAction::Release(id), .. }, Effect::RecordStatus(_)) =
            (&process.purpose, &effect)
        {
            self.end_handlers_of_hold(id);
        }
        let before = self.world.clone();
        let result = self.world.apply(&effect);
        self.history.push(format!("{} {}: {effect} {result:?}", self.world.now, process.purpose));
        match result {
            Ok(()) => {
                self.ledger.note(&effect)?;
                if let (Some(ProvisioningDecision::Deny(_)), Purpose::Hook(request)) =
                    (&process.decision, &process.purpose)
                {
                    denial_changed_nothing(&before, &self.world, request.certificate_id.as_ref())?;
                }
                if process.effects.as_ref().is_some_and(VecDeque::is_empty) {
                    self.finished(process);
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
        let registration = &mut self.registrations[which];
        let id = registration.certificate_id.clone();
        if registration.attached {
            self.world.iot_activates(&id);
            self.registrations.remove(which);
        } else if self.world.iot_attaches(&id) {
            registration.attached = true;
            self.events.push(Delivery { event: Purpose::ThingEvent(id), begun: false });
        } else {
            self.registrations.remove(which);
        }
    }

    pub fn deliver(&mut self, event: usize, again: bool) {
        let Some(event) = event.checked_rem(self.events.len()) else { return };
        let delivery = if again { self.events[event].clone() } else { self.events.remove(event) };
        self.running.push(Process::new(delivery.event));
    }

    pub fn press_again(&mut self) {
        if !self.to_repeat.is_empty() && !self.operator_is_busy() {
            let action = self.to_repeat.remove(0);
            self.running.push(Process::new(Purpose::Operator { action, sees_registry: true }));
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
        self.running.push(Process::new(Purpose::Operator { action, sees_registry }));
    }

    fn operator_is_busy(&self) -> bool {
        self.running.iter().any(Process::is_operator)
    }

    /// A handler that is about to put out a held certificate has its time limit of seconds; an operator has read the page,
    /// opened a dialog and given a reason before a release begins. So it is over by then, done or not.
    fn end_handlers_of_hold(&mut self, id: &CertificateId) {
        let is_handler = |process: &Process| !process.is_operator();
        let deactivates = |process: &Process| {
            let effects = process.effects.iter().flatten();
            effects.into_iter().any(|effect| *effect == Effect::DeactivateCertificate(id.clone()))
        };
        let over: Vec<_> = self.running.extract_if(.., |process| is_handler(process) && deactivates(process)).collect();
        for process in over {
            self.interrupted(process);
        }
    }

    fn start_hook(&mut self, id: &CertificateId) {
        let request = request(vin().as_str(), id, self.world.now);
        self.running.push(Process::new(Purpose::Hook(Box::new(request))));
    }

    /// Whether somebody still works with a certificate that is not registered yet.
    fn is_under_way(&self, id: &CertificateId) -> bool {
        self.registrations.iter().any(|registration| registration.certificate_id == *id)
    }

    fn finished(&mut self, process: Process) {
        match process.purpose {
            Purpose::Hook(request) => {
                if let (Some(ProvisioningDecision::Allow(_)), Some(id)) = (process.decision, request.certificate_id) {
                    self.registrations.push(UnderWay { certificate_id: id, attached: false });
                }
            }
            Purpose::Operator { action: OperatorAction::Revoke(id), .. } => {
                let is_revoked = self.world.row(&id).certificate_status == CertificateStatus::Revoked;
                if is_revoked {
                    self.ledger.revoked(&id, self.world.now);
                }
            }
            Purpose::Operator { .. } | Purpose::ThingEvent(_) | Purpose::Report(_) | Purpose::Removal(_) => {}
        }
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
        }
    }
}

fn chosen<T>(things: &[T], which: usize) -> Option<&T> {
    things.get(which.checked_rem(things.len())?)
}

/// No row and no attempt is lost, and no attempt is ever changed.
fn kept(before: &World, after: &World) -> Result<(), Broken> {
    for (id, attempt) in &before.attempts {
        if after.attempts.get(id) != Some(attempt) {
            return Err(format!("attempt {id:?} was lost or changed"));
        }
    }
    match before.provisioned.keys().find(|key| !after.provisioned.contains_key(*key)) {
        Some(key) => Err(format!("the row of {key:?} was lost")),
        None => Ok(()),
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
    if same { Ok(()) } else { Err("a denied attempt changed something".to_owned()) }
}
