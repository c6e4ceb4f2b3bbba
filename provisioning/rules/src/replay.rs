//! What a proposed VIN pattern and provisioning template would have made of the attempts on record.
//!
//! An attempt keeps what the vehicle presented and what became of it, not the facts of its day. So what a pattern alone
//! decides is decided again, what was decided on facts stands as it was, and where only the proposed pattern lets an attempt
//! through to the facts, today's are asked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use provisioning_template::{CERTIFICATE_ID_PARAMETER, PlannedStatus, ProvisioningTemplate, RegistrationPlan};
use serde::{Deserialize, Serialize};
use shared::{
    AttemptId, AttemptOutcome, CertificateId, ClaimCertificateId, ClaimState, DenialReason, ProvisioningAttempt,
    ThingName, Timestamp, Vin, VinPattern,
};

use crate::{ProvisioningDecision, ProvisioningRequest, VehicleFacts, decide_provisioning};

/// The parameter that every vehicle sends.
const VIN_PARAMETER: &str = "vin";

/// How many attempts stand as examples of a difference.
const EXAMPLES: usize = 3;

/// What a deployment may change of how it lets vehicles in.
#[derive(Clone, Copy, Debug)]
pub struct Ruleset<'a> {
    /// Which VINs it takes.
    pub vin_pattern: &'a VinPattern,
    /// What it registers for a vehicle that is let in.
    pub template: &'a ProvisioningTemplate,
}

/// What is known today of those that an attempt is about.
#[derive(Clone, Copy, Debug)]
pub struct Today<'a> {
    /// The facts of the vehicles that [`vehicles_to_look_up`] names. One that is not here counts as unknown.
    pub vehicles: &'a BTreeMap<Vin, VehicleFacts>,
    /// What has become of claim certificates, where that is on record.
    pub claims: &'a BTreeMap<ClaimCertificateId, ClaimState>,
    /// The name of the provisioning template, which things carry as an attribute.
    pub template_name: &'a str,
    /// The time.
    pub now: Timestamp,
}

/// How two rulesets differ over the attempts on record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayReport {
    /// How many attempts were replayed.
    pub attempts: usize,
    /// How many of them come to the same.
    pub unchanged: usize,
    /// When the earliest of them was decided.
    pub earliest: Option<Timestamp>,
    /// When the latest of them was decided.
    pub latest: Option<Timestamp>,
    /// Every kind of difference, those that most attempts show first. One attempt may show several.
    pub differences: Vec<Difference>,
}

/// One kind of difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What would be different.
    pub kind: DifferenceKind,
    /// How many attempts show it.
    pub attempts: usize,
    /// Some of them, the newest first.
    pub examples: Vec<Example>,
}

/// What would be different about an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub enum DifferenceKind {
    /// A vehicle that was let in would be turned away.
    TurnedAway {
        /// With this reason.
        reason: DenialReason,
    },
    /// It was denied and would be denied for another reason, before its facts are looked at.
    DeniedOtherwise {
        /// The reason on record.
        before: DenialReason,
        /// The reason it would have.
        after: DenialReason,
    },
    /// What it presented was no VIN and would be one, so that today's facts decide.
    DecidedOn {
        /// What they say.
        today: AttemptOutcome,
    },
    /// Something else would be registered.
    Registration {
        /// What: the thing's name, an attribute, a policy and so on.
        part: String,
    },
    /// Its registration would fail.
    RegistrationFails,
    /// Its registration, which the present template cannot do, would succeed.
    RegistrationSucceeds,
    /// It would be registered so that this deployment does not recognise the vehicle, and never records it as active.
    NotRecognised,
}

/// One attempt that shows a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The attempt; `None` where no attempt but any vehicle at all is meant.
    pub attempt_id: Option<AttemptId>,
    /// What the vehicle presented as its VIN.
    pub presented_vin: Option<String>,
    /// What it came to.
    pub before: String,
    /// What it would come to.
    pub after: String,
}

/// The vehicles whose facts a replay asks for: those that only the proposed pattern takes for vehicles.
pub fn vehicles_to_look_up(
    attempts: &[ProvisioningAttempt],
    present: &VinPattern,
    proposed: &VinPattern,
) -> BTreeSet<Vin> {
    let found = attempts.iter().filter(|attempt| subject(attempt, present) == Err(DenialReason::VinMalformed));
    found.filter_map(|attempt| Some(subject(attempt, proposed).ok()?.0)).collect()
}

