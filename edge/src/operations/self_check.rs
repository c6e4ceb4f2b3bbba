use aws::dynamodb::describe_table;
use aws::iot::{describe_certificate, list_targets_for_policy, template_settings, thing_events_are_on};
use aws::{AwsError, CONSOLE_NEEDS, ProbeOutcome, ProbeTargets, Probed, ProbedTable, Transport, probe};
use futures::{StreamExt, stream};
use provisioning_rules::{
    PermissionFacts, TableFacts, TemplateFacts, check_claims, check_permissions, check_table, check_template,
    check_thing_events,
};
use shared::api::ApiError;
use shared::{CertificateId, Check, SelfCheck};

use crate::{Deployment, Operator};

/// A Worker has six connections at a time.
const AT_ONCE: usize = 5;

/// A Worker may make fifty calls a request where it costs nothing: of many claim certificates, these are looked at.
const MOST_CLAIMS: usize = 4;

/// The tables that the console may describe. The receipts' is only written and queried, which is tried.
const DESCRIBED: [ProbedTable; 4] = [
    ProbedTable::AuthorizedVehicles,
    ProbedTable::ProvisionedVehicles,
    ProbedTable::ProvisioningAttempts,
    ProbedTable::ClaimCertificates,
];

/// Checks what the console itself may look at, in its own role, and tries every kind of call that it needs. Nothing is
/// changed. Functions, rules, roles and quotas are an administrator's to check, with `deploy check`.
pub(crate) async fn self_check<T: Transport>(
    deployment: &Deployment<T>,
    _operator: &Operator,
) -> Result<SelfCheck, ApiError> {
    let aws = &deployment.aws;
    let template = &deployment.provisioning_template;
    let mut checks = vec![
        match template_settings(aws, template).await {
            Ok(settings) => {
                let facts = settings.map(|settings| TemplateFacts {
                    enabled: settings.enabled,
                    hook: settings.pre_provisioning_hook.map(|hook| hook.target_arn),
                });
                check_template(template, facts.as_ref(), None)
            }
            Err(error) => unchecked("Provisioning template", &error),
        },
        match thing_events_are_on(aws).await {
            Ok(on) => check_thing_events(on),
            Err(error) => unchecked("Thing events", &error),
        },
    ];
    let claims = list_targets_for_policy(aws, &deployment.claim_policy).await;
    let account_of_claims = claims.as_ref().ok().and_then(|arns| arns.first()).cloned();
    checks.push(match claims {
        Ok(arns) => claims_check(deployment, &arns).await,
        Err(error) => unchecked("Claim certificates", &error),
    });
    let tables = stream::iter(DESCRIBED).map(|table| table_check(deployment, table)).buffered(AT_ONCE);
    checks.extend(tables.collect::<Vec<_>>().await);
    checks.push(own_permissions(deployment, account_of_claims.as_deref()).await);
    Ok(SelfCheck { at: deployment.now(), checks })
}

async fn claims_check<T: Transport>(deployment: &Deployment<T>, arns: &[String]) -> Check {
    let mut claims = Vec::new();
    for arn in arns.iter().take(MOST_CLAIMS) {
        let Ok(id) = CertificateId::from_principal(arn) else { continue };
        match describe_certificate(&deployment.aws, &id).await {
            Ok(described) => claims.push((id.to_string(), described.and_then(|certificate| certificate.status))),
            Err(error) => return unchecked("Claim certificates", &error),
        }
    }
    check_claims(&deployment.claim_policy, &claims)
}

async fn table_check<T: Transport>(deployment: &Deployment<T>, table: ProbedTable) -> Check {
    let name = table.name_in(&deployment.tables);
    match describe_table(&deployment.aws, name).await {
        Ok(found) => {
            let facts =
                found.map(|found| TableFacts { status: found.status, indexes: found.indexes, stream: found.stream });
            let needs_stream = table == ProbedTable::AuthorizedVehicles;
            check_table(name, facts.as_ref(), table.indexes(), needs_stream)
        }
        Err(error) => unchecked(&format!("Table {name}"), &error),
    }
}

/// `claim_arn` is any claim certificate's, which tells partition and account; the Worker has no setting for either.
async fn own_permissions<T: Transport>(deployment: &Deployment<T>, claim_arn: Option<&str>) -> Check {
    const NAME: &str = "The console's own permissions";
    let mut parts = claim_arn.unwrap_or_default().split(':').skip(1);
    let (partition, region, account) = (parts.next(), parts.nth(1), parts.next());
    let (Some(partition), Some(region), Some(account)) = (partition, region, account) else {
        let mend = "Mend the claim certificates first.";
        return Check::warning(NAME, "They were not tried, because no claim certificate tells the account.", mend);
    };
    let targets = ProbeTargets {
        tables: deployment.tables.clone(),
        certificate_arn: ProbeTargets::certificate_arn_in(partition, region, account),
        provisioning_template: Some(deployment.provisioning_template.clone()),
        claim_policy: Some(deployment.claim_policy.clone()),
        claim_secret: None,
        rotate_claim_function: None,
        claims_function: Some(deployment.claims_function.clone()),
    };
    let calls = stream::iter(CONSOLE_NEEDS).map(|call| probe(&deployment.aws, &targets, *call));
    let probed: Vec<Probed> = calls.buffered(AT_ONCE).collect().await;
    let mut facts = PermissionFacts { tried: probed.len(), ..PermissionFacts::default() };
    for Probed { call, outcome } in probed {
        match outcome {
            ProbeOutcome::Permitted => {}
            ProbeOutcome::Refused(said) => facts.refused.push((call, said)),
            ProbeOutcome::Failed(said) => facts.failed.push((call, said)),
        }
    }
    check_permissions(NAME, "the console's user or role", &facts)
}

fn unchecked(name: &str, error: &AwsError) -> Check {
    let mend = "Check again; where it stays so, run `deploy check` with an administrator's credentials.";
    Check::warning(name, format!("This could not be checked: {error}."), mend)
}
