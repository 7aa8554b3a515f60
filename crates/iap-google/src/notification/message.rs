//! What Pub/Sub puts around a notification: wrapped, unwrapped or pulled.
//!
//! [Push](https://cloud.google.com/pubsub/docs/push),
//! [unwrapping](https://cloud.google.com/pubsub/docs/payload-unwrapping),
//! [pull](https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions/pull)

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iap_core::{EventId, Timestamp, shorten};
use serde::Deserialize;

use super::{error::NotificationFailure, headers::Headers};
use crate::json::{JsonProblem, read_object};

/// A message of Pub/Sub, whose data is not part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PubsubMessage {
    /// Its id, the same for every delivery. `None` if Pub/Sub pushes unwrapped and without metadata.
    pub message_id: Option<EventId>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// The Pub/Sub subscription through which it came, `projects/{p}/subscriptions/{s}`; `None` if
    /// it was pulled, or pushed unwrapped and without metadata.
    pub subscription: Option<String>,
    /// Which delivery this is, from 1; only where the subscription has a dead-letter policy.
    pub delivery_attempt: Option<i64>,
    /// Its attributes. Google Play sets none.
    pub attributes: BTreeMap<String, String>,
    /// Its ordering key. Google Play sets none.
    pub ordering_key: Option<String>,
}

/// A message that was pulled; see [`NotificationReader`](super::NotificationReader).
#[derive(Clone, Debug)]
pub struct PulledMessage {
    ack_id: Option<String>,
    message: PubsubMessage,
    data: Data,
}

#[derive(Clone)]
enum Data {
    Bytes(Vec<u8>),
    Base64(Option<String>),
}

impl PulledMessage {
    /// A message that a client library of Pub/Sub pulled, with its data as bytes.
    #[must_use]
    pub fn new(message_id: impl Into<EventId>, data: impl Into<Vec<u8>>) -> Self {
        Self {
            ack_id: None,
            message: PubsubMessage {
                message_id: Some(message_id.into()),
                ..PubsubMessage::default()
            },
            data: Data::Bytes(data.into()),
        }
    }

    /// The messages in an answer of `subscriptions.pull`; there may be none.
    ///
    /// What is in each of them is not looked at yet, so that one that cannot be read does not hold
    /// up the others.
    ///
    /// # Errors
    ///
    /// [`NotificationFailure::TooLong`] and [`NotificationFailure::Body`].
    pub fn from_pull_response(body: impl AsRef<[u8]>) -> Result<Vec<Self>, NotificationFailure> {
        let body = body.as_ref();
        check_length(body, MAX_PULL_LENGTH)?;
        let response: PullResponse = read_object(body).map_err(body_failure)?;
        let messages = response.received_messages.unwrap_or_default();
        messages.into_iter().map(ReceivedMessage::read).collect()
    }

    /// What to acknowledge it with, once it has been handled; `None` if a client library pulled it.
    #[must_use]
    pub fn ack_id(&self) -> Option<&str> {
        self.ack_id.as_deref()
    }

    /// The message.
    #[must_use]
    pub const fn message(&self) -> &PubsubMessage {
        &self.message
    }

    pub(super) fn data(&self) -> Result<Vec<u8>, NotificationFailure> {
        match &self.data {
            Data::Bytes(bytes) => {
                check_length(bytes, MAX_BODY_LENGTH)?;
                Ok(bytes.clone())
            }
            Data::Base64(text) => decode(text.as_deref()),
        }
    }
}

impl core::fmt::Debug for Data {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let length = match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Base64(text) => text.as_ref().map_or(0, String::len),
        };
        write!(f, "{length} bytes")
    }
}

