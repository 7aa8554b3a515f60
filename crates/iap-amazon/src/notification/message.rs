//! What has been verified: an envelope, and the notification or confirmation in it.

use core::{fmt, ops::Deref};

use iap_core::{AppId, EndpointAnswer, EventId, Timestamp, shorten};

use super::{
    confirmation::Confirmation,
    envelope::{Content, Envelope},
    error::NotificationFailure,
    model::Notification,
    topic::TopicArn,
};

/// A message that is from the Amazon Appstore and for one of our apps.
///
/// ```
/// use iap_amazon::{NotificationFailure, NotificationVerifier, VerifiedMessage};
///
/// fn handle(verifier: &NotificationVerifier, body: &[u8]) -> Result<(), NotificationFailure> {
///     match verifier.verify(body)? {
///         VerifiedMessage::Notification(notification) => {
///             let event = notification.to_event();
///             println!("{}: {} of {:?}", event.id, event.kind, event.key); // ask the store about it
///         }
///         VerifiedMessage::Confirmation(confirmation) => {
///             println!("{} waits to be confirmed", confirmation.topic());
///         }
///         VerifiedMessage::Unsubscribed(unsubscribed) => {
///             eprintln!("no more notifications from {}!", unsubscribed.topic());
///         }
///         _ => {} // what Amazon may send tomorrow
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum VerifiedMessage {
    /// The topic asks to confirm that notifications may come here. Nothing has been confirmed: do so
    /// with [`Confirmation::confirm`], or enter its token in the Developer Console.
    Confirmation(Confirmation),
    /// Something happened to a purchase.
    Notification(VerifiedNotification),
    /// The endpoint has been unsubscribed: no notifications come any more. Alert the operator.
    Unsubscribed(Unsubscribed),
}

/// A notification that is from the Amazon Appstore and about one of our apps. Dereferences to the
/// notification.
#[derive(Clone, Debug)]
pub struct VerifiedNotification {
    envelope: VerifiedEnvelope,
    notification: Notification,
}

/// The endpoint has been unsubscribed from a topic.
#[derive(Clone, Debug)]
pub struct Unsubscribed {
    envelope: VerifiedEnvelope,
}

/// An envelope that Amazon's notification service signed, of an accepted topic.
///
/// What the message says has not been looked at.
#[derive(Clone)]
pub struct VerifiedEnvelope {
    message_id: EventId,
    topic: TopicArn,
    message: String,
    signed_at: Timestamp,
    content: Content,
}

/// The type of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageType {
    /// Something was published.
    Notification,
    /// A topic asks to confirm the subscription.
    SubscriptionConfirmation,
    /// The endpoint has been unsubscribed.
    UnsubscribeConfirmation,
}

impl VerifiedMessage {
    pub(super) fn read(
        envelope: VerifiedEnvelope,
        apps: &[AppId],
    ) -> Result<Self, NotificationFailure> {
        Ok(match envelope.content.clone() {
            Content::Notification { .. } => {
                Self::Notification(VerifiedNotification::read(envelope, apps)?)
            }
            Content::SubscriptionConfirmation(subscription) => {
                Self::Confirmation(Confirmation::new(envelope, subscription))
            }
            Content::UnsubscribeConfirmation(_) => Self::Unsubscribed(Unsubscribed { envelope }),
        })
    }

    /// The envelope that it came in.
    #[must_use]
    pub const fn envelope(&self) -> &VerifiedEnvelope {
        match self {
            Self::Confirmation(confirmation) => confirmation.envelope(),
            Self::Notification(notification) => &notification.envelope,
            Self::Unsubscribed(unsubscribed) => &unsubscribed.envelope,
        }
    }

    /// What to answer Amazon once the message has been handled or stored: that it has been taken,
    /// whatever it is. For a failure there is [`NotificationFailure::endpoint_answer`].
    #[must_use]
    pub const fn endpoint_answer(&self) -> EndpointAnswer {
        EndpointAnswer::Accept
    }
}

impl VerifiedNotification {
    /// Reads the message, now that it is known to be Amazon's.
    ///
    /// 1. It is the JSON of a notification. Members that this version does not know are ignored.
    /// 2. It is about one of `apps`.
    fn read(envelope: VerifiedEnvelope, apps: &[AppId]) -> Result<Self, NotificationFailure> {
        // 1
        let notification = Notification::read(&envelope.message)?;
        // 2
        let app = &notification.app_package_name;
        if !apps.contains(app) {
            return Err(NotificationFailure::App {
                expected: apps.iter().map(ToString::to_string).collect(),
                found: shorten(app),
            });
        }
        Ok(Self {
            envelope,
            notification,
        })
    }

    /// The envelope that it came in.
    #[must_use]
    pub const fn envelope(&self) -> &VerifiedEnvelope {
        &self.envelope
    }

    /// The notification itself.
    #[must_use]
    pub const fn notification(&self) -> &Notification {
        &self.notification
    }

    /// The JSON of the notification as Amazon signed it, with whatever this version does not know.
    #[must_use]
    pub fn json(&self) -> &str {
        self.envelope.message()
    }
}

impl Deref for VerifiedNotification {
    type Target = Notification;

    fn deref(&self) -> &Notification {
        &self.notification
    }
}

impl Unsubscribed {
    /// The topic that the endpoint no longer gets messages of.
    #[must_use]
    pub const fn topic(&self) -> &TopicArn {
        &self.envelope.topic
    }

    /// The envelope that it came in. Its address to subscribe again is not offered: find out first
    /// who unsubscribed you, and register the endpoint anew in the Developer Console.
    #[must_use]
    pub const fn envelope(&self) -> &VerifiedEnvelope {
        &self.envelope
    }
}

impl VerifiedEnvelope {
    /// Only for an envelope whose signature holds.
    pub(super) fn new(envelope: Envelope) -> Self {
        Self {
            message_id: envelope.message_id,
            topic: envelope.topic,
            message: envelope.message,
            signed_at: envelope.timestamp,
            content: envelope.content,
        }
    }

    /// The id of the message: the same for every delivery of it.
    #[must_use]
    pub const fn message_id(&self) -> &EventId {
        &self.message_id
    }

    /// The topic that it came through.
    #[must_use]
    pub const fn topic(&self) -> &TopicArn {
        &self.topic
    }

    /// When Amazon's notification service got and signed it.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.signed_at
    }

    /// The type of the message.
    #[must_use]
    pub const fn message_type(&self) -> MessageType {
        match self.content {
            Content::Notification { .. } => MessageType::Notification,
            Content::SubscriptionConfirmation(_) => MessageType::SubscriptionConfirmation,
            Content::UnsubscribeConfirmation(_) => MessageType::UnsubscribeConfirmation,
        }
    }

    /// The subject, which only notifications may have. The Appstore sends none.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        match &self.content {
            Content::Notification { subject } => subject.as_deref(),
            _ => None,
        }
    }

    /// The message: a notification's JSON, or a sentence about the subscription.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// Does not show the message, which may hold ids of customers and receipts.
impl fmt::Debug for VerifiedEnvelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedEnvelope")
            .field("message_type", &self.message_type())
            .field("message_id", &self.message_id)
            .field("topic", &self.topic)
            .field("signed_at", &self.signed_at)
            .finish_non_exhaustive()
    }
}
