//! What certificates say, who issued them, and which of them are authorities.

mod material;

use material::{VIN, time};
use pki::{
    AuthorityProblem, Certificate, CertificateProblem, Key, KeyProblem, NotIssuedBy, NotValidAt, ProofProblem,
    SubjectField, check_authority, check_proof_of_possession, vehicle_named_by,
};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use shared::Timestamp;

fn parsed(text: &str) -> Certificate {
    Certificate::parse(text).expect("a certificate")
}

fn named(common_names: &[&str]) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = DistinguishedName::new();
    for name in common_names {
        parameters.distinguished_name.push(DnType::CommonName, *name);
    }
    parameters
}

/// An authority's certificate and what it signs with.
fn authority(name: &str) -> (Certificate, Issuer<'static, KeyPair>) {
    let mut parameters = named(&[name]);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let key = KeyPair::generate().expect("a key");
    let certificate = parsed(&parameters.self_signed(&key).expect("a certificate").pem());
    (certificate, Issuer::new(parameters, key))
}

fn issued(parameters: &CertificateParams, issuer: &Issuer<'static, KeyPair>) -> Certificate {
    let key = KeyPair::generate().expect("a key");
    parsed(&parameters.signed_by(&key, issuer).expect("a certificate").pem())
}

fn now() -> Timestamp {
    time("2027-01-01T00:00:00Z")
}

#[test]
fn a_certificate_tells_what_openssl_tells_of_it() {
    let certificate = parsed(fixture!("vehicle-of-rsa.crt"));
    let expected = fixture!("vehicle-of-rsa.txt");
    let line = |key: &str| {
        let line = expected.lines().find_map(|line| line.strip_prefix(key)).expect("a line of openssl's");
        line.trim_start_matches('=').to_owned()
    };
    assert_eq!(certificate.id().as_str(), line("sha256 Fingerprint").replace(':', "").to_lowercase());
    assert_eq!(certificate.serial_number().replace(':', ""), line("serial").to_lowercase());
    assert!(certificate.serial_number().contains(':'));
    assert_eq!(certificate.valid_from(), time(&line("notBefore").replace(' ', "T")));
    assert_eq!(certificate.valid_until(), time(&line("notAfter").replace(' ', "T")));
    assert_eq!(certificate.issuer(), "CN=Example Motors Vehicles, O=Example Motors, C=DE");
    assert!(certificate.subject().starts_with("CN=Vehicle_1HGCM82633A004352, SERIALNUMBER=1HGCM82633A004352"));
    assert_eq!(certificate.common_names(), ["Vehicle_1HGCM82633A004352"]);
    assert_eq!(certificate.key(), &Key::P256);
    assert_eq!(certificate.pem(), fixture!("vehicle-of-rsa.crt"));
    assert!(!certificate.is_authority());
}

#[test]
fn one_certificate_is_one_and_a_chain_is_a_chain() {
    let (one, other) = (fixture!("vehicle-of-rsa.crt"), fixture!("authority-rsa.crt"));
    let both = format!("vehicle:\r\n{}\r\nauthority:\r\n{other}", one.replace('\n', "\r\n"));
    let chain = Certificate::parse_chain(&both).expect("two certificates");
    assert_eq!(chain, [parsed(one), parsed(other)]);
    assert_eq!(Certificate::parse(&both), Err(CertificateProblem::Several { count: 2 }));
    assert_eq!(Certificate::parse_chain(one).expect("one").len(), 1);
    let body: String = one.lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!(parsed(&body), parsed(one));
}

#[test]
fn what_is_no_certificate_gets_a_sentence_that_says_what_to_do() {
    let good = fixture!("vehicle-of-rsa.crt");
    let table = [
        ("".to_owned(), "There is no certificate here"),
        ("\u{fffd}\u{7}".to_owned(), "This is not text but a binary file"),
        ("=".repeat(70_000), "This has 70000 bytes, too many for a certificate"),
        ("certificate, please".to_owned(), "This is not PEM"),
        (good[..300].to_owned(), "The text is cut off"),
        (good.replacen("MII", "MIJ", 1), "The certificate is damaged"),
        (KeyPair::generate().expect("a key").serialize_pem(), "This holds a private key"),
        (fixture!("P-256.csr").to_owned(), "This is a signing request, not a certificate"),
        (fixture!("public.key.pem").to_owned(), "This is a public key, not a certificate"),
        (fixture!("bundle.p7b").to_owned(), "This is neither a certificate nor anything else we know"),
        (format!("{good}{}", fixture!("P-256.csr")), "This is a signing request, not a certificate"),
    ];
    for (text, sentence) in table {
        let said = Certificate::parse(&text).expect_err("no certificate").to_string();
        assert!(said.starts_with(sentence), "{said:?} for {text}");
        assert!(said.ends_with('.') && said.contains(": "), "{said:?} does not say what to do");
    }
    assert_eq!(Certificate::from_der(b""), Err(CertificateProblem::Empty));
}

