//! Which addresses a certificate may be fetched from: one form, and nothing that resembles it.

use super::{SIGNER, changed, message};
use crate::notification::{
    CertificateRegion, ConfigurationError, NotificationFailure, UrlProblem, sns_url::CertificateUrl,
};

fn problem(url: &str) -> Result<(), UrlProblem> {
    let topic = super::TOPIC.parse().unwrap();
    match CertificateUrl::check(url, &topic, CertificateRegion::SameAsTopic) {
        Ok(checked) => {
            assert_eq!(checked.as_str(), url, "what was checked is what is fetched");
            Ok(())
        }
        Err(NotificationFailure::CertificateUrl { problem, .. }) => Err(problem),
        Err(other) => panic!("{other}"),
    }
}

/// Every one of these has led some verifier, or could lead one, to somebody else's certificate.
#[test]
fn every_trick_is_refused_by_the_rule_against_it() {
    use UrlProblem as P;
    let region = || P::Region {
        expected: "sns.us-east-1.amazonaws.com".to_owned(),
    };
    let tricks = [
        // Hosts that resemble the right one.
        ("https://example.com/a.pem", P::Host),
        (
            "https://sns.us-east-1.amazonaws.com.example.com/a.pem",
            P::Host,
        ),
        (
            "https://sns.us-east-1.amazonaws.com.cn.example.com/a.pem",
            P::Host,
        ),
        (
            "https://example.com/sns.us-east-1.amazonaws.com/a.pem",
            P::Host,
        ),
        ("https://amazonaws.com/a.pem", P::Host),
        ("https://sns.amazonaws.com/a.pem", P::Host),
        ("https://sns..amazonaws.com/a.pem", P::Host),
        ("https://sns.us.amazonaws.com/a.pem", P::Host),
        ("https://sns.us-east-1.amazonaws.co/a.pem", P::Host),
        ("https://sns.us-east-1.amazonaws.org/a.pem", P::Host),
        ("https://sns.us-east-1.amazonaws.com.de/a.pem", P::Host),
        ("https://sns.us-east-1.amazonaws.com./a.pem", P::Host),
        ("https://sns.us-east-1xamazonaws.com/a.pem", P::Host),
        ("https://snsxus-east-1.amazonaws.com/a.pem", P::Host),
        ("https://xsns.us-east-1.amazonaws.com/a.pem", P::Host),
        ("https://evil.sns.us-east-1.amazonaws.com/a.pem", P::Host),
        ("https://sns.evil.us-east-1.amazonaws.com/a.pem", P::Host),
        ("https://sns_us-east-1.amazonaws.com/a.pem", P::Host),
        ("https://sns.us_east_1.amazonaws.com/a.pem", P::Host),
        ("https://sns.us-east-1.api.aws/a.pem", P::Host),
        // Hosts of AWS that anybody can have.
        (
            "https://s3.amazonaws.com/sns.us-east-1.amazonaws.com/a.pem",
            P::Host,
        ),
        ("https://sns.s3.amazonaws.com/a.pem", P::Host),
        ("https://sns.bucket.amazonaws.com/a.pem", region()),
        ("https://sns.us-east-1.s3.amazonaws.com/a.pem", P::Host),
        ("https://sns-us-east-1.s3.amazonaws.com/a.pem", P::Host),
        (
            "https://sns.us-east-1.amazonaws.com.s3.amazonaws.com/a.pem",
            P::Host,
        ),
        ("https://sns.us-east-1.elb.amazonaws.com/a.pem", P::Host),
        (
            "https://sns.execute-api.us-east-1.amazonaws.com/a.pem",
            P::Host,
        ),
        ("https://sqs.us-east-1.amazonaws.com/a.pem", P::Host),
        // Addresses instead of names.
        ("https://127.0.0.1/a.pem", P::Host),
        ("https://169.254.169.254/latest/meta-data/a.pem", P::Host),
        ("https://[::1]/a.pem", P::Host),
        ("https://localhost/a.pem", P::Host),
        ("https://metadata.google.internal/a.pem", P::Host),
        ("https://0x7f.1/a.pem", P::Host),
        // Another region.
        ("https://sns.eu-west-1.amazonaws.com/a.pem", region()),
        ("https://sns.us-east-1.amazonaws.com.cn/a.pem", region()),
        ("https://sns.us-east-11.amazonaws.com/a.pem", region()),
        // User names.
        (
            "https://sns.us-east-1.amazonaws.com@example.com/a.pem",
            P::UserInfo,
        ),
        (
            "https://sns.us-east-1.amazonaws.com:443@example.com/a.pem",
            P::UserInfo,
        ),
        (
            "https://sns.us-east-1.amazonaws.com%2f@example.com/a.pem",
            P::UserInfo,
        ),
        (
            "https://user@sns.us-east-1.amazonaws.com/a.pem",
            P::UserInfo,
        ),
        (
            "https://:password@sns.us-east-1.amazonaws.com/a.pem",
            P::UserInfo,
        ),
        // An empty user name is left out by the parser, and may stay in another one.
        (
            "https://@sns.us-east-1.amazonaws.com/a.pem",
            P::NotCanonical,
        ),
        (
            "https://:@sns.us-east-1.amazonaws.com/a.pem",
            P::NotCanonical,
        ),
        // Where parsers differ.
        (
            "https://example.com\\@sns.us-east-1.amazonaws.com/a.pem",
            P::Host,
        ),
        (
            "https://sns.us-east-1.amazonaws.com\\@example.com/a.pem",
            P::NotCanonical,
        ),
        (
            "https://sns.us-east-1.amazonaws.com\\.example.com/a.pem",
            P::NotCanonical,
        ),
        (
            "https:\\\\sns.us-east-1.amazonaws.com/a.pem",
            P::NotCanonical,
        ),
        ("https:/sns.us-east-1.amazonaws.com/a.pem", P::NotCanonical),
        ("https:sns.us-east-1.amazonaws.com/a.pem", P::NotCanonical),
        (
            "https:///sns.us-east-1.amazonaws.com/a.pem",
            P::NotCanonical,
        ),
        (
            " https://sns.us-east-1.amazonaws.com/a.pem",
            P::NotCanonical,
        ),
        (
            "https://sns.us-east-1.amazonaws.com/a.pem\n",
            P::NotCanonical,
        ),
        (
            "https://sns.us-east-1.amazo\nnaws.com/a.pem",
            P::NotCanonical,
        ),
        (
            "https://sns.us-east-1.amazonaws.com/a\t.pem",
            P::NotCanonical,
        ),
        (
            "https://sns.us-east-1.amazonaws.com/a.pem\u{0}",
            P::NotCanonical,
        ),
        ("https://SNS.us-east-1.amazonaws.com/a.pem", P::NotCanonical),
        (
            "https://sns.us-east-1.amazonaws.com:443/a.pem",
            P::NotCanonical,
        ),
        (
            "https://sns.us-east-1.amazonaws.com:/a.pem",
            P::NotCanonical,
        ),
        (
            "https://sns.us-east-1.amazonaws.com/../a.pem",
            P::NotCanonical,
        ),
        (
            "https://sns.us-east-1.amazonaws.com/%2e%2e/a.pem",
            P::NotCanonical,
        ),
        (
            "https://%73ns.us-east-1.amazonaws.com/a.pem",
            P::NotCanonical,
        ),
        (
            "https://sns.us-east-1.amazonaws\u{3002}com/a.pem",
            P::NotCanonical,
        ),
        (
            "https://\u{ff53}ns.us-east-1.amazonaws.com/a.pem",
            P::NotCanonical,
        ),
        (
            "https://sns.us-east-1.am\u{ad}azonaws.com/a.pem",
            P::NotCanonical,
        ),
        ("https://sns.us-east-1.\u{430}mazonaws.com/a.pem", P::Host),
        ("HTTPS://sns.us-east-1.amazonaws.com/a.pem", P::NotCanonical),
        // Other schemes and ports.
        ("http://sns.us-east-1.amazonaws.com/a.pem", P::Scheme),
        ("ftp://sns.us-east-1.amazonaws.com/a.pem", P::Scheme),
        ("file:///etc/ssl/a.pem", P::Scheme),
        ("data:text/plain,a.pem", P::Scheme),
        ("javascript:a.pem", P::Scheme),
        ("https://sns.us-east-1.amazonaws.com:8443/a.pem", P::Port),
        ("https://sns.us-east-1.amazonaws.com:80/a.pem", P::Port),
        // What is no file, but a call of the service.
        ("https://sns.us-east-1.amazonaws.com/", P::Path),
        ("https://sns.us-east-1.amazonaws.com/a.pem/", P::Path),
        ("https://sns.us-east-1.amazonaws.com/a.PEM", P::Path),
        ("https://sns.us-east-1.amazonaws.com/a.pem.txt", P::Path),
        ("https://sns.us-east-1.amazonaws.com/?a=/a.pem", P::Path),
        ("https://sns.us-east-1.amazonaws.com/a.pem?", P::Query),
        (
            "https://sns.us-east-1.amazonaws.com/a.pem?Action=Publish",
            P::Query,
        ),
        ("https://sns.us-east-1.amazonaws.com/a.pem#", P::Fragment),
        (
            "https://example.com/#@sns.us-east-1.amazonaws.com/a.pem",
            P::Fragment,
        ),
        (
            "https://example.com/?@sns.us-east-1.amazonaws.com/a.pem",
            P::Host,
        ),
    ];
    for (url, expected) in tricks {
        assert_eq!(problem(url), Err(expected), "{url:?}");
    }
    for url in [
        "",
        "a.pem",
        "//sns.us-east-1.amazonaws.com/a.pem",
        "https://",
        "https://\u{0}/a.pem",
    ] {
        assert!(
            matches!(problem(url), Err(UrlProblem::NotAUrl { .. })),
            "{url:?}"
        );
    }
    let long = format!(
        "https://sns.us-east-1.amazonaws.com/{}.pem",
        "a".repeat(3000)
    );
    assert_eq!(problem(&long), Err(UrlProblem::TooLong));
}

