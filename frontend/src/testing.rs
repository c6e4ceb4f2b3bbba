//! What the tests share: a page to mount components in, and records to give them.

use leptos::{mount::UnmountHandle, prelude::*};
use shared::{
    AttemptId, AttemptOutcome, CertificateId, ClaimCertificateId, ProvisioningAttempt, Receipt, ReceiptId,
    ReceiptOutcome, ReceiptStep, StepOutcome, Vin,
    api::{CertificateAction, Session},
};
use std::{rc::Rc, time::Duration};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test_configure;
use web_sys::{Element, Event, EventInit, HtmlButtonElement, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

wasm_bindgen_test_configure!(run_in_browser);

/// A place in the document with a component in it, emptied when the last clone is dropped.
#[derive(Clone)]
pub struct Page {
    root: HtmlElement,
    _mounted: Rc<dyn std::any::Any>,
}

impl Page {
    /// What a reader sees, without what surrounds it.
    pub fn text(&self) -> String {
        self.root.text_content().unwrap_or_default().trim().to_owned()
    }

    /// Every element that matches.
    pub fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.root.query_selector_all(selector).expect("a selector");
        (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
    }

    /// The first element that matches.
    pub fn one(&self, selector: &str) -> Element {
        self.all(selector).into_iter().next().unwrap_or_else(|| panic!("there is no {selector} in {}", self.text()))
    }

    /// The button of this name.
    pub fn button(&self, name: &str) -> HtmlButtonElement {
        let buttons = self.all("button").into_iter();
        let mut named = buttons.filter(|button| button.text_content().is_some_and(|text| text.trim() == name));
        named.next().unwrap_or_else(|| panic!("there is no button {name}")).unchecked_into()
    }

    /// Presses the button of this name.
    pub fn press(&self, name: &str) {
        self.button(name).click();
    }

    /// Clicks on the first element that matches.
    pub fn click(&self, selector: &str) {
        self.one(selector).unchecked_into::<HtmlElement>().click();
    }

    /// Enters text where the selector says.
    pub fn enter(&self, selector: &str, text: &str) {
        Self::enter_into(&self.one(selector), text);
    }

    /// Enters text into this field.
    pub fn enter_into(field: &Element, text: &str) {
        match field.dyn_ref::<HtmlTextAreaElement>() {
            Some(area) => area.set_value(text),
            None => field.unchecked_ref::<HtmlInputElement>().set_value(text),
        }
        let options = EventInit::new();
        options.set_bubbles(true);
        field.dispatch_event(&Event::new_with_event_init_dict("input", &options).expect("an event")).expect("sent");
    }

    /// What is in the first field that matches.
    pub fn value(&self, selector: &str) -> String {
        let field = self.one(selector);
        match field.dyn_ref::<HtmlTextAreaElement>() {
            Some(area) => area.value(),
            None => field.unchecked_ref::<HtmlInputElement>().value(),
        }
    }
}

struct Mounted<M: Mountable> {
    root: HtmlElement,
    handle: Option<UnmountHandle<M>>,
}

impl<M: Mountable> Drop for Mounted<M> {
    fn drop(&mut self) {
        drop(self.handle.take());
        self.root.remove();
    }
}

/// Mounts a component in a place of its own.
pub fn mounted<View: IntoView + 'static>(view: impl FnOnce() -> View + 'static) -> Page {
    let root: HtmlElement = document().create_element("div").expect("an element").unchecked_into();
    document().body().expect("a body").append_child(&root).expect("it is in the page");
    let handle = leptos::mount::mount_to(root.clone(), view);
    Page { root: root.clone(), _mounted: Rc::new(Mounted { root, handle: Some(handle) }) }
}

/// An owner for signals and effects outside a component, for as long as it is kept.
pub fn owned() -> Page {
    let current = Rc::new(std::cell::RefCell::new(None));
    let page = mounted({
        let current = Rc::clone(&current);
        move || {
            *current.borrow_mut() = Owner::current();
        }
    });
    current.borrow().as_ref().expect("a mounted component has an owner").set();
    page
}

/// Waits until this is so; fails after five seconds.
pub async fn eventually(what: &str, condition: impl Fn() -> bool) {
    let deadline = js_sys::Date::now() + 5_000.0;
    while !untrack(&condition) {
        assert!(js_sys::Date::now() < deadline, "waited in vain until {what}");
        gloo_timers::future::sleep(Duration::from_millis(4)).await;
    }
}

/// A deployment.
pub fn session() -> Session {
    Session {
        operator: "an-operator".to_owned(),
        region: "eu-central-1".to_owned(),
        provisioning_template: "cms--provisioning-template".to_owned(),
        vin_pattern: shared::DEFAULT_VIN_PATTERN.to_owned(),
    }
}

/// A vehicle.
pub fn vin() -> Vin {
    "1HGCM82633A004352".to_owned().try_into().expect("a VIN")
}

/// A certificate id of this digit alone.
pub fn certificate_id(digit: char) -> CertificateId {
    digit.to_string().repeat(64).try_into().expect("a certificate id")
}

/// The receipt of a revocation that could not be proven.
pub fn receipt() -> Receipt {
    let at = |time: &str| time.parse().expect("a time");
    let step = |what: &str, outcome, proof: Option<&str>| ReceiptStep {
        what: what.to_owned(),
        at: at("2026-11-23T10:00:01Z"),
        outcome,
        proof: proof.map(str::to_owned),
    };
    Receipt {
        receipt_id: ReceiptId::new(at("2026-11-23T10:00:00Z"), &certificate_id('a')),
        vin: vin(),
        certificate_id: certificate_id('a'),
        action: CertificateAction::Revoke,
        operator: "an-operator".to_owned(),
        reason: "Stolen from the yard".to_owned(),
        began_at: at("2026-11-23T10:00:00Z"),
        ended_at: Some(at("2026-11-23T10:00:02Z")),
        steps: vec![
            step("close the door", StepOutcome::Done, None),
            step("make sure that it is not connected", StepOutcome::NotProven, Some("AWS IoT did not say.")),
        ],
        outcome: ReceiptOutcome::NotProven,
        conclusion: "The certificate is revoked for good. Not proven: AWS IoT did not say.".to_owned(),
    }
}

/// An attempt of the vehicle with this outcome.
pub fn attempt(outcome: AttemptOutcome) -> ProvisioningAttempt {
    let at = "2026-11-23T02:04:05Z".parse().expect("a time");
    let id = certificate_id('b');
    ProvisioningAttempt {
        attempt_id: AttemptId::new(at, Some(&id)),
        at,
        presented_vin: Some(vin().as_str().to_owned()),
        vin: Some(vin()),
        certificate_id: Some(id),
        claim_certificate_id: Some(ClaimCertificateId(certificate_id('c'))),
        authority_id: None,
        issued_by: None,
        reason: None,
        client_id: Some("plant-7".to_owned()),
        outcome,
    }
}