#[test]
fn an_issuer_is_the_one_that_is_named_and_signed() {
    for (certificate, issuer) in [
        (fixture!("vehicle-of-rsa.crt"), fixture!("authority-rsa.crt")),
        (fixture!("vehicle-of-rsa-pss.crt"), fixture!("authority-rsa.crt")),
        (fixture!("vehicle-of-p521.crt"), fixture!("authority-p521.crt")),
        (fixture!("authority-rsa.crt"), fixture!("authority-rsa.crt")),
        (fixture!("authority-p521.crt"), fixture!("authority-p521.crt")),
        (fixture!("authority-weak.crt"), fixture!("authority-weak.crt")),
    ] {
        assert_eq!(parsed(certificate).is_issued_by(&parsed(issuer)), Ok(()));
    }
    let (ours, issuer) = authority("Plant");
    let (namesake, _) = authority("Plant");
    let (other, _) = authority("Other plant");
    let vehicle = issued(&named(&[VIN]), &issuer);
    assert_eq!(vehicle.is_issued_by(&ours), Ok(()));
    assert_eq!(vehicle.is_issued_by(&namesake), Err(NotIssuedBy::WrongSignature { given: "CN=Plant".to_owned() }));
    let named_another = vehicle.is_issued_by(&other).expect_err("another name");
    assert!(
        named_another.to_string().starts_with("The certificate was issued by \"CN=Plant\", not by \"CN=Other plant\"")
    );
    assert_eq!(
        parsed(fixture!("vehicle-of-rsa-sha1.crt")).is_issued_by(&parsed(fixture!("authority-rsa.crt"))),
        Err(NotIssuedBy::WeakSignature { algorithm: "SHA-1".to_owned() })
    );
}

#[test]
fn a_vehicle_certificate_vouches_for_nobody() {
    let (_, issuer) = authority("Plant");
    let parameters = named(&[VIN]);
    let key = KeyPair::generate().expect("a key");
    let vehicle = parsed(&parameters.signed_by(&key, &issuer).expect("a certificate").pem());
    let forged = issued(&named(&["1HGCM82633A004353"]), &Issuer::new(parameters, key));
    assert!(matches!(forged.is_issued_by(&vehicle), Err(NotIssuedBy::IssuerIsNoAuthority { .. })));
    let unusable = parsed(fixture!("authority-no-signing.crt"));
    let its = parsed(fixture!("vehicle-of-no-signing.crt"));
    assert!(matches!(its.is_issued_by(&unusable), Err(NotIssuedBy::IssuerIsNoAuthority { .. })));
}

#[test]
fn names_are_compared_as_x509_compares_them() {
    let (_, issuer) = authority("Example  motors");
    let vehicle = issued(&named(&[VIN]), &issuer);
    let mut parameters = named(&[]);
    parameters
        .distinguished_name
        .push(DnType::CommonName, rcgen::DnValue::PrintableString("EXAMPLE MOTORS".try_into().expect("printable")));
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let again = parsed(&parameters.self_signed(issuer.key()).expect("a certificate").pem());
    assert_eq!(vehicle.is_issued_by(&again), Ok(()));
}

#[test]
fn validity_includes_its_first_and_last_second() {
    let mut parameters = named(&[VIN]);
    parameters.not_before = rcgen::date_time_ymd(2026, 2, 28);
    parameters.not_after = rcgen::date_time_ymd(2051, 3, 1);
    let key = KeyPair::generate().expect("a key");
    let certificate = parsed(&parameters.self_signed(&key).expect("a certificate").pem());
    let (from, until) = (time("2026-02-28T00:00:00Z"), time("2051-03-01T00:00:00Z"));
    assert_eq!((certificate.valid_from(), certificate.valid_until()), (from, until));
    assert_eq!(certificate.check_valid_at(from), Ok(()));
    assert_eq!(certificate.check_valid_at(until), Ok(()));
    let early = certificate.check_valid_at(time("2026-02-27T23:59:59Z"));
    assert_eq!(early, Err(NotValidAt::NotYet { from }));
    let late = certificate.check_valid_at(time("2051-03-01T00:00:01Z"));
    assert_eq!(late, Err(NotValidAt::NoLonger { until }));
    assert_eq!(
        NotValidAt::NoLonger { until }.to_string(),
        "The certificate was valid until 2051-03-01T00:00:00Z: have a new one issued."
    );
}

#[test]
fn a_certificate_for_ever_is_valid_until_the_last_year_it_can_name() {
    let mut parameters = named(&[VIN]);
    parameters.not_after = rcgen::date_time_ymd(9999, 12, 31);
    let key = KeyPair::generate().expect("a key");
    let certificate = parsed(&parameters.self_signed(&key).expect("a certificate").pem());
    assert_eq!(certificate.valid_until().to_string(), "9999-12-31T00:00:00Z");
    assert_eq!(certificate.check_valid_at(now()), Ok(()));
}

