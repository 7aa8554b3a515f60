//! Which topic of Amazon's notification service a message came through, and where that service is.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>

use core::{fmt, str::FromStr};

use iap_core::shorten;

use super::config::ConfigurationError;

/// The name of a topic, for example `arn:aws:sns:us-east-1:123456789012:Example`.
///
/// Anybody can have a topic of their own and send genuinely signed messages through it: that a
/// message is from the Appstore, only its topic says. Amazon has one topic for each app. Take its
/// name from the Developer Console or from the first confirmation that you expect and look at.
///
/// ```
/// use iap_amazon::TopicArn;
///
/// let topic: TopicArn = "arn:aws:sns:us-east-1:123456789012:Example".parse()?;
/// assert_eq!(topic.region(), "us-east-1");
/// assert!("Example".parse::<TopicArn>().is_err());
/// # Ok::<(), iap_amazon::ConfigurationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicArn {
    text: String,
    region: String,
    host: String,
}

impl TopicArn {
    /// The name as Amazon writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The region that the topic is in, for example `us-east-1`.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The host of Amazon's notification service in the topic's region.
    pub(super) fn host(&self) -> &str {
        &self.host
    }
}

impl FromStr for TopicArn {
    type Err = ConfigurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<_> = text.split(':').collect();
        if let ["arn", partition, "sns", region, account, name] = parts[..]
            && partition.starts_with("aws")
            && is_made_of(partition, |byte| byte.is_ascii_lowercase() || byte == b'-')
            && region.len() >= MIN_REGION_LENGTH
            && is_made_of(region, |byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
            })
            && account.len() == ACCOUNT_LENGTH
            && is_made_of(account, |byte| byte.is_ascii_digit())
            && (1..=MAX_NAME_LENGTH).contains(&name.len())
            && is_made_of(name, |byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
            })
        {
            let domain = match partition {
                "aws-cn" => "amazonaws.com.cn",
                _ => "amazonaws.com",
            };
            return Ok(Self {
                text: text.to_owned(),
                region: region.to_owned(),
                host: format!("sns.{region}.{domain}"),
            });
        }
        Err(ConfigurationError::Topic {
            text: shorten(text),
        })
    }
}

impl fmt::Display for TopicArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn is_made_of(text: &str, is_allowed: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(is_allowed)
}

/// The same bound that hosts are held to.
const MIN_REGION_LENGTH: usize = 3;

/// AWS accounts are twelve digits.
const ACCOUNT_LENGTH: usize = 12;

/// What SNS allows.
const MAX_NAME_LENGTH: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_follows_from_region_and_partition() {
        for (text, host) in [
            (
                "arn:aws:sns:us-east-1:033616359524:LT0XA",
                "sns.us-east-1.amazonaws.com",
            ),
            (
                "arn:aws-cn:sns:cn-north-1:033616359524:a_b-c.fifo",
                "sns.cn-north-1.amazonaws.com.cn",
            ),
            (
                "arn:aws-us-gov:sns:us-gov-west-1:033616359524:x",
                "sns.us-gov-west-1.amazonaws.com",
            ),
        ] {
            assert_eq!(text.parse::<TopicArn>().unwrap().host(), host);
        }
    }

    #[test]
    fn what_is_no_name_of_a_topic_is_refused_at_once() {
        for text in [
            "",
            "LT0XA",
            "arn:aws:sns:us-east-1:033616359524",
            "arn:aws:sns:us-east-1:033616359524:LT0XA:subscription",
            "arn:aws:sqs:us-east-1:033616359524:LT0XA",
            "arn:evil:sns:us-east-1:033616359524:LT0XA",
            "arn:aws:sns:us.east:033616359524:LT0XA",
            "arn:aws:sns:x/y:033616359524:LT0XA",
            "arn:aws:sns::033616359524:LT0XA",
            "arn:aws:sns:us-east-1:0336:LT0XA",
            "arn:aws:sns:us-east-1:033616359524:",
            "arn:aws:sns:us-east-1:033616359524:*",
            "arn:aws:sns:us-east-1:033616359524:LT0XA\n",
            " arn:aws:sns:us-east-1:033616359524:LT0XA",
        ] {
            assert_eq!(
                text.parse::<TopicArn>(),
                Err(ConfigurationError::Topic {
                    text: text.to_owned()
                })
            );
        }
    }
}
