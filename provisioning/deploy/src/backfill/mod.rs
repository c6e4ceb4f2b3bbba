//! Giving rows and tables of an earlier deployment what lists without scanning: the index's attribute in every row, and the
//! indexes themselves.

mod indexes;
mod rows;

use aws::{Aws, Transport};

use crate::cloudformation;
use crate::{DeployError, Progress, StackOutputs, Target};

/// What to do to the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackfillOptions {
    /// Which deployment.
    pub target: Target,
    /// Whether indexes that are missing are made first. Each reads its whole table once.
    pub add_indexes: bool,
    /// How many rows are read, and at most written, a second; at least one.
    pub rows_per_second: u32,
    /// Where to go on: the VIN that an earlier run named.
    pub after: Option<String>,
}

/// Gives every row of AuthorizedVehicles the attribute it is listed by, and the tables the indexes they lack. May be stopped
/// at any time and repeated: what is done already is left alone.
pub async fn backfill<T: Transport>(
    aws: &Aws<T>,
    options: &BackfillOptions,
    tell: &mut impl FnMut(Progress),
) -> Result<(), DeployError> {
    let name = options.target.stack_name();
    let Some(stack) = cloudformation::describe(aws, &name).await? else {
        return Err(DeployError::NoStack(options.target.absent(aws).await));
    };
    let outputs = StackOutputs::of(&stack, &name)?;
    if options.add_indexes {
        indexes::add(aws, &outputs, tell).await?;
    }
    rows::index(aws, &outputs, options, tell).await
}

/// Why a backfill is advisable and how it is done; `None` where nothing is missing.
pub(crate) async fn advisable<T: Transport>(
    aws: &Aws<T>,
    outputs: &StackOutputs,
) -> Result<Option<String>, DeployError> {
    let missing = indexes::missing(aws, outputs).await?;
    if let Some((table, _)) = missing.first() {
        let count = missing.len();
        return Ok(Some(format!(
            "{count} indexes are missing, such as one of {table}: until `deploy backfill --add-indexes` has made them the \
             console reads whole tables"
        )));
    }
    Ok(rows::any_without_index(aws, outputs).await?.then(|| {
        "Some authorized vehicles were written before there was an index: `deploy backfill` makes the console list them".to_owned()
    }))
}
