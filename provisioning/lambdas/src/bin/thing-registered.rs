//! The Lambda function `thing-registered`.

use provisioning_lambdas::{Environment, Failure, serve, thing_registered::thing_registered};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    serve(env!("CARGO_BIN_NAME"), Environment::read()?, async |environment, event| {
        thing_registered(&environment, &event).await
    })
    .await
}
