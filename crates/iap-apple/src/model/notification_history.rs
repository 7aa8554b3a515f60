//! Which notifications are asked for again, and did they reach your server?

use iap_core::{Timestamp, TransactionId, open_enum, option_millis};
use serde::{Deserialize, Serialize};

use super::{
    invalid::{InvalidRequest, checked_when_read},
    notification::{NotificationType, Subtype},
    wire,
};

/// Which notifications the Get Notification History endpoint lists.
///
/// Every page must be asked for with the same conditions as the first.
///
/// ```
/// use iap_apple::{NotificationFilter, NotificationHistoryRequest, NotificationType};
/// use iap_core::Timestamp;
///
/// let now = Timestamp::from_millis(1_790_000_000_000);
/// let missed = NotificationHistoryRequest::new(Timestamp::from_millis(1_789_900_000_000), now)?
///     .with_filter(NotificationFilter::Type(NotificationType::Refund))
///     .only_failures();
/// # let _ = missed;
/// # Ok::<(), iap_apple::InvalidRequest>(())
/// ```
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/notificationhistoryrequest)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct NotificationHistoryRequest {
    #[serde(with = "wire::millis")]
    start_date: Timestamp,
    #[serde(with = "wire::millis")]
    end_date: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notification_type: Option<NotificationType>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notification_subtype: Option<Subtype>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transaction_id: Option<TransactionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    only_failures: Option<bool>,
}

impl NotificationHistoryRequest {
    /// All notifications of a time: from `start_date`, at most 180 days ago, to `end_date`. Apple
    /// takes an end in the future as now.
    ///
    /// # Errors
    ///
    /// When the start is not before the end.
    pub fn new(start_date: Timestamp, end_date: Timestamp) -> Result<Self, InvalidRequest> {
        let request = Self {
            start_date,
            end_date,
            notification_type: None,
            notification_subtype: None,
            transaction_id: None,
            only_failures: None,
        };
        request.check()?;
        Ok(request)
    }

    /// Only those that `filter` names. There is one filter; a second replaces the first.
    pub fn with_filter(mut self, filter: NotificationFilter) -> Self {
        (
            self.transaction_id,
            self.notification_type,
            self.notification_subtype,
        ) = match filter {
            NotificationFilter::Transaction(id) => (Some(id), None, None),
            NotificationFilter::Type(kind) => (None, Some(kind), None),
            NotificationFilter::TypeAndSubtype(kind, subtype) => (None, Some(kind), Some(subtype)),
        };
        self
    }

    /// Only those that have not reached your server.
    pub const fn only_failures(mut self) -> Self {
        self.only_failures = Some(true);
        self
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        if self.start_date >= self.end_date {
            return Err(InvalidRequest::rule("startDate", "must be before endDate"));
        }
        if self.transaction_id.is_some() && self.notification_type.is_some() {
            let rule = "must be absent where notificationType is given";
            return Err(InvalidRequest::rule("transactionId", rule));
        }
        if self.notification_subtype.is_some() && self.notification_type.is_none() {
            let rule = "must be absent where notificationType is";
            return Err(InvalidRequest::rule("notificationSubtype", rule));
        }
        Ok(())
    }
}

checked_when_read!(NotificationHistoryRequest);

/// What a list of notifications is narrowed down to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotificationFilter {
    /// Those about the customer's purchase that this transaction belongs to.
    Transaction(TransactionId),
    /// Those of one type.
    Type(NotificationType),
    /// Those of one type and subtype.
    TypeAndSubtype(NotificationType, Subtype),
}

/// One page of notifications, as the Get Notification History endpoint answers.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/notificationhistoryresponse)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct NotificationHistoryResponse {
    /// Where this page ends; to be sent back for the next one. The last page has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagination_token: Option<String>,

    /// Whether there is another page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_more: Option<bool>,

    /// The notifications, the oldest first.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub notification_history: Vec<NotificationHistoryResponseItem>,
}

/// One notification, and how it fared on its way to your server.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/notificationhistoryresponseitem)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct NotificationHistoryResponseItem {
    /// The notification, a compact JWS whose payload is a [`Notification`](super::Notification).
    /// Not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_payload: Option<String>,

    /// Each attempt to deliver it; up to six.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub send_attempts: Vec<SendAttemptItem>,
}

/// One attempt to deliver a notification.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/sendattemptitem)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct SendAttemptItem {
    /// When it was made.
    #[serde(with = "option_millis", skip_serializing_if = "Option::is_none")]
    pub attempt_date: Option<Timestamp>,

    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_attempt_result: Option<SendAttemptResult>,
}

/// The answer of the Request a Test Notification endpoint.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/sendtestnotificationresponse)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct SendTestNotificationResponse {
    /// What to ask for the fate of the test notification with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_notification_token: Option<String>,
}

/// How a test notification fared, as the Get Test Notification Status endpoint answers.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/checktestnotificationresponse)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct CheckTestNotificationResponse {
    /// The notification, a compact JWS whose payload is a [`Notification`](super::Notification).
    /// Not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_payload: Option<String>,

    /// Each attempt to deliver it; up to six.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub send_attempts: Vec<SendAttemptItem>,
}

open_enum! {
    /// How an attempt to reach your server ended.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/sendattemptresult)
    pub enum SendAttemptResult: str {
        /// Your server redirects in a circle.
        CircularRedirect = "CIRCULAR_REDIRECT",
        /// Your server's answer could not be read.
        InvalidResponse = "INVALID_RESPONSE",
        /// Your server did not answer.
        NoResponse = "NO_RESPONSE",
        /// It failed for another reason.
        Other = "OTHER",
        /// Your server closed the connection before it had answered.
        PrematureClose = "PREMATURE_CLOSE",
        /// The network failed.
        SocketIssue = "SOCKET_ISSUE",
        /// Your server took it.
        Success = "SUCCESS",
        /// Your server took too long.
        TimedOut = "TIMED_OUT",
        /// The certificate or the TLS version of your server was refused.
        TlsIssue = "TLS_ISSUE",
        /// Your server answered with a status that is no success.
        UnsuccessfulHttpResponseCode = "UNSUCCESSFUL_HTTP_RESPONSE_CODE",
        /// Your server's answer names a character set that is not supported.
        UnsupportedCharset = "UNSUPPORTED_CHARSET",
    }
}
