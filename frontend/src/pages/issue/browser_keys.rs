//! Keys that this browser makes. The private key goes into the download and nowhere else; only the request leaves.

use js_sys::{Array, Object, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

use crate::components::pem_field::to_base64;

/// A new key pair, on the curve P-256.
pub struct BrowserKeys {
    /// The private key, PKCS #8 in PEM.
    pub private_key: String,
    /// The signing request for it, PEM.
    pub request: String,
}

/// Makes keys and the request with this common name. The error is a sentence.
pub async fn make_keys(common_name: &str) -> Result<BrowserKeys, String> {
    let subtle = subtle().ok_or(
        "This browser makes keys only on a page that was fetched over HTTPS: open the console there, or choose another way.",
    )?;
    make(&subtle, common_name).await.map_err(|error| {
        let said = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message())).unwrap_or_default();
        format!("This browser could not make the keys ({said}): try again, or choose another way.")
    })
}

/// On an address that is not trusted the browser offers none.
fn subtle() -> Option<SubtleCrypto> {
    let crypto = window().crypto().ok()?;
    let subtle = Reflect::get(&crypto, &"subtle".into()).ok()?;
    (!subtle.is_undefined()).then(|| subtle.unchecked_into())
}

async fn make(subtle: &SubtleCrypto, common_name: &str) -> Result<BrowserKeys, JsValue> {
    let algorithm = object(&[("name", "ECDSA".into()), ("namedCurve", "P-256".into())])?;
    let uses = Array::of2(&"sign".into(), &"verify".into());
    let pair = JsFuture::from(subtle.generate_key_with_object(&algorithm, true, &uses)?).await?;
    let key = |name: &str| Ok::<CryptoKey, JsValue>(Reflect::get(&pair, &name.into())?.unchecked_into());
    let (private, public) = (key("privateKey")?, key("publicKey")?);
    let spki = exported(subtle, "spki", &public).await?;
    let information = pki::draft_request(common_name, &spki);
    let how = object(&[("name", "ECDSA".into()), ("hash", "SHA-256".into())])?;
    let signed = JsFuture::from(subtle.sign_with_object_and_u8_array(&how, &private, &information)?).await?;
    let signature: [u8; 64] =
        Uint8Array::new(&signed).to_vec().try_into().map_err(|_| JsValue::from(js_sys::Error::new("signature")))?;
    let pkcs8 = exported(subtle, "pkcs8", &private).await?;
    Ok(BrowserKeys { private_key: pem("PRIVATE KEY", &pkcs8), request: pki::finish_p256(&information, &signature) })
}

async fn exported(subtle: &SubtleCrypto, format: &str, key: &CryptoKey) -> Result<Vec<u8>, JsValue> {
    Ok(Uint8Array::new(&JsFuture::from(subtle.export_key(format, key)?).await?).to_vec())
}

fn object(fields: &[(&str, JsValue)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object)
}

fn pem(label: &str, der: &[u8]) -> String {
    let digits = to_base64(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in digits.as_bytes().chunks(64) {
        text.extend(line.iter().map(|digit| char::from(*digit)));
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    async fn every_pair_is_new_and_the_request_holds_no_private_key() {
        let (one, other) =
            (make_keys("1HGCM82633A004352").await.unwrap(), make_keys("1HGCM82633A004352").await.unwrap());
        assert_ne!(one.private_key, other.private_key);
        assert!(one.request.starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"));
        assert!(one.private_key.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        let body = one.private_key.lines().nth(1).unwrap();
        assert!(!one.request.contains(body));
    }
}