#[test]
fn the_addresses_that_amazon_uses_are_accepted() {
    for url in [
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-a86cb10b4e1f29c941702d737128f7b6.pem",
        "https://sns.us-east-1.amazonaws.com/a.pem",
    ] {
        assert_eq!(problem(url), Ok(()), "{url}");
    }
    for (topic, url) in [
        (
            "arn:aws-cn:sns:cn-north-1:123456789012:T",
            "https://sns.cn-north-1.amazonaws.com.cn/a.pem",
        ),
        (
            "arn:aws:sns:eu-west-1:123456789012:T",
            "https://sns.eu-west-1.amazonaws.com/a.pem",
        ),
    ] {
        let topic = topic.parse().unwrap();
        CertificateUrl::check(url, &topic, CertificateRegion::SameAsTopic).unwrap();
    }
}

#[test]
fn any_region_is_accepted_only_if_that_is_chosen_and_then_nothing_else_is() {
    let topic = super::TOPIC.parse().unwrap();
    let check = |url| CertificateUrl::check(url, &topic, CertificateRegion::Any).is_ok();
    assert!(check("https://sns.eu-west-1.amazonaws.com/a.pem"));
    assert!(check("https://sns.cn-north-1.amazonaws.com.cn/a.pem"));
    assert!(!check("https://sqs.eu-west-1.amazonaws.com/a.pem"));
    assert!(!check(
        "https://sns.eu-west-1.amazonaws.com.example.com/a.pem"
    ));
    assert!(!check("http://sns.eu-west-1.amazonaws.com/a.pem"));
}

#[test]
fn a_trick_is_refused_even_where_the_certificate_was_supplied() {
    let body = message().sign(&SIGNER);
    let url = SIGNER.certificate_url().replace("https://", "https://@");
    let body = changed(&body, |body| body["SigningCertURL"] = url.as_str().into());
    assert_eq!(super::failure(body).check(), "certificate_url");
    let supplied = super::builder().certificate(url, SIGNER.certificate_pem());
    assert!(matches!(
        supplied.build(),
        Err(ConfigurationError::Certificate { .. })
    ));
}
