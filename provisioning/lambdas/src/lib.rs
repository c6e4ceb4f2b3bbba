//! The Lambda functions of vehicle provisioning: each reads its event, gathers facts, asks the rules and performs.
//!
//! The binaries in `bin/` are the functions; each is this library's function of the same name behind the Lambda runtime.

mod environment;
mod log;
mod settle;

pub mod certificate_registered;
pub mod claims;
pub mod deployment;
pub mod housekeeping;
pub mod index_authorized_vehicle;
pub mod pre_provisioning_hook;
pub mod self_check;
pub mod thing_registered;
pub mod vehicle_connected;

pub use environment::Environment;

use serde_json::Value;

/// A function's failure, which Lambda shows in its log and answers to the caller.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Answers events, one at a time, until Lambda ends this process. `name` is the function's among [`self_check::needs`].
pub async fn serve<T, F>(
    name: &'static str,
    context: T,
    function: impl Fn(std::rc::Rc<T>, Value) -> F,
) -> Result<(), Failure>
where
    T: 'static,
    F: Future<Output = Result<Value, Failure>>,
{
    let context = std::rc::Rc::new(context);
    let service = lambda_runtime::service_fn(|event: lambda_runtime::LambdaEvent<Value>| {
        let is_self_check = self_check::is_self_check(&event.payload);
        let answer = function(context.clone(), event.payload);
        async move {
            let result = match is_self_check {
                true => self_check::self_check(name, &event.context.invoked_function_arn).await,
                false => answer.await,
            };
            if let Err(error) = &result {
                log::error("failed", &[("error", error.to_string())]);
            }
            result
        }
    });
    lambda_runtime::run(service).await
}
