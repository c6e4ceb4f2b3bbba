//! The Lambda function `vehicle-connected`.

use provisioning_lambdas::{Environment, Failure, serve, vehicle_connected::vehicle_connected};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    serve(env!("CARGO_BIN_NAME"), Environment::read()?, async |environment, event| {
        vehicle_connected(&environment, &event).await
    })
    .await
}
