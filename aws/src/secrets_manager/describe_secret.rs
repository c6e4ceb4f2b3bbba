use std::collections::BTreeMap;

use serde::Deserialize;

use super::call;
use crate::{Aws, AwsError, Transport};

/// What Secrets Manager says of a secret, which is nothing of its value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SecretDescription {
    /// Its ARN.
    #[serde(rename = "ARN")]
    pub arn: String,
    /// Its name.
    pub name: String,
    /// The labels of each version.
    #[serde(default)]
    pub version_ids_to_stages: BTreeMap<String, Vec<String>>,
    /// Whether it is rotated by itself.
    #[serde(default)]
    pub rotation_enabled: bool,
    /// The function that rotates it.
    #[serde(rename = "RotationLambdaARN")]
    pub rotation_lambda_arn: Option<String>,
    /// How often.
    pub rotation_rules: Option<RotationRules>,
    /// The key it is encrypted with, where it is not AWS's own.
    pub kms_key_id: Option<String>,
    /// Since when it waits for its deletion.
    deleted_date: Option<serde_json::Value>,
}

/// How often a secret is rotated.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RotationRules {
    /// In days.
    pub automatically_after_days: Option<u32>,
}

impl SecretDescription {
    /// The version that has this label.
    pub fn version_with(&self, label: &str) -> Option<&str> {
        let has = |labels: &Vec<String>| labels.iter().any(|has| has == label);
        self.version_ids_to_stages.iter().find(|(_, labels)| has(labels)).map(|(version, _)| version.as_str())
    }

    /// The version of a rotation that is not complete.
    pub fn unfinished_version(&self) -> Option<&str> {
        self.version_with("AWSPENDING").filter(|version| !self.has_label(version, "AWSCURRENT"))
    }

    /// Whether this version has this label.
    pub fn has_label(&self, version: &str, label: &str) -> bool {
        self.version_ids_to_stages.get(version).is_some_and(|labels| labels.iter().any(|has| has == label))
    }
}

/// DescribeSecret, by name or ARN; `None` where there is no such secret. One that waits for its deletion is none.
pub async fn describe_secret<T: Transport>(aws: &Aws<T>, id: &str) -> Result<Option<SecretDescription>, AwsError> {
    match call::<T, SecretDescription>(aws, "DescribeSecret", &serde_json::json!({ "SecretId": id })).await {
        Ok(secret) => Ok(Some(secret).filter(|secret| secret.deleted_date.is_none())),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// DescribeSecret, to know whether there is one.
pub async fn secret_exists<T: Transport>(aws: &Aws<T>, name: &str) -> Result<bool, AwsError> {
    Ok(describe_secret(aws, name).await?.is_some())
}
