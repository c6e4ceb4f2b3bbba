//! The Lambda function `deployment`.

use provisioning_lambdas::{Failure, deployment::deployment, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    serve(env!("CARGO_BIN_NAME"), (), async |_, event| deployment(&event).await).await
}