/// Replays attempts, given newest first, with the proposed ruleset beside the present one.
pub fn replay(
    attempts: &[ProvisioningAttempt],
    present: Ruleset<'_>,
    proposed: Ruleset<'_>,
    today: Today<'_>,
) -> ReplayReport {
    let times = || attempts.iter().map(|attempt| attempt.at);
    let mut report = ReplayReport {
        attempts: attempts.len(),
        earliest: times().min(),
        latest: times().max(),
        ..ReplayReport::default()
    };
    for attempt in attempts {
        let changes = changes_of(attempt, present, proposed, today);
        report.unchanged += usize::from(changes.is_empty());
        for (kind, example) in changes {
            report.add(kind, example);
        }
    }
    report.differences.sort_by_key(|difference| std::cmp::Reverse(difference.attempts));
    report
}

/// How the registration of one vehicle differs: what a change comes to where no attempt is on record that would show it.
pub fn registration_differences(
    present: &ProvisioningTemplate,
    proposed: &ProvisioningTemplate,
    template_name: &str,
    vin: &Vin,
    certificate_id: &CertificateId,
) -> Vec<Difference> {
    let changes = registrations(present, proposed, template_name, vin, certificate_id);
    let shown = changes.into_iter().map(|(kind, before, after)| {
        let example = Example { attempt_id: None, presented_vin: Some(vin.to_string()), before, after };
        Difference { kind, attempts: 0, examples: vec![example] }
    });
    shown.collect()
}

fn changes_of(
    attempt: &ProvisioningAttempt,
    present: Ruleset<'_>,
    proposed: Ruleset<'_>,
    today: Today<'_>,
) -> Vec<(DifferenceKind, Example)> {
    let recorded = attempt.outcome;
    let changed = |kind, before: String, after: String| {
        let attempt_id = Some(attempt.attempt_id.clone());
        (kind, Example { attempt_id, presented_vin: attempt.presented_vin.clone(), before, after })
    };
    match (subject(attempt, present.vin_pattern), subject(attempt, proposed.vin_pattern)) {
        (Err(_), Err(_)) => Vec::new(),
        (Ok(_), Err(reason)) => {
            let kind = match recorded {
                AttemptOutcome::Allowed => DifferenceKind::TurnedAway { reason },
                // It was decided with another pattern than the present one.
                AttemptOutcome::Denied(before) if before == reason => return Vec::new(),
                AttemptOutcome::Denied(before) => DifferenceKind::DeniedOtherwise { before, after: reason },
            };
            vec![changed(kind, recorded.to_string(), reason.to_string())]
        }
        (Err(reason), Ok((vin, certificate_id))) => {
            let outcome = decided_today(attempt, &vin, &certificate_id, today);
            let kind = DifferenceKind::DecidedOn { today: outcome };
            vec![changed(kind, reason.to_string(), outcome.to_string())]
        }
        // Nothing is registered for a vehicle that was denied.
        (Ok(_), Ok(_)) if recorded != AttemptOutcome::Allowed => Vec::new(),
        (Ok((vin, certificate_id)), Ok(_)) => {
            let changes =
                registrations(present.template, proposed.template, today.template_name, &vin, &certificate_id);
            changes.into_iter().map(|(kind, before, after)| changed(kind, before, after)).collect()
        }
    }
}

fn subject(attempt: &ProvisioningAttempt, pattern: &VinPattern) -> Result<(Vin, CertificateId), DenialReason> {
    request_of(attempt, attempt.at, None).subject(pattern)
}

/// The request of a recorded attempt, as if it were made at `at`.
fn request_of(attempt: &ProvisioningAttempt, at: Timestamp, claim_state: Option<ClaimState>) -> ProvisioningRequest {
    ProvisioningRequest {
        presented_vin: attempt.presented_vin.clone(),
        certificate_id: attempt.certificate_id.clone(),
        claim_certificate_id: attempt.claim_certificate_id.clone(),
        claim_state,
        authority_id: attempt.authority_id.clone(),
        issued_by: attempt.issued_by.clone(),
        reason: attempt.reason.clone(),
        client_id: attempt.client_id.clone(),
        region: String::new(),
        at,
        admitted_for: None,
    }
}

fn decided_today(
    attempt: &ProvisioningAttempt,
    vin: &Vin,
    certificate_id: &CertificateId,
    today: Today<'_>,
) -> AttemptOutcome {
    let claim_state = attempt.claim_certificate_id.as_ref().and_then(|claim| today.claims.get(claim)).copied();
    let unknown = VehicleFacts { vin: vin.clone(), authorized: None, provisioned: Vec::new() };
    let facts = today.vehicles.get(vin).unwrap_or(&unknown);
    match decide_provisioning(&request_of(attempt, today.now, claim_state), facts, certificate_id).0 {
        ProvisioningDecision::Allow(_) => AttemptOutcome::Allowed,
        ProvisioningDecision::Deny(reason) => AttemptOutcome::Denied(reason),
    }
}

