//! The Lambda function `deployment`.

use provisioning_lambdas::{Failure, deployment::deployment, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    serve((), async |_, event| deployment(&event).await).await
}
