//! Who may be let in, said once more as a table, and compared with the decision on facts of every kind.

use proptest::prelude::*;
use shared::{
    AuthorizedVehicle, CertificateStatus, ClaimState, DenialReason, ProvisionedVehicle, ReprovisionTicket, Retirement,
    RetirementCause, SignedDuration, Timestamp, Vin,
};

use super::world::{certificate, claim, request, time, vin, vin_pattern};
use crate::{Effect, ProvisioningDecision, ProvisioningRequest, VehicleFacts, decide_provisioning};

/// The first line that fits is the answer. `*` fits everything.
///
/// - certificate: `new`; `elsewhere`, admitted for another vehicle; `waiting`, admitted for this one as the last and not
///   registered; `known`, any other that this vehicle has a row of.
/// - lived: whether any certificate of the vehicle was ever in use.
/// - ticket: `open`, also one whose certificate was never registered; `used`; `over`; `none`.
const TABLE: &str = "
    certificate  claim  authorized  hold  lived  revoked  ticket  door    answer
    elsewhere    *      *           *     *      *        *       *       CERTIFICATE_ALREADY_KNOWN
    *            ended  *           *     *      *        *       *       CLAIM_RETIRED
    waiting      works  yes         *     *      *        *       open    yes
    waiting      works  *           *     *      *        *       *       CERTIFICATE_ALREADY_KNOWN
    known        works  *           *     *      *        *       *       CERTIFICATE_ALREADY_KNOWN
    new          works  no          *     *      *        *       *       VIN_NOT_AUTHORIZED
    new          works  yes         yes   *      *        *       *       ON_HOLD
    new          works  yes         no    no     *        *       open    yes
    new          works  yes         no    no     *        *       closed  PROVISIONING_NOT_ALLOWED
    new          works  yes         no    yes    *        none    *       needs-a-ticket
    new          works  yes         no    yes    *        used    *       TICKET_USED
    new          works  yes         no    yes    *        over    *       TICKET_EXPIRED
    new          works  yes         no    yes    *        open    closed  PROVISIONING_NOT_ALLOWED
    new          works  yes         no    yes    *        open    open    with-ticket
";

fn looked_up(question: [&str; 8]) -> &'static str {
    TABLE
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|line| line.len() == 9)
        .skip(1)
        .find(|line| question.iter().zip(line).all(|(asked, said)| *said == "*" || said == asked))
        .unwrap_or_else(|| panic!("the table has no line for {question:?}"))[8]
}

/// The question that some facts put to the table, in words of its own.
fn question(request: &ProvisioningRequest, facts: &VehicleFacts, number: u64) -> [&'static str; 8] {
    use CertificateStatus::{Active, Deleted, Inactive, PendingActivation, Revoked};
    let id = certificate(number);
    let rows = &facts.provisioned;
    let cause = |row: &ProvisionedVehicle| row.retirement.as_ref().map(|retired| retired.cause);
    let lived = |row: &ProvisionedVehicle| {
        let reported = row.has_connected_once || row.registered_at.is_some();
        match row.certificate_status {
            PendingActivation => false,
            Active | Revoked => true,
            // Who came too late was never in use, unless it was; and nobody knows why a row says deleted without a cause.
            Inactive => cause(row) != Some(RetirementCause::Superseded) || reported,
            Deleted => !matches!(cause(row), None | Some(RetirementCause::Superseded)) || reported,
        }
    };
    let own = rows.iter().find(|row| row.certificate_id == id);
    let admitted = facts.authorized.as_ref().and_then(|authorized| authorized.admitted_certificate_id.clone());
    let held =
        |row: &ProvisionedVehicle| row.certificate_status == Inactive && cause(row) == Some(RetirementCause::Held);
    let ticket = facts.authorized.as_ref().and_then(|authorized| authorized.ticket.as_ref()).map_or("none", |ticket| {
        let waits = |row: &&ProvisionedVehicle| {
            Some(&row.certificate_id) == ticket.used_by.as_ref() && row.certificate_status == PendingActivation
        };
        match (ticket.used_by.is_some() && !rows.iter().any(|row| waits(&row)), ticket.ends_at <= request.at) {
            (true, _) => "used",
            (false, true) => "over",
            (false, false) => "open",
        }
    });
    let yes = |yes: bool| if yes { "yes" } else { "no" };
    [
        match own {
            _ if request.admitted_for.as_ref().is_some_and(|other| *other != facts.vin) => "elsewhere",
            None => "new",
            Some(row) if row.certificate_status == PendingActivation && admitted == Some(id) => "waiting",
            Some(_) => "known",
        },
        match request.claim_state {
            Some(ClaimState::Retired | ClaimState::Burned) => "ended",
            _ => "works",
        },
        yes(facts.authorized.is_some()),
        yes(rows.iter().any(held)),
        yes(rows.iter().any(lived)),
        yes(rows.iter().any(|row| row.certificate_status == Revoked)),
        ticket,
        if facts.authorized.as_ref().is_some_and(|authorized| authorized.allow_provisioning) {
            "open"
        } else {
            "closed"
        },
    ]
}