fn registrations(
    present: &ProvisioningTemplate,
    proposed: &ProvisioningTemplate,
    template_name: &str,
    vin: &Vin,
    certificate_id: &CertificateId,
) -> Vec<(DifferenceKind, String, String)> {
    let parameters = BTreeMap::from([
        (CERTIFICATE_ID_PARAMETER.to_owned(), certificate_id.to_string()),
        (VIN_PARAMETER.to_owned(), vin.to_string()),
    ]);
    let (before, after) = match (present.plan(&parameters), proposed.plan(&parameters)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(before), Err(after)) if before == after => return Vec::new(),
        (Ok(before), Err(after)) => {
            return vec![(DifferenceKind::RegistrationFails, before.thing_name, after.to_string())];
        }
        (Err(before), Err(after)) => {
            return vec![(DifferenceKind::RegistrationFails, before.to_string(), after.to_string())];
        }
        (Err(before), Ok(after)) => {
            return vec![(DifferenceKind::RegistrationSucceeds, before.to_string(), after.thing_name)];
        }
    };
    let mut changes = Vec::new();
    let unrecognised = |plan: &RegistrationPlan| unrecognised(plan, template_name, vin, certificate_id);
    if let (None, Some(why)) = (unrecognised(&before), unrecognised(&after)) {
        changes.push((DifferenceKind::NotRecognised, "recognised".to_owned(), why.to_owned()));
    }
    let (before, after) = (before.parts(), after.parts());
    let parts: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for part in parts {
        let value = |parts: &BTreeMap<String, String>| parts.get(part).cloned().unwrap_or_else(|| "(none)".to_owned());
        if before.get(part) != after.get(part) {
            changes.push((DifferenceKind::Registration { part: part.clone() }, value(&before), value(&after)));
        }
    }
    changes
}

/// Why the functions of this deployment would not know the registered vehicle again.
fn unrecognised(
    plan: &RegistrationPlan,
    template_name: &str,
    vin: &Vin,
    certificate_id: &CertificateId,
) -> Option<&'static str> {
    let attribute = |name: &str| plan.attributes.get(name).map(String::as_str);
    if plan.thing_name != ThingName::of(vin).as_str() {
        Some("the thing's name must be Vehicle_ and the VIN")
    } else if attribute("certificate_id") != Some(certificate_id.as_str()) {
        Some("the attribute certificate_id must be the certificate's id")
    } else if attribute("provisioned_by_template") != Some(template_name) {
        Some("the attribute provisioned_by_template must be the template's name")
    } else if plan.certificate_status != PlannedStatus::Active {
        Some("the certificate must become active")
    } else {
        None
    }
}

impl ReplayReport {
    /// Whether every attempt comes to the same.
    pub fn is_empty(&self) -> bool {
        self.differences.is_empty()
    }

    fn add(&mut self, kind: DifferenceKind, example: Example) {
        let known = self.differences.iter().position(|difference| difference.kind == kind);
        let place = known.unwrap_or_else(|| {
            self.differences.push(Difference { kind, attempts: 0, examples: Vec::new() });
            self.differences.len() - 1
        });
        let difference = &mut self.differences[place];
        difference.attempts += 1;
        if difference.examples.len() < EXAMPLES {
            difference.examples.push(example);
        }
    }
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TurnedAway { reason } => write!(formatter, "was ALLOWED and would be denied: {reason}"),
            Self::DeniedOtherwise { before, after } => write!(formatter, "was denied {before} and would be {after}"),
            Self::DecidedOn { today } => {
                write!(formatter, "was no VIN and would be decided on; today's facts say {today}")
            }
            Self::Registration { part } => write!(formatter, "would be registered with another {part}"),
            Self::RegistrationFails => formatter.write_str("would be let in, and its registration would fail"),
            Self::RegistrationSucceeds => {
                formatter.write_str("would be let in, and its registration would succeed now")
            }
            Self::NotRecognised => {
                formatter.write_str("would be registered, and this deployment would never record it as active")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::{AuthorizedVehicle, DEFAULT_VIN_PATTERN};

    use super::*;

    const TEMPLATE: &str = r#"{
      "Parameters": { "vin": { "Type": "String" } },
      "Resources": {
        "thing": { "Type": "AWS::IoT::Thing", "Properties": {
          "ThingName": { "Fn::Sub": "Vehicle_${vin}" },
          "AttributePayload": {
            "certificate_id": { "Ref": "AWS::IoT::Certificate::Id" }, "provisioned_by_template": "t"
          }
        } },
        "certificate": { "Type": "AWS::IoT::Certificate", "Properties": {
          "CertificateId": { "Ref": "AWS::IoT::Certificate::Id" }, "Status": "Active"
        } },
        "policy": { "Type": "AWS::IoT::Policy", "Properties": { "PolicyName": "p" } }
      }
    }"#;
    const VIN: &str = "1HGCM82633A004352";

