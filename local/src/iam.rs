//! The few calls about users that only the local stack makes.

use anyhow::{Result, anyhow};
use aws::{Aws, AwsError, Call, Service, Transport};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Makes a user, or leaves one of this name as it is.
pub(crate) async fn create_user(aws: &Aws<impl Transport>, user: &str) -> Result<()> {
    match query(aws, Service::Iam, "2010-05-08", "CreateUser", &[("UserName", user)]).await {
        Err(error) if error.code() == Some("EntityAlreadyExists") => Ok(()),
        answer => answer.map(drop).map_err(Into::into),
    }
}

/// Allows a user everything.
pub(crate) async fn allow_everything(aws: &Aws<impl Transport>, user: &str) -> Result<()> {
    const EVERYTHING: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let parameters = [("UserName", user), ("PolicyName", "everything"), ("PolicyDocument", EVERYTHING)];
    query(aws, Service::Iam, "2010-05-08", "PutUserPolicy", &parameters).await?;
    Ok(())
}

/// Whether the credentials of `aws` are known and belong to this user. The error says that AWS could not be asked.
pub(crate) async fn is_user(aws: &Aws<impl Transport>, user: &str) -> Result<bool> {
    match query(aws, Service::Sts, "2011-06-15", "GetCallerIdentity", &[]).await {
        Ok(answer) => {
            let document = roxmltree::Document::parse(&answer).map_err(|error| anyhow!("no XML answer: {error}"))?;
            let arn = document.descendants().find(|node| node.tag_name().name() == "Arn").and_then(|node| node.text());
            Ok(arn.is_some_and(|arn| arn.rsplit('/').next() == Some(user)))
        }
        // Whatever is wrong with the key, a new one mends it.
        Err(error) if error.code().is_some() && !error.is_passing() => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Sends a call of AWS's query protocol and returns the XML it answers.
async fn query(
    aws: &Aws<impl Transport>,
    service: Service,
    version: &str,
    operation: &'static str,
    parameters: &[(&str, &str)],
) -> Result<String, AwsError> {
    let body = [("Action", operation), ("Version", version)]
        .iter()
        .chain(parameters)
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect::<Vec<_>>()
        .join("&");
    let response = aws
        .call(Call {
            service,
            operation,
            method: http::Method::POST,
            path: "/".to_owned(),
            headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
            body: body.into_bytes(),
        })
        .await?;
    Ok(String::from_utf8_lossy(response.body()).into_owned())
}