#[test]
fn an_authority_is_taken_only_while_it_can_be_relied_on() {
    assert_eq!(check_authority(&parsed(fixture!("authority-rsa.crt")), now()), Ok(()));
    assert_eq!(check_authority(&parsed(fixture!("authority-p521.crt")), now()), Ok(()));
    assert_eq!(check_authority(&authority("Plant").0, now()), Ok(()));
    let refused = |certificate: &Certificate, now| check_authority(certificate, now).expect_err("refused");
    let weak = parsed(fixture!("authority-weak.crt"));
    assert_eq!(refused(&weak, now()), AuthorityProblem::Key(KeyProblem::TooShort { bits: 1024 }));
    assert_eq!(refused(&parsed(fixture!("version-1.crt")), now()), AuthorityProblem::OldVersion);
    for no_authority in [fixture!("authority-no-signing.crt").to_owned(), {
        let key = KeyPair::generate().expect("a key");
        named(&[VIN]).self_signed(&key).expect("a certificate").pem()
    }] {
        let problem = refused(&parsed(&no_authority), now());
        assert!(matches!(problem, AuthorityProblem::NoAuthority { .. }), "{problem}");
    }
    let rsa = parsed(fixture!("authority-rsa.crt"));
    let early = refused(&rsa, time("2000-01-01T00:00:00Z"));
    assert_eq!(early, AuthorityProblem::NotValid(NotValidAt::NotYet { from: rsa.valid_from() }));
    let late = refused(&rsa, time("2200-01-01T00:00:00Z"));
    assert_eq!(late, AuthorityProblem::NotValid(NotValidAt::NoLonger { until: rsa.valid_until() }));
}

#[test]
fn a_proof_of_possession_needs_the_code_and_the_authority_s_signature() {
    let code = "5f0c".repeat(16);
    let (ours, issuer) = authority("Plant");
    let (_, strange) = authority("Plant");
    let good = issued(&named(&[&code]), &issuer);
    assert_eq!(check_proof_of_possession(&good, &ours, &code), Ok(()));
    assert_eq!(check_proof_of_possession(&good, &ours, &format!(" {code}\n")), Ok(()));
    let refused =
        |certificate: &Certificate| check_proof_of_possession(certificate, &ours, &code).expect_err("refused");
    let problem = refused(&issued(&named(&[VIN]), &issuer));
    assert!(problem.to_string().contains(&code) && problem.to_string().contains(VIN), "{problem}");
    assert!(matches!(refused(&issued(&named(&[]), &issuer)), ProofProblem::NoCode { .. }));
    let stolen = refused(&issued(&named(&[&code]), &strange));
    assert!(matches!(stolen, ProofProblem::NotIssued(NotIssuedBy::WrongSignature { .. })));
    assert!(matches!(refused(&ours), ProofProblem::AnotherCode { .. }));
    let two = parsed(fixture!("vehicle-with-two-names.crt"));
    let problem = check_proof_of_possession(&two, &parsed(fixture!("authority-rsa.crt")), VIN).expect_err("refused");
    assert!(
        matches!(&problem, ProofProblem::AnotherCode { common_name, .. } if common_name == "1HGCM82633A004353"),
        "{problem}"
    );
}

#[test]
fn a_certificate_names_its_vehicle_in_the_field_that_is_asked_for() {
    let certificate = parsed(fixture!("vehicle-of-rsa.crt"));
    assert_eq!(vehicle_named_by(&certificate, SubjectField::CommonName).as_deref(), Some(VIN));
    assert_eq!(vehicle_named_by(&certificate, SubjectField::SerialNumber).as_deref(), Some(VIN));
    let two = parsed(fixture!("vehicle-with-two-names.crt"));
    assert_eq!(vehicle_named_by(&two, SubjectField::CommonName), None);
    let key = KeyPair::generate().expect("a key");
    let by_name = |names: &[&str], field| {
        vehicle_named_by(&parsed(&named(names).self_signed(&key).expect("a certificate").pem()), field)
    };
    assert_eq!(by_name(&[" 1hg-cm8 "], SubjectField::CommonName).as_deref(), Some("1hg-cm8"));
    assert_eq!(by_name(&[VIN], SubjectField::SerialNumber), None);
    assert_eq!(by_name(&[], SubjectField::CommonName), None);
    assert_eq!(by_name(&["Vehicle_"], SubjectField::CommonName), None);
}

#[test]
fn a_key_of_another_kind_can_still_be_read_and_described() {
    let certificate = parsed(fixture!("ed25519.crt"));
    assert_eq!(certificate.key().to_string(), "Ed25519");
    assert_eq!(certificate.key().check(), Err(KeyProblem::Unsupported { name: "Ed25519".to_owned() }));
}
