//! Records every request that this crate makes, for `aws/tests/botocore/check_shapes.py` to compare with AWS's own models.
//!
//! `target/aws-requests.json` holds, for each operation and each effect, the requests that one call of it sent.

// All of it is test: a panic is the report.
#![allow(clippy::unwrap_used)]

mod claims;
#[path = "../double/mod.rs"]
mod double;
mod effects;
mod operations;
mod probes;
mod recording;

use recording::Recording;

#[tokio::test]
async fn every_operation_and_every_effect_sends_at_least_one_request() {
    let mut recording = Recording::default();
    operations::record(&mut recording).await;
    effects::record(&mut recording).await;
    probes::record(&mut recording).await;
    recording.assert_complete();
    recording.write();
}
