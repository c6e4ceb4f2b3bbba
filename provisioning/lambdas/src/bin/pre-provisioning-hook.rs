//! The Lambda function `pre-provisioning-hook`.

use provisioning_lambdas::{Environment, Failure, pre_provisioning_hook::pre_provisioning_hook, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    serve(env!("CARGO_BIN_NAME"), Environment::read()?, async |environment, event| {
        pre_provisioning_hook(&environment, &event).await
    })
    .await
}
