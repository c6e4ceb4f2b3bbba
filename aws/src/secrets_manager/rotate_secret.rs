use super::{call, token_of};
use crate::{Aws, AwsError, Transport};

/// The code with which Secrets Manager answers that a rotation is under way, among other things.
pub const INVALID_REQUEST: &str = "InvalidRequestException";

/// RotateSecret: sets how often the secret is rotated, and by which function, without rotating it now.
pub async fn schedule_rotation<T: Transport>(
    aws: &Aws<T>,
    id: &str,
    function_arn: &str,
    days: u32,
) -> Result<(), AwsError> {
    // With the time: the same rules may be set again after others were, and that is another call.
    let token = token_of(&format!("{id} by {function_arn} every {days} days since {}", aws.now()));
    let request = serde_json::json!({
        "SecretId": id,
        "ClientRequestToken": token,
        "RotationLambdaARN": function_arn,
        "RotationRules": { "AutomaticallyAfterDays": days },
        "RotateImmediately": false,
    });
    call::<T, serde_json::Value>(aws, "RotateSecret", &request).await.map(drop)
}

/// RotateSecret: begins a rotation as it is scheduled. One that is under way to a version other than `token` (32 to 64
/// characters) is an `InvalidRequestException`, and goes on; so are other reasons not to rotate.
pub async fn rotate_secret<T: Transport>(aws: &Aws<T>, id: &str, token: &str) -> Result<(), AwsError> {
    let request = serde_json::json!({ "SecretId": id, "ClientRequestToken": token });
    call::<T, serde_json::Value>(aws, "RotateSecret", &request).await.map(drop)
}

/// CancelRotateSecret: the secret is not rotated by itself any more.
pub async fn cancel_rotation<T: Transport>(aws: &Aws<T>, id: &str) -> Result<(), AwsError> {
    call::<T, serde_json::Value>(aws, "CancelRotateSecret", &serde_json::json!({ "SecretId": id })).await.map(drop)
}
