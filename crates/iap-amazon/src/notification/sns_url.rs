//! Is this an address of Amazon's notification service? Judged on the parsed URL, never on its text.
//!
//! Whoever can make us fetch a certificate from elsewhere can sign anything; and an unsigned message
//! makes us fetch.

use core::fmt;

use iap_core::shorten;
use url::{Host, Url};

use super::{config::CertificateRegion, error::NotificationFailure, topic::TopicArn};

/// The address of a certificate that has passed every rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CertificateUrl(String);

impl CertificateUrl {
    /// Checks `SigningCertURL` of a message of `topic`.
    ///
    /// 1. It is https on a host of SNS, in the region of the topic unless any is accepted; see
    ///    [`parse`].
    /// 2. The path is that of a file ending in `.pem`, and there is no query: a call of the service
    ///    is none.
    pub(super) fn check(
        text: &str,
        topic: &TopicArn,
        region: CertificateRegion,
    ) -> Result<Self, NotificationFailure> {
        let check = || {
            // 1
            let url = parse(text)?;
            if region == CertificateRegion::SameAsTopic {
                check_region(&url, topic)?;
            }
            // 2
            Self::of_file(url)
        };
        check().map_err(|problem| NotificationFailure::CertificateUrl {
            problem,
            found: shorten(text),
        })
    }

    /// Checks an address by itself; which region it may be in, only a message tells.
    pub(super) fn in_any_region(text: &str) -> Result<Self, UrlProblem> {
        Self::of_file(parse(text)?)
    }

    fn of_file(url: Url) -> Result<Self, UrlProblem> {
        if !url.path().ends_with(".pem") {
            return Err(UrlProblem::Path);
        }
        if url.query().is_some() {
            return Err(UrlProblem::Query);
        }
        Ok(Self(url.into()))
    }

    #[cfg(any(feature = "client", test))]
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Parses an address of SNS.
///
/// 1. It is not longer than any real one.
/// 2. It is a URL, with the scheme https, without user name, password, port and fragment.
/// 3. The host is `sns.<region>.amazonaws.com`, or the same under `.com.cn`. Anybody can have hosts
///    that end in `amazonaws.com`, such as buckets; nobody else has one of this form.
/// 4. The text is the URL as a parser writes it. Where a parser has to repair something, such as a
///    backslash or a line break, another one may see another host.
pub(super) fn parse(text: &str) -> Result<Url, UrlProblem> {
    // 1
    if text.len() > MAX_URL_LENGTH {
        return Err(UrlProblem::TooLong);
    }
    // 2
    let url = Url::parse(text).map_err(|error| UrlProblem::NotAUrl {
        reason: error.to_string(),
    })?;
    if url.scheme() != "https" {
        return Err(UrlProblem::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlProblem::UserInfo);
    }
    if url.port().is_some() {
        return Err(UrlProblem::Port);
    }
    if url.fragment().is_some() {
        return Err(UrlProblem::Fragment);
    }
    // 3
    if !is_sns(&url) {
        return Err(UrlProblem::Host);
    }
    // 4
    if url.as_str() != text {
        return Err(UrlProblem::NotCanonical);
    }
    Ok(url)
}

/// Checks that the host is that of SNS where the topic is.
pub(super) fn check_region(url: &Url, topic: &TopicArn) -> Result<(), UrlProblem> {
    if url.host_str() == Some(topic.host()) {
        return Ok(());
    }
    Err(UrlProblem::Region {
        expected: topic.host().to_owned(),
    })
}

fn is_sns(url: &Url) -> bool {
    let Some(Host::Domain(host)) = url.host() else {
        return false;
    };
    let region = host.strip_prefix("sns.").and_then(|rest| {
        rest.strip_suffix(".amazonaws.com")
            .or_else(|| rest.strip_suffix(".amazonaws.com.cn"))
    });
    region.is_some_and(|region| {
        region.len() >= MIN_REGION_LENGTH
            && region
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

/// The rule that an address breaks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlProblem {
    /// It has a part after `#`.
    Fragment,
    /// The host is none of Amazon's notification service.
    Host,
    /// It is no URL.
    NotAUrl {
        /// What is wrong with it.
        reason: String,
    },
    /// It is not written as a parser of URLs writes it.
    NotCanonical,
    /// A parameter of the query is not the one that a confirmation needs.
    Parameter {
        /// The parameter, for example `Action`.
        name: &'static str,
    },
    /// The path is not the one that is expected: a file `.pem` for a certificate, `/` for a call.
    Path,
    /// It names a port.
    Port,
    /// It has a query, or none where one is needed.
    Query,
    /// The host is in another region than the topic.
    Region {
        /// The host of the topic's region.
        expected: String,
    },
    /// The scheme is not https.
    Scheme,
    /// It is longer than any real one.
    TooLong,
    /// It has a user name or a password.
    UserInfo,
}

impl fmt::Display for UrlProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fragment => "it has a fragment",
            Self::Host => "the host is none of Amazon's notification service",
            Self::NotAUrl { reason } => return write!(f, "it is no URL: {reason}"),
            Self::NotCanonical => "it is not written as a parser of URLs writes it",
            Self::Parameter { name } => {
                return write!(f, "the parameter {name} is not the one expected, once");
            }
            Self::Path => "the path is not the one expected",
            Self::Port => "it names a port",
            Self::Query => "the query is not the one expected",
            Self::Region { expected } => {
                return write!(
                    f,
                    "the topic is in another region, whose host is {expected}"
                );
            }
            Self::Scheme => "the scheme is not https",
            Self::TooLong => "it is longer than any real one",
            Self::UserInfo => "it has a user name or a password",
        })
    }
}

/// Real addresses have 100 characters, those with a token 500. It is also what memories of
/// certificates keep, so the bound is a bound on memory.
const MAX_URL_LENGTH: usize = 2048;

/// The rule of AWS's own validators.
const MIN_REGION_LENGTH: usize = 3;
