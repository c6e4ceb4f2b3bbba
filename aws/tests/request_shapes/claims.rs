//! The effects on claim certificates, and what is read of them.

use aws::tables::TableNames;
use provisioning_rules::{ClaimEnd, ClaimSuccession, Effect, SecretText};
use shared::{ClaimCertificateId, ClaimName, ClaimRecord, ClaimState};

use crate::effects::{certificate, now};
use crate::recording::Recording;

const SECRET: &str = "cms/cms-provisioning/provisioning-credentials";

fn claim(number: u64) -> ClaimCertificateId {
    ClaimCertificateId(certificate(number))
}

pub fn effects() -> Vec<Effect> {
    let version = || "0123456789abcdef0123456789abcdef".to_owned();
    let record = ClaimRecord {
        id: claim(9),
        name: ClaimName::default_name(),
        secret_id: SECRET.to_owned(),
        state: ClaimState::Retiring,
        created_at: now(),
        created_by: "rotation".to_owned(),
        retiring_since: Some(now()),
        retire_at: Some(now()),
        expected_at_retirement: Some(7),
        replaced_by: Some(claim(8)),
        ended_at: None,
        ended_by: None,
        reason: None,
    };
    let mut effects = vec![
        Effect::KeepClaimSecret {
            secret_id: SECRET.to_owned(),
            version: version(),
            text: SecretText::new("{}".to_owned()),
        },
        Effect::RecordClaim(Box::new(record)),
        Effect::RegisterClaim { id: claim(9), certificate_pem: "PEM".to_owned() },
        Effect::AttachClaimPolicy {
            id: claim(9),
            certificate_arn: format!("arn:aws:iot:eu-west-1:123456789012:cert/{}", claim(9)),
            policy: "cms-claim-policy".to_owned(),
        },
    ];
    for in_place_of in [None, Some("f".repeat(32))] {
        let version = version();
        effects.push(Effect::MakeClaimSecretCurrent {
            id: claim(9),
            secret_id: SECRET.to_owned(),
            version,
            in_place_of,
        });
    }
    effects.push(Effect::GiveUpClaimSecret { secret_id: SECRET.to_owned(), version: version() });
    for replaced in [vec![], vec![(claim(8), 7)]] {
        let succession = ClaimSuccession { current: claim(9), replaced, at: now(), retire_at: now() };
        effects.push(Effect::RecordClaimSuccession(Box::new(succession)));
    }
    for (state, by) in [(ClaimState::Retired, None), (ClaimState::Burned, Some("an-operator".to_owned()))] {
        let reason = "its time was over".to_owned();
        effects.push(Effect::RecordClaimEnded(ClaimEnd { id: claim(9), state, at: now(), by, reason }));
    }
    effects
}

pub async fn record_reads(recording: &mut Recording, tables: &TableNames) {
    let aws = Recording::client();
    aws::claim_records(&aws, tables).await.unwrap();
    aws::claim_state(&aws, tables, &claim(9)).await.unwrap();
    aws::count_admitted(&aws, tables, &claim(9), 1_000).await.unwrap();
    aws::count_expected(&aws, tables, &claim(9), 1_000).await.unwrap();
    aws::count_expected_with_any(&aws, tables, 1_000).await.unwrap();
    recording.keep("claims", &aws);
}
