//! The claim certificates and the secret of the default one.

use aws::iot::{describe_certificate, list_targets_for_policy};
use aws::{Aws, AwsError, Transport};
use serde_json::Value;
use shared::{CertificateId, CertificateStatus, Check};

use super::{Deployed, unchecked};

const SECRET: &str = "Claim secret";

/// `told` is what the function that makes claims says of the secret: its certificate's id, or a problem. Keys stay there.
pub(super) async fn check_claims<T: Transport>(aws: &Aws<T>, deployed: &Deployed, told: Value) -> Vec<Check> {
    let policy = &deployed.outputs.claim_policy_name;
    let claims = match statuses(aws, policy).await {
        Ok(claims) => claims,
        Err(error) => return vec![unchecked("Claim certificates", &error)],
    };
    let secret = check_secret(deployed, &told, &claims);
    let claims: Vec<_> = claims.into_iter().map(|(id, status)| (id.to_string(), status)).collect();
    vec![secret, provisioning_rules::check_claims(policy, &claims)]
}

type Claims = Vec<(CertificateId, Option<CertificateStatus>)>;

async fn statuses<T: Transport>(aws: &Aws<T>, policy: &str) -> Result<Claims, AwsError> {
    let mut claims = Vec::new();
    for arn in list_targets_for_policy(aws, policy).await? {
        let Ok(id) = CertificateId::from_principal(&arn) else { continue };
        let described = describe_certificate(aws, &id).await?;
        claims.push((id, described.and_then(|certificate| certificate.status)));
    }
    Ok(claims)
}

fn check_secret(deployed: &Deployed, told: &Value, claims: &Claims) -> Check {
    let secret = &deployed.outputs.claim_secret_id;
    if let Some(problem) = told["problem"].as_str() {
        return Check::failed(
            SECRET,
            format!("{}.", problem.trim_end_matches('.')),
            format!(
                "Give the secret {secret} its former version back: aws secretsmanager list-secret-version-ids --secret-id \
                 {secret}, then update-secret-version-stage; or delete the secret and run `deploy up` with a changed \
                 parameter, which makes a new claim."
            ),
        );
    }
    let Some(id) = told["certificate_id"].as_str() else {
        let mend = "Mend the function that makes claims first: it is what looks into the secret.";
        return Check::warning(SECRET, format!("Whether {secret} holds a claim could not be found out."), mend);
    };
    let short: String = id.chars().take(12).collect();
    match claims.iter().find(|(claim, _)| claim.as_str() == id) {
        Some((_, Some(CertificateStatus::Active))) => Check::passed(
            SECRET,
            format!("{secret} holds the claim certificate {short}..., which is active and has its policy."),
        ),
        Some((_, status)) => Check::failed(
            SECRET,
            format!(
                "{secret} holds the claim certificate {short}..., which is {}.",
                status.map_or("not known to AWS IoT".to_owned(), |status| status.to_string())
            ),
            "Rotate the claim on its page in the console, which makes another one.",
        ),
        None => Check::failed(
            SECRET,
            format!(
                "{secret} holds the claim certificate {short}..., which does not have the policy {}.",
                deployed.outputs.claim_policy_name
            ),
            format!(
                "Attach it: aws iot attach-policy --policy-name {} --target {}",
                deployed.outputs.claim_policy_name,
                deployed.arn("iot", &format!("cert/{id}"))
            ),
        ),
    }
}
