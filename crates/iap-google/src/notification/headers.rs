//! Which headers of a request count? The token, and what Pub/Sub tells about an unwrapped message.
//!
//! [Google's page](https://cloud.google.com/pubsub/docs/payload-unwrapping)

use core::fmt;

use iap_core::Timestamp;

use super::error::NotificationFailure;

/// The headers that count, each there at most once. None but the token is looked into yet.
pub(super) struct Headers {
    authorization: Option<Vec<u8>>,
    message_id: Option<Vec<u8>>,
    publish_time: Option<Vec<u8>>,
    subscription_name: Option<Vec<u8>>,
    ordering_key: Option<Vec<u8>>,
}

/// What the headers tell about a message.
#[derive(Default)]
pub(super) struct Metadata {
    pub(super) message_id: Option<String>,
    pub(super) publish_time: Option<Timestamp>,
    pub(super) subscription_name: Option<String>,
    pub(super) ordering_key: Option<String>,
}

impl Headers {
    /// Finds them, whatever the case of their names.
    ///
    /// 1. None is there more than once.
    /// 2. None is longer than it can be.
    pub(super) fn read<N: AsRef<str>, V: AsRef<[u8]>>(
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, NotificationFailure> {
        let mut values: [Option<Vec<u8>>; NAMES.len()] = Default::default();
        for (name, value) in headers {
            let is_name = |known: &&str| known.eq_ignore_ascii_case(name.as_ref());
            let Some(index) = NAMES.iter().position(is_name) else {
                continue;
            };
            let (Some(place), Some(name)) = (values.get_mut(index), NAMES.get(index)) else {
                continue;
            };
            // 1
            if place.is_some() {
                return Err(NotificationFailure::RepeatedHeader { name });
            }
            // 2
            let value = value.as_ref();
            if value.len() > MAX_HEADER_LENGTH {
                return Err(NotificationFailure::TooLong {
                    part: name,
                    found: value.len(),
                    limit: MAX_HEADER_LENGTH,
                });
            }
            *place = Some(value.to_vec());
        }
        let [
            authorization,
            message_id,
            publish_time,
            subscription_name,
            ordering_key,
        ] = values;
        Ok(Self {
            authorization,
            message_id,
            publish_time,
            subscription_name,
            ordering_key,
        })
    }

    /// The value of the Authorization header.
    pub(super) fn authorization(&self) -> Result<&[u8], NotificationFailure> {
        self.authorization
            .as_deref()
            .ok_or(NotificationFailure::Missing {
                member: AUTHORIZATION,
            })
    }

    /// What the headers of a request that has been authenticated tell about the message; `None` if
    /// there is none of them.
    pub(super) fn metadata(&self) -> Result<Option<Metadata>, NotificationFailure> {
        let metadata = [
            &self.message_id,
            &self.publish_time,
            &self.subscription_name,
            &self.ordering_key,
        ];
        if metadata.into_iter().all(Option::is_none) {
            return Ok(None);
        }
        Ok(Some(Metadata {
            message_id: text(MESSAGE_ID, &self.message_id)?,
            publish_time: text(PUBLISH_TIME, &self.publish_time)?
                .map(|time| time.parse())
                .transpose()
                .map_err(|error: iap_core::ParseTimestampError| unreadable(PUBLISH_TIME, &error))?,
            subscription_name: text(SUBSCRIPTION_NAME, &self.subscription_name)?,
            ordering_key: text(ORDERING_KEY, &self.ordering_key)?,
        }))
    }
}

fn text(
    name: &'static str,
    value: &Option<Vec<u8>>,
) -> Result<Option<String>, NotificationFailure> {
    let text = value
        .as_deref()
        .map(str::from_utf8)
        .transpose()
        .map_err(|error| unreadable(name, &error))?;
    Ok(text.filter(|text| !text.is_empty()).map(str::to_owned))
}

fn unreadable(name: &'static str, reason: &impl fmt::Display) -> NotificationFailure {
    NotificationFailure::Body {
        path: name.to_owned(),
        reason: reason.to_string(),
    }
}

const AUTHORIZATION: &str = "Authorization";
const MESSAGE_ID: &str = "x-goog-pubsub-message-id";
const PUBLISH_TIME: &str = "x-goog-pubsub-publish-time";
const SUBSCRIPTION_NAME: &str = "x-goog-pubsub-subscription-name";
const ORDERING_KEY: &str = "x-goog-pubsub-ordering-key";

/// In the order in which [`Headers::read`] takes them apart.
const NAMES: [&str; 5] = [
    AUTHORIZATION,
    MESSAGE_ID,
    PUBLISH_TIME,
    SUBSCRIPTION_NAME,
    ORDERING_KEY,
];

/// What servers let through; the token has a limit of its own below it.
const MAX_HEADER_LENGTH: usize = 16 * 1024;
