//! Which signing requests are taken, and what is said of the others.

mod material;

use material::{VIN, vin};
use pki::{Csr, CsrProblem, Key, KeyProblem};
use rcgen::{CertificateParams, DistinguishedName, DnType, DnValue, KeyPair};

fn request_for(names: &[&str]) -> String {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = DistinguishedName::new();
    for name in names {
        parameters.distinguished_name.push(DnType::CommonName, *name);
    }
    let key = KeyPair::generate().expect("a key");
    parameters.serialize_request(&key).expect("a request").pem().expect("PEM")
}

/// The base64 between the boundaries.
fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

fn der(pem: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(body(pem)).expect("base64")
}

fn problem(text: &str) -> CsrProblem {
    Csr::parse(text).expect_err("a request that is refused")
}

#[test]
fn every_key_and_digest_that_aws_iot_takes_is_taken() {
    for (text, key) in [
        (fixture!("rsa-2048.csr"), Key::Rsa { bits: 2048 }),
        (fixture!("rsa-4096.csr"), Key::Rsa { bits: 4096 }),
        (fixture!("rsa-2048-sha384.csr"), Key::Rsa { bits: 2048 }),
        (fixture!("rsa-2048-sha512.csr"), Key::Rsa { bits: 2048 }),
        (fixture!("rsa-2048-pss-sha256.csr"), Key::Rsa { bits: 2048 }),
        (fixture!("rsa-2048-pss-sha512-short-salt.csr"), Key::Rsa { bits: 2048 }),
        (fixture!("P-256.csr"), Key::P256),
        (fixture!("P-384.csr"), Key::P384),
        (fixture!("P-521-sha256.csr"), Key::P521),
        (fixture!("P-521-sha512.csr"), Key::P521),
    ] {
        let request = Csr::parse(text).expect("a good request");
        assert_eq!(request.key(), &key);
        assert_eq!(request.pem(), text);
        assert_eq!(request.common_name(), Some(VIN));
        assert_eq!(request.subject(), format!("CN={VIN}"));
        assert_eq!(Csr::from_der(&der(text)), Ok(request));
    }
    assert_eq!(Key::Rsa { bits: 2048 }.to_string(), "RSA 2048");
    assert_eq!(Key::P256.to_string(), "P-256");
}

