//! Identity and Access Management: the access keys of a user.

use aws::{Aws, AwsError, Credentials, Service, Transport};

use crate::query;

const VERSION: &str = "2010-05-08";

/// The ids of the user's access keys; none where there is no such user.
pub async fn access_key_ids<T: Transport>(aws: &Aws<T>, user: &str) -> Result<Vec<String>, AwsError> {
    // A user has at most two keys: they fit on one page.
    let xml = match query::ask(aws, Service::Iam, VERSION, "ListAccessKeys", &[named(user)]).await {
        Ok(xml) => xml,
        Err(error) if error.code() == Some("NoSuchEntity") => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let document = query::parsed(Service::Iam, "ListAccessKeys", &xml)?;
    Ok(query::members(document.root(), "AccessKeyMetadata").filter_map(|key| query::text(key, "AccessKeyId")).collect())
}

/// Makes an access key for the user.
pub async fn create_access_key<T: Transport>(aws: &Aws<T>, user: &str) -> Result<Credentials, AwsError> {
    const OPERATION: &str = "CreateAccessKey";
    let xml = query::ask(aws, Service::Iam, VERSION, OPERATION, &[named(user)]).await?;
    let document = query::parsed(Service::Iam, OPERATION, &xml)?;
    let part = |name: &str| {
        query::text_below(document.root(), name)
            .ok_or_else(|| query::unreadable(Service::Iam, OPERATION, format!("it has no {name}")))
    };
    Ok(Credentials {
        access_key_id: part("AccessKeyId")?,
        secret_access_key: part("SecretAccessKey")?,
        session_token: None,
    })
}

/// Deletes an access key of the user. That it is gone already is success.
pub async fn delete_access_key<T: Transport>(aws: &Aws<T>, user: &str, id: &str) -> Result<(), AwsError> {
    let parameters = [named(user), ("AccessKeyId".to_owned(), id.to_owned())];
    match query::ask(aws, Service::Iam, VERSION, "DeleteAccessKey", &parameters).await {
        Err(error) if error.code() != Some("NoSuchEntity") => Err(error),
        _ => Ok(()),
    }
}

/// Who may take on a role; `None` where there is no such role.
pub async fn trust_policy<T: Transport>(aws: &Aws<T>, role: &str) -> Result<Option<serde_json::Value>, AwsError> {
    const OPERATION: &str = "GetRole";
    let parameters = [("RoleName".to_owned(), role.to_owned())];
    let xml = match query::ask(aws, Service::Iam, VERSION, OPERATION, &parameters).await {
        Ok(xml) => xml,
        Err(error) if error.code() == Some("NoSuchEntity") => return Ok(None),
        Err(error) => return Err(error),
    };
    let document = query::parsed(Service::Iam, OPERATION, &xml)?;
    let encoded = query::text_below(document.root(), "AssumeRolePolicyDocument").unwrap_or_default();
    let text = percent_encoding::percent_decode_str(&encoded).decode_utf8_lossy();
    serde_json::from_str(&text).map(Some).map_err(|error| query::unreadable(Service::Iam, OPERATION, error))
}

/// Those of `actions` on `resource` that a user or role is not allowed, by IAM's simulation of its policies.
pub async fn refused_actions<T: Transport>(
    aws: &Aws<T>,
    principal_arn: &str,
    resource: &str,
    actions: &[&str],
) -> Result<Vec<String>, AwsError> {
    const OPERATION: &str = "SimulatePrincipalPolicy";
    let mut parameters = vec![
        ("PolicySourceArn".to_owned(), principal_arn.to_owned()),
        ("ResourceArns.member.1".to_owned(), resource.to_owned()),
        ("MaxItems".to_owned(), "1000".to_owned()),
    ];
    let numbered = actions.iter().enumerate();
    parameters
        .extend(numbered.map(|(index, action)| (format!("ActionNames.member.{}", index + 1), (*action).to_owned())));
    let xml = query::ask(aws, Service::Iam, VERSION, OPERATION, &parameters).await?;
    let document = query::parsed(Service::Iam, OPERATION, &xml)?;
    let results = query::members(document.root(), "EvaluationResults");
    let refused = results.filter(|result| query::text(*result, "EvalDecision").as_deref() != Some("allowed"));
    Ok(refused.filter_map(|result| query::text(result, "EvalActionName")).collect())
}

fn named(user: &str) -> (String, String) {
    ("UserName".to_owned(), user.to_owned())
}
