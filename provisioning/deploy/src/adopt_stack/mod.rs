//! Taking over from the stack of the CMS provisioning module: its tables, its claim certificate and the name of its
//! provisioning template, so that neither vehicles nor plants notice.

mod claims;
mod kept;
mod plan;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use aws::{Aws, Transport};
use serde_json::json;

pub use plan::Adoption;

use crate::cloudformation::{self, Parameter, Stack};
use crate::s3::Bucket;
use crate::up::follow;
use crate::{DeployError, Progress, StackOutputs, Target, UpOptions, adopt_tables, dynamodb, up, upload};

/// What to take over, and into which deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptOptions {
    /// The deployment that goes on.
    pub target: Target,
    /// The stack that it goes on from.
    pub stack: String,
    /// The folder that holds the functions' zips.
    pub zips: PathBuf,
    /// Parameters of the template, as for [`up`].
    pub parameters: BTreeMap<String, String>,
}

/// What would be taken over, what goes with the old stack, and what to know before. Changes nothing.
pub async fn plan_adoption<T: Transport>(aws: &Aws<T>, options: &AdoptOptions) -> Result<Adoption, DeployError> {
    let (_, adoption) = look(aws, options, &options.target.bucket(aws).await?).await?;
    Ok(adoption)
}

/// Takes over. The old stack is told to keep what [`plan_adoption`] names, and is deleted; then ours is made over what it
/// left. In between, which takes minutes, no vehicle can be provisioned; those that are stay connected.
///
/// Repeating it goes on where it stopped: what is to be done is kept in the code bucket until all of it is done.
pub async fn adopt<T: Transport>(
    aws: &Aws<T>,
    options: &AdoptOptions,
    tell: &mut impl FnMut(Progress),
) -> Result<(Adoption, StackOutputs), DeployError> {
    let bucket = options.target.bucket(aws).await?;
    let (old, adoption) = look(aws, options, &bucket).await?;
    // All that can be done beforehand is: it makes the bucket, and shortens the time in between.
    upload(aws, &options.target, &options.zips, tell).await?;
    bucket.put(aws, &note(&options.stack), json!(adoption).to_string().into_bytes()).await?;
    if let Some(stack) = &old {
        remove(aws, options, &bucket, stack, &adoption, tell).await?;
    }
    let outputs = go_on(aws, options, &adoption, tell)
        .await
        .map_err(|source| DeployError::AdoptionStopped { stack: options.stack.clone(), source: Box::new(source) })?;
    bucket.forget(aws, &note(&options.stack)).await?;
    Ok((adoption, outputs))
}

/// The old stack, unless it is gone, and what is to be done: as it was noted where the stack is gone or half gone.
async fn look<T: Transport>(
    aws: &Aws<T>,
    options: &AdoptOptions,
    bucket: &Bucket,
) -> Result<(Option<Stack>, Adoption), DeployError> {
    let stack = cloudformation::describe(aws, &options.stack).await?;
    match stack {
        Some(stack) if !stack.status.starts_with("DELETE_") => {
            let adoption = plan::of(aws, options, &stack).await?;
            Ok((Some(stack), adoption))
        }
        stack => {
            let noted = match bucket.exists(aws).await {
                Ok(true) => bucket.content(aws, &note(&options.stack)).await?,
                _ => None,
            };
            match noted.and_then(|noted| serde_json::from_slice(&noted).ok()) {
                Some(adoption) => Ok((stack, adoption)),
                None => Err(DeployError::NothingToAdopt { stack: options.stack.clone(), region: aws.region.clone() }),
            }
        }
    }
}

/// Where it is noted what is to be done.
fn note(stack: &str) -> String {
    // A stack's name has letters, digits and hyphens; its ARN has more.
    format!("adoption-{}.json", stack.replace(['/', ':'], "-"))
}

