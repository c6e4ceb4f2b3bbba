//! Uploads what CloudFormation deploys: the functions' zips and the template.

use std::collections::BTreeMap;
use std::path::Path;

use aws::{Aws, AwsError, AwsErrorCause, Service, Transport};
use sha2::{Digest, Sha256};

use crate::s3::Bucket;
use crate::{DeployError, FUNCTIONS, Progress, Target, rendered_template};

/// What was uploaded, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// The template's text.
    pub template: String,
    /// Where CloudFormation finds the template.
    pub template_url: String,
    /// The template's parameters that say where the functions' code is.
    pub parameters: BTreeMap<String, String>,
}

/// Uploads the functions in `zips` and the template to the code bucket, which is made where there is none. What is there
/// already is not sent again: keys hold a hash of the content, so nothing in the bucket ever changes.
///
/// Errors: a zip that is missing, a bucket of that name that belongs to somebody else, a call that failed.
pub async fn upload<T: Transport>(
    aws: &Aws<T>,
    target: &Target,
    zips: &Path,
    tell: &mut impl FnMut(Progress),
) -> Result<Uploaded, DeployError> {
    let mut contents = Vec::with_capacity(FUNCTIONS.len());
    for function in FUNCTIONS {
        let path = zips.join(format!("{}.zip", function.name));
        let zip = std::fs::read(&path).map_err(|source| DeployError::Zip { path, source })?;
        contents.push((function, zip));
    }
    let bucket = target.bucket(aws).await?;
    make_sure_of(aws, &bucket, tell).await?;
    let mut parameters = BTreeMap::from([("CodeBucket".to_owned(), bucket.name.clone())]);
    for (function, zip) in contents {
        let key = format!("lambdas/{}-{}.zip", function.name, hash(&zip));
        put_new(aws, &bucket, &key, zip, function.name, tell).await?;
        parameters.insert(function.code_key_parameter.to_owned(), key);
    }
    let template = rendered_template();
    let key = format!("template-{}.yaml", hash(template.as_bytes()));
    put_new(aws, &bucket, &key, template.clone().into_bytes(), "template", tell).await?;
    let template_url = format!("{}/{}/{key}", aws.endpoint(Service::S3), bucket.name);
    Ok(Uploaded { template, template_url, parameters })
}

async fn make_sure_of<T: Transport>(
    aws: &Aws<T>,
    bucket: &Bucket,
    tell: &mut impl FnMut(Progress),
) -> Result<(), DeployError> {
    let foreign = |error: AwsError| match &error.cause {
        AwsErrorCause::Answer { status: 403, .. } => DeployError::ForeignBucket(bucket.name.clone()),
        AwsErrorCause::Answer { code, .. } if code == "BucketAlreadyExists" => {
            DeployError::ForeignBucket(bucket.name.clone())
        }
        _ => error.into(),
    };
    if !bucket.exists(aws).await.map_err(foreign)? {
        bucket.create(aws).await.map_err(foreign)?;
        tell(Progress::MadeBucket(bucket.name.clone()));
    }
    Ok(())
}

async fn put_new<T: Transport>(
    aws: &Aws<T>,
    bucket: &Bucket,
    key: &str,
    content: Vec<u8>,
    name: &str,
    tell: &mut impl FnMut(Progress),
) -> Result<(), DeployError> {
    if bucket.has(aws, key).await? {
        tell(Progress::AlreadyUploaded(name.to_owned()));
    } else {
        bucket.put(aws, key, content).await?;
        tell(Progress::Uploaded(name.to_owned()));
    }
    Ok(())
}

fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
