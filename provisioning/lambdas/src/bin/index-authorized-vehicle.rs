//! The Lambda function `index-authorized-vehicle`.

use provisioning_lambdas::{Environment, Failure, index_authorized_vehicle::index_authorized_vehicle, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    serve(env!("CARGO_BIN_NAME"), Environment::read()?, async |environment, event| {
        index_authorized_vehicle(&environment, &event).await
    })
    .await
}