async fn remove<T: Transport>(
    aws: &Aws<T>,
    options: &AdoptOptions,
    bucket: &Bucket,
    stack: &Stack,
    adoption: &Adoption,
    tell: &mut impl FnMut(Progress),
) -> Result<(), DeployError> {
    if !stack.status.starts_with("DELETE_") {
        keep_data(aws, options, bucket, stack, tell).await?;
    }
    if let Some(table) = adoption.parameters.get("AuthorizedVehiclesTableName") {
        make_sure_of_stream(aws, table, tell).await?;
    }
    tell(Progress::Began("deleting", options.stack.clone()));
    let known = cloudformation::event_ids(aws, &stack.id).await?;
    cloudformation::delete(aws, &stack.id).await?;
    follow(aws, &stack.id, known, tell).await
}

/// Has CloudFormation leave what vehicles and plants hold, and the data, when the stack is deleted.
async fn keep_data<T: Transport>(
    aws: &Aws<T>,
    options: &AdoptOptions,
    bucket: &Bucket,
    stack: &Stack,
    tell: &mut impl FnMut(Progress),
) -> Result<(), DeployError> {
    let template = cloudformation::template(aws, &stack.id).await?;
    let not_adoptable = |problem: String| DeployError::NotAdoptable { stack: options.stack.clone(), problem };
    let Some(keeping) = kept::keeping(&template).map_err(not_adoptable)? else { return Ok(()) };
    tell(Progress::Adopting(format!("telling {} to leave its data when it goes", options.stack)));
    let key = format!("{}-kept.json", note(&options.stack));
    bucket.put(aws, &key, keeping.into_bytes()).await?;
    let url = format!("{}/{}/{key}", aws.endpoint(aws::Service::S3), bucket.name);
    let parameters = stack.parameters.keys().map(|name| (name.clone(), Parameter::Previous)).collect();
    let known: BTreeSet<String> = cloudformation::event_ids(aws, &stack.id).await?;
    if cloudformation::update(aws, &options.stack, &url, &parameters).await? {
        follow(aws, &stack.id, known, tell).await?;
    }
    Ok(())
}

/// New rows that other tools write are found by the table's stream.
async fn make_sure_of_stream<T: Transport>(
    aws: &Aws<T>,
    table: &str,
    tell: &mut impl FnMut(Progress),
) -> Result<(), DeployError> {
    let Some(description) = dynamodb::describe_table(aws, table).await? else {
        return Err(DeployError::NoTable(table.to_owned()));
    };
    // One that shows something else is somebody's: without ours, rows are still found by the slower way.
    if adopt_tables::has_stream(&description) || description["StreamSpecification"]["StreamEnabled"] == true {
        return Ok(());
    }
    tell(Progress::Adopting(format!("switching on the stream of {table}")));
    let change = json!({ "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_IMAGE" } });
    Ok(dynamodb::update_table(aws, table, change).await?)
}

async fn go_on<T: Transport>(
    aws: &Aws<T>,
    options: &AdoptOptions,
    adoption: &Adoption,
    tell: &mut impl FnMut(Progress),
) -> Result<StackOutputs, DeployError> {
    let own = format!("{}-claim-policy", options.target.app_unique_id);
    if adoption.claim_policies.contains(&own) && !is_ours(aws, options).await? {
        claims::release(aws, &own, tell).await?;
    }
    let mut parameters = adoption.parameters.clone();
    parameters.extend(options.parameters.clone());
    let options = UpOptions { target: options.target.clone(), zips: options.zips.clone(), parameters };
    let outputs = up(aws, &options, tell).await?;
    for claim in &adoption.claims {
        aws::iot::attach_policy(aws, &outputs.claim_policy_name, claim).await?;
    }
    for policy in adoption.claim_policies.iter().filter(|policy| **policy != own) {
        claims::release(aws, policy, tell).await?;
    }
    Ok(outputs)
}

/// Whether our stack is there already, and the claim policy is its.
async fn is_ours<T: Transport>(aws: &Aws<T>, options: &AdoptOptions) -> Result<bool, DeployError> {
    Ok(cloudformation::describe(aws, &options.target.stack_name()).await?.is_some_and(|stack| {
        // What never came to be is cleared away before ours is made.
        !matches!(stack.status.as_str(), "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED")
    }))
}
