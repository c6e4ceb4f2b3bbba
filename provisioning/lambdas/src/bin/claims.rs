//! The Lambda function `claims`.

use provisioning_lambdas::{
    Failure,
    claims::{Claims, claims},
    serve,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    serve(env!("CARGO_BIN_NAME"), Claims::read()?, async |work, event| claims(&work, &event).await).await
}
