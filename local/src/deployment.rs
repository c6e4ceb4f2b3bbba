//! Our CloudFormation stack, deployed into the stand-in as it is into AWS.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use aws::Credentials;
use deploy::{Progress, StackOutputs, Target, UpOptions};

use crate::Configuration;
use crate::ministack::Ministack;

/// Deploys, or brings an earlier deployment up to date.
pub(crate) async fn deploy_into(
    configuration: &Configuration,
    ministack: &Ministack,
    admin: &Credentials,
    progress: &impl Fn(&str),
) -> Result<StackOutputs> {
    let options = UpOptions {
        target: Target { app_unique_id: configuration.app.clone(), code_bucket: None },
        zips: configuration.build.function_zips.clone(),
        // A stack for demos and tests has no numbers that are worth anything.
        parameters: BTreeMap::from([("SendAnonymizedMetrics".to_owned(), "No".to_owned())]),
    };
    // A line for each resource and function would hide the others.
    let mut tell = |told: Progress| {
        if !matches!(told, Progress::Resource { .. } | Progress::AlreadyUploaded(_) | Progress::Uploaded(_)) {
            progress(&told.to_string());
        }
    };
    deploy::up(&ministack.aws_as(admin), &options, &mut tell)
        .await
        .context("the CloudFormation stack could not be deployed into the stand-in for AWS")
}
