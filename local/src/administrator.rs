//! An administrator of the stand-in's account.
//!
//! Keys of the stand-in's root are taken without a look at their signatures, those of IAM users are checked as AWS does:
//! so that everything is checked, nothing uses the root but this.

use std::path::Path;

use anyhow::{Context, Result};
use aws::Credentials;

use crate::access_key::kept_or_new_access_key;
use crate::iam;
use crate::ministack::Ministack;

const NAME: &str = "administrator";

/// The administrator's key, kept in `file`.
pub(crate) async fn administrator(ministack: &Ministack, file: &Path) -> Result<Credentials> {
    let root = ministack.aws_as_root();
    let make = async {
        iam::create_user(&root, NAME).await?;
        iam::allow_everything(&root, NAME).await?;
        kept_or_new_access_key(file, NAME, &root, |key| ministack.aws_as(key)).await
    };
    make.await.context("no administrator could be made in the stand-in for AWS")
}
