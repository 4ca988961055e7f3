//! Against the vectors that AWS publishes: its Signature Version 4 test suite, and the examples of the S3 manual.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::host::{Host, HostPattern};
use crate::secrets::{AccessKeyId, Secret, Value};
use proptest::prelude::*;

const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

struct Example {
    id: &'static str,
    key: &'static str,
    scope: &'static str,
    signed: &'static str,
}

const SUITE: Example = Example {
    id: "AKIDEXAMPLE",
    key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    scope: "20150830/us-east-1/service/aws4_request",
    signed: "host;x-amz-date",
};
const S3: Example = Example {
    id: "AKIAIOSFODNN7EXAMPLE",
    key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    scope: "20130524/us-east-1/s3/aws4_request",
    signed: "host;range;x-amz-content-sha256;x-amz-date",
};

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect()
}

/// The signature of a request with an example's key.
fn signature(example: &Example, method: &str, target: &str, pairs: &[(&str, &str)], body: &[u8]) -> String {
    let value = format!("{ALGORITHM} Credential={}/{}, SignedHeaders={}, Signature=0", example.id, example.scope, example.signed);
    let fields = fields(pairs);
    let pair = Pair { name: "x", id: b"", key: b"", placeholder_key: b"" };
    let payload = Payload::Body;
    let found = Found { pair, stated: stated(&value).unwrap(), target, original: &fields, payload };
    found.signature(method, &fields, &digest_hex(body), example.key.as_bytes()).unwrap()
}