fn now() -> Timestamp {
    time("2026-06-01T12:00:00Z")
}

fn minutes_from_now(minutes: i64) -> Timestamp {
    now().checked_add(SignedDuration::from_mins(minutes)).unwrap()
}

fn row() -> impl Strategy<Value = ProvisionedVehicle> {
    use CertificateStatus::{Active, Deleted, Inactive, PendingActivation, Revoked};
    let status = prop::sample::select(vec![PendingActivation, Active, Inactive, Revoked, Deleted]);
    let cause = prop::option::of(prop::sample::select(RetirementCause::ALL.to_vec()));
    (status, cause, any::<bool>(), any::<bool>(), any::<bool>(), -900..0_i64).prop_map(
        |(certificate_status, cause, ours, registered, has_connected_once, minutes)| ProvisionedVehicle {
            vin: vin(),
            certificate_id: certificate(0),
            make: None,
            model: None,
            year: None,
            region: None,
            certificate_status,
            has_connected_once,
            first_connected_at: None,
            claim_certificate_id: Some(claim()),
            authority_id: None,
            issued_by: None,
            client_id: None,
            admitted_at: ours.then(|| minutes_from_now(minutes)),
            registered_at: registered.then(|| minutes_from_now(minutes)),
            retirement: cause.map(|cause| Retirement { cause, at: minutes_from_now(minutes), by: None, reason: None }),
        },
    )
}

fn ticket() -> impl Strategy<Value = ReprovisionTicket> {
    // Its end is now as often as before or after.
    (-1..2_i64, prop::option::of(1..5_u64)).prop_map(|(ends, used_by)| ReprovisionTicket {
        opened_at: minutes_from_now(-60),
        opened_by: "an-operator".to_owned(),
        reason: "a new gateway".to_owned(),
        ends_at: minutes_from_now(ends),
        used_by: used_by.map(certificate),
    })
}

fn authorized() -> impl Strategy<Value = AuthorizedVehicle> {
    (prop::bool::weighted(0.7), prop::option::of(1..5_u64), prop::option::of(ticket())).prop_map(
        |(allow_provisioning, admitted, ticket)| AuthorizedVehicle {
            vin: vin(),
            make: None,
            model: None,
            year: None,
            allow_provisioning,
            admitted_certificate_id: admitted.map(certificate),
            ticket,
            authorized_by: None,
            expected_claim_certificate_id: None,
        },
    )
}

fn facts() -> impl Strategy<Value = VehicleFacts> {
    (prop::option::weighted(0.9, authorized()), prop::collection::vec(row(), 0..4)).prop_map(
        |(authorized, mut rows)| {
            for (number, row) in (1..).zip(&mut rows) {
                row.certificate_id = certificate(number);
            }
            VehicleFacts { vin: vin(), authorized, provisioned: rows }
        },
    )
}

fn claim_state() -> impl Strategy<Value = Option<ClaimState>> {
    let states = [ClaimState::Current, ClaimState::Retiring, ClaimState::Retired, ClaimState::Burned];
    prop::option::weighted(0.3, prop::sample::select(states.to_vec()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_vehicle_is_let_in_exactly_where_the_table_says_so(
        facts in facts(),
        number in prop_oneof![3 => Just(9_u64), 1 => 1..4_u64],
        claim_state in claim_state(),
        elsewhere in prop::bool::weighted(0.1),
    ) {
        let mut request = request(vin().as_str(), &certificate(number), now());
        request.claim_state = claim_state;
        request.admitted_for = elsewhere.then(|| Vin::parse("1HGCM82633A004353", &vin_pattern()).unwrap());
        let question = question(&request, &facts, number);
        let (decision, effects) = decide_provisioning(&request, &facts, &certificate(number));
        let uses_ticket = effects
            .iter()
            .any(|effect| matches!(effect, Effect::AdmitCertificate(admission) if admission.uses_ticket));
        let answer = match &decision {
            ProvisioningDecision::Allow(_) if uses_ticket => "with-ticket",
            ProvisioningDecision::Allow(_) => "yes",
            ProvisioningDecision::Deny(DenialReason::AlreadyProvisioned | DenialReason::Revoked) => "needs-a-ticket",
            ProvisioningDecision::Deny(reason) => reason.as_str(),
        };
        prop_assert_eq!(answer, looked_up(question), "{:?}", question);
        // Whoever is not let in is neither admitted nor registered nor put out of use.
        if let ProvisioningDecision::Deny(_) = decision {
            let harmless = effects
                .iter()
                .all(|effect| matches!(effect, Effect::RecordAttempt(_) | Effect::DeletePendingCertificate(_)));
            prop_assert!(harmless, "{:?}", effects);
        }
    }
}