    fn pattern(text: &str) -> VinPattern {
        VinPattern::parse(text).unwrap()
    }

    fn template(edit: impl Fn(&str) -> String) -> ProvisioningTemplate {
        ProvisioningTemplate::parse(&edit(TEMPLATE)).unwrap()
    }

    fn attempt(presented: &str, outcome: AttemptOutcome, second: i64) -> ProvisioningAttempt {
        let at = Timestamp::from_second(second).unwrap();
        let certificate_id: Option<CertificateId> = format!("{second:064x}").try_into().ok();
        ProvisioningAttempt {
            attempt_id: AttemptId::new(at, certificate_id.as_ref()),
            at,
            presented_vin: Some(presented.to_owned()),
            vin: None,
            certificate_id,
            claim_certificate_id: None,
            authority_id: None,
            issued_by: None,
            reason: None,
            client_id: None,
            outcome,
        }
    }

    struct Case {
        attempts: Vec<ProvisioningAttempt>,
        present: VinPattern,
        proposed: VinPattern,
        template: ProvisioningTemplate,
        vehicles: BTreeMap<Vin, VehicleFacts>,
    }

    impl Case {
        fn new(attempts: Vec<ProvisioningAttempt>) -> Self {
            Case {
                attempts,
                present: pattern(DEFAULT_VIN_PATTERN),
                proposed: pattern(DEFAULT_VIN_PATTERN),
                template: template(str::to_owned),
                vehicles: BTreeMap::new(),
            }
        }

        fn report(&self) -> ReplayReport {
            let present = template(str::to_owned);
            replay(
                &self.attempts,
                Ruleset { vin_pattern: &self.present, template: &present },
                Ruleset { vin_pattern: &self.proposed, template: &self.template },
                Today {
                    vehicles: &self.vehicles,
                    claims: &BTreeMap::new(),
                    template_name: "t",
                    now: Timestamp::from_second(1_000).unwrap(),
                },
            )
        }

        fn kinds(&self) -> Vec<(String, usize)> {
            let differences = self.report().differences;
            differences.into_iter().map(|one| (one.kind.to_string(), one.attempts)).collect()
        }
    }

    fn every_outcome() -> Vec<ProvisioningAttempt> {
        AttemptOutcome::all().zip(1..).map(|(outcome, second)| attempt(VIN, outcome, second)).collect()
    }

    #[test]
    fn the_same_pattern_and_template_make_no_difference() {
        let mut attempts = every_outcome();
        attempts.push(attempt("nonsense!", AttemptOutcome::Denied(DenialReason::VinMalformed), 99));
        let count = attempts.len();
        let report = Case::new(attempts).report();
        assert!(report.is_empty(), "{report:?}");
        assert_eq!((report.attempts, report.unchanged), (count, count));
        assert_eq!(report.earliest.unwrap().as_second(), 1);
        assert_eq!(report.latest.unwrap().as_second(), 99);
    }

    #[test]
    fn a_narrower_pattern_turns_away_who_was_let_in_and_denies_others_sooner() {
        let proposed = pattern("W[A-HJ-NPR-Z0-9]{16}");
        let case = Case {
            proposed,
            ..Case::new(vec![
                attempt(VIN, AttemptOutcome::Allowed, 1),
                attempt("1hgcm-82633a004353", AttemptOutcome::Allowed, 2),
                attempt(VIN, AttemptOutcome::Denied(DenialReason::VinNotAuthorized), 3),
                attempt(VIN, AttemptOutcome::Denied(DenialReason::VinMalformed), 4),
                attempt("WVWZZZ1JZ3W386752", AttemptOutcome::Allowed, 5),
            ])
        };
        assert_eq!(
            case.kinds(),
            [
                ("was ALLOWED and would be denied: VIN_MALFORMED".to_owned(), 2),
                ("was denied VIN_NOT_AUTHORIZED and would be VIN_MALFORMED".to_owned(), 1),
            ]
        );
        assert_eq!(case.report().unchanged, 2);
    }

