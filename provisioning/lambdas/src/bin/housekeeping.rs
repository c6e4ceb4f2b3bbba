//! The Lambda function `housekeeping`.

use provisioning_lambdas::{Environment, Failure, housekeeping::housekeeping, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    serve(env!("CARGO_BIN_NAME"), Environment::read()?, async |environment, event| {
        housekeeping(&environment, &event).await
    })
    .await
}
