//! IoT Core: the vehicle policy, which outlives the stack for as long as a vehicle holds it.

use aws::{Aws, AwsError, Call, Service, Transport};

use crate::query::encoded;

/// Whether there is a policy of this name.
pub async fn exists<T: Transport>(aws: &Aws<T>, name: &str) -> Result<bool, AwsError> {
    match send(aws, "GetPolicy", http::Method::GET, format!("/policies/{}", encoded(name))).await {
        Ok(_) => Ok(true),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Deletes the policy with all its versions, unless somebody holds it. Whether it is gone.
pub async fn delete_unless_held<T: Transport>(aws: &Aws<T>, name: &str) -> Result<bool, AwsError> {
    match delete(aws, name).await {
        Err(error) if error.is_not_found() => Ok(true),
        // Somebody came to hold it since we looked.
        Err(error) if error.code() == Some("DeleteConflictException") => Ok(false),
        result => result,
    }
}

async fn delete<T: Transport>(aws: &Aws<T>, name: &str) -> Result<bool, AwsError> {
    if is_held(aws, name).await? {
        return Ok(false);
    }
    let path = format!("/policies/{}", encoded(name));
    for version in other_versions(aws, &path).await? {
        send(aws, "DeletePolicyVersion", http::Method::DELETE, format!("{path}/version/{}", encoded(&version))).await?;
    }
    send(aws, "DeletePolicy", http::Method::DELETE, path).await.map(|_| true)
}

async fn is_held<T: Transport>(aws: &Aws<T>, name: &str) -> Result<bool, AwsError> {
    // One is enough to know.
    let path = format!("/policy-targets/{}?pageSize=1", encoded(name));
    let answer = send(aws, "ListTargetsForPolicy", http::Method::POST, path).await?;
    Ok(answer["targets"].as_array().is_some_and(|targets| !targets.is_empty()))
}

async fn other_versions<T: Transport>(aws: &Aws<T>, path: &str) -> Result<Vec<String>, AwsError> {
    // A policy has at most five versions.
    let answer = send(aws, "ListPolicyVersions", http::Method::GET, format!("{path}/version")).await?;
    let versions = answer["policyVersions"].as_array().into_iter().flatten();
    Ok(versions
        .filter(|version| version["isDefaultVersion"] != true)
        .filter_map(|version| version["versionId"].as_str().map(str::to_owned))
        .collect())
}

async fn send<T: Transport>(
    aws: &Aws<T>,
    operation: &'static str,
    method: http::Method,
    path: String,
) -> Result<serde_json::Value, AwsError> {
    let call = Call { service: Service::Iot, operation, method, path, headers: Vec::new(), body: Vec::new() };
    let answer = aws.call(call).await?;
    Ok(serde_json::from_slice(answer.body()).unwrap_or_default())
}