#[test]
fn a_request_is_found_in_whatever_it_was_pasted_with() {
    let plain = fixture!("P-256.csr");
    let expected = Ok(plain.to_owned());
    let pem = |text: &str| Csr::parse(text).map(|request| request.pem().to_owned());
    assert_eq!(pem(&plain.replace('\n', "\r\n")), expected);
    assert_eq!(pem(&format!("\u{feff}\n\n  Dear operator,\nhere it is:\n\n{plain}\n-- \nPlant 7\n")), expected);
    assert_eq!(pem(&plain.replace('\n', "  \n   ")), expected);
    assert_eq!(pem(&plain.replace('\n', "\\n")), expected);
    assert_eq!(pem(&body(plain)), expected);
    assert_eq!(pem(body(plain).trim_end_matches('=')), expected);
    assert_eq!(pem(&plain.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")), expected);
    assert!(fixture!("new-header.csr").contains("NEW CERTIFICATE REQUEST"));
    assert!(pem(fixture!("new-header.csr")).expect("a request").starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"));
    assert!(fixture!("explained.csr").starts_with("Certificate Request:\n"));
    assert!(pem(fixture!("explained.csr")).is_ok());
}

#[test]
fn bad_requests_each_get_a_sentence_that_says_what_to_do() {
    let good = fixture!("P-256.csr");
    let swapped = format!(
        "-----BEGIN CERTIFICATE REQUEST-----\n{}\n-----END CERTIFICATE REQUEST-----\n",
        body(fixture!("authority-p521.crt"))
    );
    let table = [
        (" \r\n\t".to_owned(), "There is no signing request here"),
        ("\u{0}\u{1}PNG".to_owned(), "This is not text but a binary file"),
        ("A".repeat(9000), "This has 9000 bytes, too many"),
        ("Please sign my certificate!".to_owned(), "This is not PEM"),
        (good.replace("-----END", "----END"), "The text is cut off"),
        (good.replace("END CERTIFICATE REQUEST", "END CERTIFICATE"), "The text is cut off"),
        (good[..200].to_owned(), "The text is cut off"),
        (good[200..].to_owned(), "The text is cut off"),
        (good.replacen('M', "!", 1), "This is not PEM"),
        (body(good)[..100].to_owned(), "The signing request is damaged"),
        (format!("{good}{good}"), "There are 2 things in this text"),
        (format!("{good}{}", fixture!("public.key.pem")), "There are 2 things in this text"),
        (fixture!("authority-rsa.crt").to_owned(), "This is a certificate, not a signing request"),
        (body(fixture!("authority-rsa.crt")), "This is a certificate, not a signing request"),
        (swapped, "This is a certificate, not a signing request"),
        (fixture!("public.key.pem").to_owned(), "This is a public key, not a signing request"),
        (body(fixture!("public.key.pem")), "This is a public key, not a signing request"),
        (fixture!("bundle.p7b").to_owned(), "This is neither a signing request nor anything else we know"),
        (fixture!("rsa-1024.csr").to_owned(), "The RSA key has 1024 bits, too few"),
        (fixture!("rsa-4608.csr").to_owned(), "The RSA key has 4608 bits, more than"),
        (fixture!("ed25519.csr").to_owned(), "AWS IoT takes no key of the kind Ed25519"),
        (fixture!("dsa.csr").to_owned(), "AWS IoT takes no key of the kind DSA"),
        (fixture!("secp256k1.csr").to_owned(), "AWS IoT takes no key of the kind secp256k1"),
        (fixture!("P-224.csr").to_owned(), "AWS IoT takes no key of the kind P-224"),
        (fixture!("unnamed-curve.csr").to_owned(), "AWS IoT takes no key of the kind unnamed curve"),
        (fixture!("rsa-2048-md5.csr").to_owned(), "The request is signed with MD5, which is not safe any more"),
        (fixture!("rsa-2048-sha1.csr").to_owned(), "The request is signed with SHA-1, which is not safe any more"),
        (fixture!("rsa-2048-pss-sha1.csr").to_owned(), "The request is signed with SHA-1, which is not safe any more"),
        (fixture!("P-256-sha1.csr").to_owned(), "The request is signed with SHA-1, which is not safe any more"),
        (fixture!("rsa-2048-sha224.csr").to_owned(), "The request is signed with SHA-224, which is not safe any more"),
    ];
    for (text, sentence) in table {
        let said = problem(&text).to_string();
        assert!(said.starts_with(sentence), "{said:?} for {text}");
        assert!(said.ends_with('.') && said.contains(": "), "{said:?} does not say what to do");
    }
    assert_eq!(problem(fixture!("rsa-1024.csr")), CsrProblem::Key(KeyProblem::TooShort { bits: 1024 }));
    assert_eq!(Csr::from_der(b""), Err(CsrProblem::Empty));
    assert_eq!(Csr::from_der(&[0x30; 9000]), Err(CsrProblem::TooLarge { bytes: 9000 }));
    assert_eq!(Csr::from_der(good.as_bytes()), Err(CsrProblem::Malformed));
}

#[test]
fn a_request_that_aws_iot_would_find_too_long_is_refused_here() {
    assert!(Csr::parse(&request_for(&[&"x".repeat(2500)])).is_ok());
    assert!(matches!(problem(&request_for(&[&"x".repeat(3000)])), CsrProblem::TooLarge { bytes } if bytes > 4096));
}

#[test]
fn a_private_key_is_refused_in_every_dress_and_never_repeated() {
    let key = KeyPair::generate().expect("a key");
    let pem = key.serialize_pem();
    let secret = body(&pem);
    let request = fixture!("P-256.csr");
    // Six numbers, as PKCS #1 has them, and a number with an octet string, as SEC 1 has them.
    let numbers = [&[0x30, 27, 0x02, 1, 0][..], &[0x02, 1, 77].repeat(8)].concat();
    let elliptic = [&[0x30, 37, 0x02, 1, 1, 0x04, 32][..], &[9; 32]].concat();
    let encrypted =
        [&[0x30, 47, 0x30, 11, 0x06, 9][..], &[42, 134, 72, 134, 247, 13, 1, 5, 13, 0x04, 32], &[9; 32]].concat();
    let base64 = |der: &[u8]| {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(der)
    };
    for text in [
        pem.clone(),
        secret.clone(),
        format!("{request}{pem}"),
        pem.replace("PRIVATE", "RSA PRIVATE"),
        pem.replace("PRIVATE", "ENCRYPTED PRIVATE"),
        pem.replace("PRIVATE", "OPENSSH PRIVATE"),
        pem.to_lowercase(),
        pem[..60].to_owned(),
        pem.replace("PRIVATE KEY", "CERTIFICATE REQUEST"),
        format!("{}{pem}", "x".repeat(9000)),
        base64(&numbers),
        base64(&elliptic),
        base64(&encrypted),
    ] {
        let problem = problem(&text);
        assert_eq!(problem, CsrProblem::PrivateKey, "{text}");
        assert!(problem.to_string().contains("must never leave the vehicle"));
        assert!(!format!("{problem} {problem:?}").contains(&secret[..20]));
    }
    assert_eq!(Csr::from_der(&der(&pem)), Err(CsrProblem::PrivateKey));
}

#[test]
fn a_request_that_was_changed_after_it_was_signed_is_refused() {
    for text in [
        fixture!("P-256.csr"),
        fixture!("P-384.csr"),
        fixture!("P-521-sha512.csr"),
        fixture!("rsa-2048.csr"),
        fixture!("rsa-2048-pss-sha256.csr"),
    ] {
        let mut bytes = der(text);
        let name = bytes.windows(17).position(|window| window == VIN.as_bytes()).expect("the common name");
        bytes[name + 16] = b'3';
        assert_eq!(Csr::from_der(&bytes), Err(CsrProblem::WrongSignature));
        let mut bytes = der(text);
        *bytes.last_mut().expect("a signature") ^= 1;
        assert_eq!(Csr::from_der(&bytes), Err(CsrProblem::WrongSignature));
    }
}

#[test]
fn a_request_speaks_for_the_vehicle_it_names_or_for_any_where_it_names_none() {
    let ours = vin(VIN);
    let speaks = |names: &[&str]| Csr::parse(&request_for(names)).expect("a request").speaks_for(&ours);
    assert_eq!(speaks(&[]), Ok(()));
    assert_eq!(speaks(&[VIN]), Ok(()));
    assert_eq!(speaks(&["Vehicle_1HGCM82633A004352"]), Ok(()));
    for other in ["1HGCM82633A004353", "1hgcm82633a004352", "1HGCM82633A004352 ", "Vehicle_", ""] {
        let problem = speaks(&[other]).expect_err("another name");
        assert_eq!((problem.common_name.as_str(), &problem.vin), (other, &ours));
        assert!(problem.to_string().contains(&format!("\"{other}\"")) && problem.to_string().contains(VIN));
    }
    let two = Csr::parse(fixture!("two-names.csr")).expect("a request");
    assert_eq!(two.common_name(), Some(VIN));
    assert_eq!(two.speaks_for(&ours).expect_err("a second name").common_name, "1HGCM82633A004353");
    let nameless = Csr::parse(fixture!("nameless.csr")).expect("a request");
    assert_eq!((nameless.subject(), nameless.common_name()), ("", None));
    assert_eq!(nameless.speaks_for(&ours), Ok(()));
    assert_eq!(Csr::parse(fixture!("long-name.csr")).expect("a request").speaks_for(&ours), Ok(()));
}

#[test]
fn a_name_is_shown_whole_and_cannot_break_what_it_is_shown_in() {
    let long = Csr::parse(fixture!("long-name.csr")).expect("a request");
    assert_eq!(
        long.subject(),
        "CN=Vehicle_1HGCM82633A004352, SERIALNUMBER=1HGCM82633A004352, O=Plant 7, hall \"B\", C=DE"
    );
    let nasty = Csr::parse(&request_for(&["a\u{1b}[2J\n\u{202e}b"])).expect("a request");
    assert_eq!(nasty.subject(), "CN=a\u{fffd}[2J\u{fffd}\u{fffd}b");
    let said = nasty.speaks_for(&vin(VIN)).expect_err("another name").to_string();
    assert!(!said.contains(['\u{1b}', '\n', '\u{202e}']));
    let endless = Csr::parse(&request_for(&[&"x".repeat(2000)])).expect("a request");
    assert_eq!(endless.subject().chars().count(), 3 + 200 + 1);
}

#[test]
fn names_in_old_kinds_of_string_are_read_too() {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = DistinguishedName::new();
    for (attribute, value) in [
        (DnType::OrganizationName, DnValue::TeletexString("Example Motors".try_into().expect("latin"))),
        (DnType::LocalityName, DnValue::Ia5String("Plant 7".try_into().expect("ascii"))),
        (DnType::CommonName, DnValue::BmpString(VIN.try_into().expect("two bytes each"))),
    ] {
        parameters.distinguished_name.push(attribute, value);
    }
    let key = KeyPair::generate().expect("a key");
    let pem = parameters.serialize_request(&key).expect("a request").pem().expect("PEM");
    let request = Csr::parse(&pem).expect("a good request");
    assert_eq!(request.subject(), format!("CN={VIN}, L=Plant 7, O=Example Motors"));
    assert_eq!(request.speaks_for(&vin(VIN)), Ok(()));
}
