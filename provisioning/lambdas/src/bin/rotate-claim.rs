//! The Lambda function `rotate-claim`.

use provisioning_lambdas::{
    Failure,
    claims::{Claims, rotate_claim},
    serve,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    serve(env!("CARGO_BIN_NAME"), Claims::read()?, async |claims, event| rotate_claim(&claims, &event).await).await
}