/// Reads the body of a request that has been authenticated: the message, and its data.
///
/// 1. The body is one JSON object without a member twice; its length has been checked.
/// 2. With the member `message` it is wrapped: the message has an id, in one spelling or the same in
///    both, and its data is strict standard base64.
/// 3. Headers about the message mean that it comes without a wrapper. So if there are any, what looks
///    like one may be data that somebody published to pass for another message: its id and
///    subscription must be those in the headers, which Pub/Sub wrote.
/// 4. Without `message` it is the data itself, and the headers tell about the message.
pub(super) fn read_push(
    headers: &Headers,
    body: &[u8],
) -> Result<(PubsubMessage, Vec<u8>), NotificationFailure> {
    // 1
    let push: PushBody = read_object(body).map_err(body_failure)?;
    let metadata = headers.metadata()?;
    // 2
    if let Some(message) = push.message {
        let data = decode(message.data.as_deref())?;
        let mut message = message.read()?;
        if message.message_id.is_none() {
            return Err(NotificationFailure::Missing {
                member: "messageId",
            });
        }
        message.subscription = push.subscription;
        message.delivery_attempt = push.delivery_attempt;
        // 3
        if let Some(metadata) = metadata {
            let id = message.message_id.as_ref().map(EventId::as_str);
            agree("messageId", metadata.message_id.as_deref(), id)?;
            let name = metadata.subscription_name.as_deref();
            agree("subscription", name, message.subscription.as_deref())?;
        }
        return Ok((message, data));
    }
    // 4
    let metadata = metadata.unwrap_or_default();
    let message = PubsubMessage {
        message_id: metadata.message_id.map(EventId::new),
        published_at: metadata.publish_time,
        subscription: metadata.subscription_name,
        ordering_key: metadata.ordering_key,
        ..PubsubMessage::default()
    };
    Ok((message, body.to_vec()))
}

pub(super) fn check_length(body: &[u8], limit: usize) -> Result<(), NotificationFailure> {
    if body.len() > limit {
        return Err(NotificationFailure::TooLong {
            part: "body",
            found: body.len(),
            limit,
        });
    }
    Ok(())
}

fn agree(
    member: &'static str,
    header: Option<&str>,
    body: Option<&str>,
) -> Result<(), NotificationFailure> {
    if header == body {
        return Ok(());
    }
    Err(NotificationFailure::Metadata {
        member,
        header: header.map(shorten),
        body: body.map(shorten),
    })
}

fn body_failure(problem: JsonProblem) -> NotificationFailure {
    NotificationFailure::Body {
        path: problem.path,
        reason: problem.reason,
    }
}

fn decode(data: Option<&str>) -> Result<Vec<u8>, NotificationFailure> {
    let data = data
        .filter(|data| !data.is_empty())
        .ok_or(NotificationFailure::NoData)?;
    STANDARD
        .decode(data)
        .map_err(|error| NotificationFailure::DataEncoding {
            reason: error.to_string(),
        })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PushBody {
    message: Option<WireMessage>,
    subscription: Option<String>,
    delivery_attempt: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullResponse {
    received_messages: Option<Vec<ReceivedMessage>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReceivedMessage {
    ack_id: Option<String>,
    message: Option<WireMessage>,
    delivery_attempt: Option<i64>,
}

/// A message as JSON. Pushed ones have two members in two spellings each.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMessage {
    data: Option<String>,
    message_id: Option<String>,
    #[serde(rename = "message_id")]
    message_id_too: Option<String>,
    publish_time: Option<Timestamp>,
    #[serde(rename = "publish_time")]
    publish_time_too: Option<Timestamp>,
    attributes: Option<BTreeMap<String, String>>,
    ordering_key: Option<String>,
}

impl WireMessage {
    fn read(self) -> Result<PubsubMessage, NotificationFailure> {
        let message_id = one_of_two("message.message_id", self.message_id, self.message_id_too)?;
        Ok(PubsubMessage {
            message_id: message_id.filter(|id| !id.is_empty()).map(EventId::new),
            published_at: one_of_two(
                "message.publish_time",
                self.publish_time,
                self.publish_time_too,
            )?,
            attributes: self.attributes.unwrap_or_default(),
            ordering_key: self.ordering_key.filter(|key| !key.is_empty()),
            ..PubsubMessage::default()
        })
    }
}

impl ReceivedMessage {
    fn read(self) -> Result<PulledMessage, NotificationFailure> {
        let mut message = self.message.unwrap_or_default();
        let data = Data::Base64(message.data.take());
        let mut message = message.read()?;
        message.delivery_attempt = self.delivery_attempt;
        Ok(PulledMessage {
            ack_id: self.ack_id,
            message,
            data,
        })
    }
}

fn one_of_two<T: PartialEq>(
    path: &'static str,
    first: Option<T>,
    second: Option<T>,
) -> Result<Option<T>, NotificationFailure> {
    match (first, second) {
        (Some(first), Some(second)) if first != second => Err(NotificationFailure::Body {
            path: path.to_owned(),
            reason: "not the same in both spellings".to_owned(),
        }),
        (first, second) => Ok(first.or(second)),
    }
}

/// A notification has about 1 kB, and Google Play sets no attributes.
pub(super) const MAX_BODY_LENGTH: usize = 64 * 1024;

/// 1000 messages, the most that one call returns, of several times the real size.
const MAX_PULL_LENGTH: usize = 8 * 1024 * 1024;