    #[test]
    fn a_wider_pattern_has_todays_facts_decide_on_what_was_no_vin() {
        let known = Vin::try_from("TRAILER7".to_owned()).unwrap();
        let authorized = AuthorizedVehicle {
            vin: known.clone(),
            make: None,
            model: None,
            year: None,
            allow_provisioning: true,
            admitted_certificate_id: None,
            ticket: None,
            authorized_by: None,
            expected_claim_certificate_id: None,
        };
        let facts = VehicleFacts { vin: known.clone(), authorized: Some(authorized), provisioned: Vec::new() };
        let malformed = AttemptOutcome::Denied(DenialReason::VinMalformed);
        let attempts = vec![
            attempt("trailer-7", malformed, 1),
            attempt("TRAILER8", malformed, 2),
            attempt("(none)", malformed, 3),
            attempt(VIN, AttemptOutcome::Allowed, 4),
        ];
        let proposed = pattern("[A-Z0-9]{5,17}");
        let asked = vehicles_to_look_up(&attempts, &pattern(DEFAULT_VIN_PATTERN), &proposed);
        assert_eq!(asked.iter().map(Vin::as_str).collect::<Vec<_>>(), ["TRAILER7", "TRAILER8"]);
        let case = Case { proposed, vehicles: BTreeMap::from([(known, facts)]), ..Case::new(attempts) };
        let mut kinds = case.kinds();
        kinds.sort();
        assert_eq!(
            kinds,
            [
                ("was no VIN and would be decided on; today's facts say ALLOWED".to_owned(), 1),
                ("was no VIN and would be decided on; today's facts say VIN_NOT_AUTHORIZED".to_owned(), 1),
            ]
        );
        assert_eq!(case.report().unchanged, 2);
    }

    #[test]
    fn another_template_shows_each_part_it_changes_for_those_who_were_let_in_alone() {
        let proposed = template(|text| {
            text.replace(r#""provisioned_by_template": "t""#, r#""provisioned_by_template": "t", "plant": "kiel""#)
                .replace(r#""PolicyName": "p""#, r#""PolicyName": "q""#)
        });
        let case = Case { template: proposed, ..Case::new(every_outcome()) };
        let report = case.report();
        let shown: Vec<_> = report
            .differences
            .iter()
            .map(|one| {
                (one.kind.to_string(), one.attempts, one.examples[0].before.as_str(), one.examples[0].after.as_str())
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("would be registered with another attribute plant".to_owned(), 1, "(none)", "kiel"),
                ("would be registered with another policy".to_owned(), 1, "p", "q"),
            ]
        );
        assert_eq!(report.unchanged, report.attempts - 1);
    }

    #[test]
    fn a_template_that_hides_the_vehicle_or_cannot_register_it_is_found_out() {
        for (from, to, why) in [
            ("Vehicle_${vin}", "Car_${vin}", "the thing's name must be Vehicle_ and the VIN"),
            (
                r#"_template": "t""#,
                r#"_template": "u""#,
                "the attribute provisioned_by_template must be the template's name",
            ),
            (r#""certificate_id""#, r#""certificate""#, "the attribute certificate_id must be the certificate's id"),
            (r#""Active""#, r#""Inactive""#, "the certificate must become active"),
        ] {
            let case = Case {
                template: template(|text| text.replace(from, to)),
                ..Case::new(vec![attempt(VIN, AttemptOutcome::Allowed, 1)])
            };
            let report = case.report();
            let found = report.differences.iter().find(|one| one.kind == DifferenceKind::NotRecognised);
            assert_eq!(found.expect("a difference").examples[0].after, why);
        }
        let needs_more = template(|text| {
            text.replace(r#""vin": {"#, r#""plant": { "Type": "String" }, "vin": {"#)
                .replace("${vin}", "${vin}${plant}")
        });
        let case = Case { template: needs_more, ..Case::new(vec![attempt(VIN, AttemptOutcome::Allowed, 1)]) };
        let report = case.report();
        assert_eq!(report.differences[0].kind, DifferenceKind::RegistrationFails);
        assert!(report.differences[0].examples[0].after.starts_with("The parameter plant has no value"));
    }

    #[test]
    fn a_difference_counts_every_attempt_and_shows_three() {
        let attempts = (1..=10).map(|second| attempt(VIN, AttemptOutcome::Allowed, second)).collect();
        let report = Case { proposed: pattern("W.*"), ..Case::new(attempts) }.report();
        assert_eq!((report.differences[0].attempts, report.differences[0].examples.len()), (10, 3));
        assert_eq!(report.differences[0].examples[0].attempt_id.as_ref().unwrap().as_str().len(), 95);
    }
}