#[test]
fn the_test_suites_requests_have_its_signatures() {
    let plain = [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")];
    let is = |method: &str, target: &str, expected: &str| {
        assert_eq!(signature(&SUITE, method, target, &plain, b""), expected, "{method} {target}");
    };
    let vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    for target in ["/", "/example/..", "//", "/./", "/example1/example2/../.."] {
        is("GET", target, vanilla);
    }
    is("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    is("GET", "/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
    is("POST", "/?Param1=value1", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11");
}

#[test]
fn headers_are_joined_and_squeezed() {
    let example = Example { signed: "host;my-header1;my-header2;x-amz-date", ..SUITE };
    let trimmed = [
        ("Host", "example.amazonaws.com"),
        ("My-Header1", "value1"),
        ("My-Header2", "\"a   b   c\""),
        ("X-Amz-Date", "20150830T123600Z"),
    ];
    assert_eq!(
        signature(&example, "GET", "/", &trimmed, b""),
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
    );
    let example = Example { signed: "host;my-header1;x-amz-date", ..SUITE };
    let doubled = [
        ("Host", "example.amazonaws.com"),
        ("My-Header1", "value2"),
        ("My-Header1", "value2"),
        ("My-Header1", "value1"),
        ("X-Amz-Date", "20150830T123600Z"),
    ];
    assert_eq!(
        signature(&example, "GET", "/", &doubled, b""),
        "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"
    );
}

#[test]
fn a_form_is_signed_with_its_body() {
    let example = Example { signed: "content-type;host;x-amz-date", ..SUITE };
    let form = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Host", "example.amazonaws.com"),
        ("X-Amz-Date", "20150830T123600Z"),
    ];
    assert_eq!(
        signature(&example, "POST", "/", &form, b"Param1=value1"),
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
    );
}

#[test]
fn the_s3_manuals_get_object() {
    let pairs = [
        ("Host", "examplebucket.s3.amazonaws.com"),
        ("Range", "bytes=0-9"),
        ("x-amz-content-sha256", EMPTY),
        ("x-amz-date", "20130524T000000Z"),
    ];
    assert_eq!(
        signature(&S3, "GET", "/test.txt", &pairs, b""),
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    );
    let lifecycle = Example { signed: "host;x-amz-content-sha256;x-amz-date", ..S3 };
    assert_eq!(
        signature(&lifecycle, "GET", "/?lifecycle", &pairs, b""),
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
    );
}

const PLACEHOLDER_ID: &str = "AKIAQQQQQQQQQQQQQQQQ";
const PLACEHOLDER_KEY: &str = "aaaaaaaaaaaaa/aaaaaaa/aaaaaaaaaaaaaaaaaa";

fn secrets() -> Secrets {
    let secret = Secret {
        name: "aws".to_owned(),
        placeholder: PLACEHOLDER_KEY.to_owned(),
        value: Value::new(S3.key),
        hosts: vec![HostPattern::parse("*.s3.amazonaws.com").unwrap()],
        slots: vec![crate::secrets::Slot::Any],
        cleartext: false,
        aws: Some(AccessKeyId { placeholder: PLACEHOLDER_ID.to_owned(), value: Value::new(S3.id) }),
    };
    Secrets::new(vec![secret]).unwrap()
}

fn signed_with_placeholders() -> Fields {
    let mut pairs = vec![
        ("Host", "examplebucket.s3.amazonaws.com"),
        ("Range", "bytes=0-9"),
        ("x-amz-content-sha256", EMPTY),
        ("x-amz-date", "20130524T000000Z"),
    ];
    let example = Example { id: PLACEHOLDER_ID, key: PLACEHOLDER_KEY, ..S3 };
    let signature = signature(&example, "GET", "/test.txt", &pairs, b"");
    let value =
        format!("{ALGORITHM} Credential={PLACEHOLDER_ID}/{}, SignedHeaders={}, Signature={signature}", S3.scope, S3.signed);
    pairs.push(("Authorization", &value));
    fields(&pairs)
}

#[test]
fn a_request_signed_with_placeholders_leaves_as_the_manual_says() {
    let (secrets, original) = (secrets(), signed_with_placeholders());
    let host = Host::parse("examplebucket.s3.amazonaws.com").unwrap();
    let to = To { host: &host, port: 443, encrypted: true };
    let found = Found::of(&secrets, &original, "/test.txt", to).unwrap().unwrap();
    assert!(!found.covers_body());
    let mut leaving = original.clone();
    found.sign("GET", &mut leaving, None).unwrap();
    let value = head::value(&leaving, "authorization").unwrap().unwrap();
    assert_eq!(
        String::from_utf8_lossy(value),
        format!(
            "{ALGORITHM} Credential={}/{}, SignedHeaders={}, \
             Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            S3.id, S3.scope, S3.signed
        )
    );
}

#[test]
fn a_wrong_signature_is_not_made_right() {
    let (secrets, original) = (secrets(), signed_with_placeholders());
    let host = Host::parse("examplebucket.s3.amazonaws.com").unwrap();
    let to = To { host: &host, port: 443, encrypted: true };
    let found = Found::of(&secrets, &original, "/other.txt", to).unwrap().unwrap();
    assert!(found.sign("GET", &mut original.clone(), None).is_err());
    let found = Found::of(&secrets, &original, "/test.txt", to).unwrap().unwrap();
    assert!(found.sign("PUT", &mut original.clone(), None).is_err());
}

#[test]
fn another_host_gets_no_signature() {
    let (secrets, original) = (secrets(), signed_with_placeholders());
    let host = Host::parse("s3.example").unwrap();
    for encrypted in [true, false] {
        assert!(Found::of(&secrets, &original, "/test.txt", To { host: &host, port: 443, encrypted }).unwrap().is_none());
    }
    let host = Host::parse("examplebucket.s3.amazonaws.com").unwrap();
    assert!(Found::of(&secrets, &original, "/test.txt", To { host: &host, port: 80, encrypted: false }).unwrap().is_none());
}

#[test]
fn signed_chunks_are_refused() {
    let (secrets, mut original) = (secrets(), signed_with_placeholders());
    for (_, value) in original.iter_mut().filter(|(name, _)| name == "x-amz-content-sha256") {
        *value = b"STREAMING-AWS4-HMAC-SHA256-PAYLOAD".to_vec();
    }
    let host = Host::parse("examplebucket.s3.amazonaws.com").unwrap();
    assert!(Found::of(&secrets, &original, "/test.txt", To { host: &host, port: 443, encrypted: true }).is_err());
}

proptest! {
    #[test]
    fn any_authorization_is_read_or_not(text in "\\PC{0,60}", target in "/[ -~]{0,40}") {
        let _ = stated(&format!("{ALGORITHM} {text}"));
        let _ = canonical_query(&target);
        let path = canonical_path(&target, true);
        prop_assert_eq!(canonical_path(&path, true), path);
        let once = canonical_path(&target, false);
        prop_assert!(once.starts_with('/') && once.is_ascii());
    }
}
