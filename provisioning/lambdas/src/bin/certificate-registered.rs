//! The Lambda function `certificate-registered`.

use provisioning_lambdas::certificate_registered::{JustInTime, certificate_registered};
use provisioning_lambdas::{Failure, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    serve(env!("CARGO_BIN_NAME"), JustInTime::read()?, async |function, event| {
        certificate_registered(&function, &event).await
    })
    .await
}
