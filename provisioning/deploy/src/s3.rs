//! Simple Storage Service: the bucket that functions' code is uploaded to.

use aws::{Aws, AwsError, AwsErrorCause, Call, Service, Transport};

use crate::query;

/// The names of all the account's buckets, whatever their regions.
pub async fn bucket_names<T: Transport>(aws: &Aws<T>) -> Result<Vec<String>, AwsError> {
    const OPERATION: &str = "ListBuckets";
    let call = Call {
        service: Service::S3,
        operation: OPERATION,
        method: http::Method::GET,
        path: "/".to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    let answer = aws.call(call).await?.into_body();
    let xml = String::from_utf8(answer).map_err(|error| query::unreadable(Service::S3, OPERATION, error))?;
    let document = query::parsed(Service::S3, OPERATION, &xml)?;
    Ok(query::members(document.root(), "Buckets").filter_map(|bucket| query::text(bucket, "Name")).collect())
}

/// A bucket of a certain account. Every call names the account, so that code is never put into, or taken from,
/// a bucket of the same name that somebody else made first.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// The bucket's name.
    pub name: String,
    /// The account it belongs to.
    pub account_id: String,
}

impl Bucket {
    /// Whether the bucket exists. A bucket of another account is an error with status 403.
    pub async fn exists<T: Transport>(&self, aws: &Aws<T>) -> Result<bool, AwsError> {
        self.is_there(aws, "HeadBucket", "").await
    }

    /// Makes the bucket. AWS lets nobody else read new buckets, and encrypts what is put into them.
    pub async fn create<T: Transport>(&self, aws: &Aws<T>) -> Result<(), AwsError> {
        // The first region is the one that may not be named.
        let body = if aws.region == "us-east-1" {
            String::new()
        } else {
            format!(
                "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                 <LocationConstraint>{}</LocationConstraint></CreateBucketConfiguration>",
                aws.region
            )
        };
        let call = Call {
            service: Service::S3,
            operation: "CreateBucket",
            method: http::Method::PUT,
            path: format!("/{}", self.name),
            headers: Vec::new(),
            body: body.into_bytes(),
        };
        match aws.call(call).await {
            Err(error) if error.code() != Some("BucketAlreadyOwnedByYou") => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether there is an object under `key`.
    pub async fn has<T: Transport>(&self, aws: &Aws<T>, key: &str) -> Result<bool, AwsError> {
        self.is_there(aws, "HeadObject", key).await
    }

    /// Puts `content` under `key`.
    pub async fn put<T: Transport>(&self, aws: &Aws<T>, key: &str, content: Vec<u8>) -> Result<(), AwsError> {
        self.send(aws, "PutObject", http::Method::PUT, &self.path(key), content).await.map(drop)
    }

    /// What is under `key`, if anything is.
    pub async fn content<T: Transport>(&self, aws: &Aws<T>, key: &str) -> Result<Option<Vec<u8>>, AwsError> {
        match self.send(aws, "GetObject", http::Method::GET, &self.path(key), Vec::new()).await {
            Ok(content) => Ok(Some(content)),
            Err(AwsError { cause: AwsErrorCause::Answer { status: 404, .. }, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Deletes what is under `key`. That there is nothing is success.
    pub async fn forget<T: Transport>(&self, aws: &Aws<T>, key: &str) -> Result<(), AwsError> {
        self.send(aws, "DeleteObject", http::Method::DELETE, &self.path(key), Vec::new()).await.map(drop)
    }

    /// Deletes all that is in the bucket, and the bucket. Whether there was one.
    pub async fn delete<T: Transport>(&self, aws: &Aws<T>) -> Result<bool, AwsError> {
        if !self.exists(aws).await? {
            return Ok(false);
        }
        loop {
            let keys = self.keys(aws).await?;
            if keys.is_empty() {
                break;
            }
            for key in keys {
                self.send(aws, "DeleteObject", http::Method::DELETE, &self.path(&key), Vec::new()).await?;
            }
        }
        self.send(aws, "DeleteBucket", http::Method::DELETE, &self.path(""), Vec::new()).await?;
        Ok(true)
    }

    /// Up to 1,000 keys of what is in the bucket.
    async fn keys<T: Transport>(&self, aws: &Aws<T>) -> Result<Vec<String>, AwsError> {
        const OPERATION: &str = "ListObjectsV2";
        let path = format!("/{}?list-type=2", self.name);
        let answer = self.send(aws, OPERATION, http::Method::GET, &path, Vec::new()).await?;
        let xml = String::from_utf8(answer).map_err(|error| query::unreadable(Service::S3, OPERATION, error))?;
        let document = query::parsed(Service::S3, OPERATION, &xml)?;
        let entries = document.descendants().filter(|node| node.tag_name().name() == "Contents");
        Ok(entries.filter_map(|entry| query::text(entry, "Key")).collect())
    }

    async fn is_there<T: Transport>(&self, aws: &Aws<T>, operation: &'static str, key: &str) -> Result<bool, AwsError> {
        match self.send(aws, operation, http::Method::HEAD, &self.path(key), Vec::new()).await {
            Ok(_) => Ok(true),
            // An answer to HEAD has no body to name the error in.
            Err(AwsError { cause: AwsErrorCause::Answer { status: 404, .. }, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn path(&self, key: &str) -> String {
        let key: Vec<_> = key.split('/').map(query::encoded).collect();
        if key == [""] { format!("/{}", self.name) } else { format!("/{}/{}", self.name, key.join("/")) }
    }

    async fn send<T: Transport>(
        &self,
        aws: &Aws<T>,
        operation: &'static str,
        method: http::Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, AwsError> {
        let headers = vec![("x-amz-expected-bucket-owner", self.account_id.clone())];
        let call = Call { service: Service::S3, operation, method, path: path.to_owned(), headers, body };
        aws.call(call).await.map(http::Response::into_body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_keeps_its_slashes_and_nothing_else_unencoded() {
        let bucket = Bucket { name: "code".to_owned(), account_id: "123456789012".to_owned() };
        assert_eq!(bucket.path("lambdas/a b+c.zip"), "/code/lambdas/a%20b%2Bc.zip");
        assert_eq!(bucket.path(""), "/code");
    }
}
