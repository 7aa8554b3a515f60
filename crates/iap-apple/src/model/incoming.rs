//! What does Apple post to your server?

use serde::{Deserialize, Serialize};

/// The body that Apple posts to your notification URL.
///
/// Verify it as a whole, from its bytes, with
/// [`verify_notification_body`](crate::SignedDataVerifier::verify_notification_body), or the text in
/// it with [`verify_notification`](crate::SignedDataVerifier::verify_notification).
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreservernotifications/responsebodyv2)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ResponseBodyV2 {
    /// The notification, a compact JWS whose payload is a [`Notification`](super::Notification).
    /// Not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_payload: Option<String>,
}

/// The body that Apple posts to your realtime URL when a customer is about to cancel.
///
/// Verify the text in it with
/// [`verify_realtime_request`](crate::SignedDataVerifier::verify_realtime_request), and answer with
/// a [`RealtimeResponseBody`](super::RealtimeResponseBody).
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/realtimerequestbody)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct RealtimeRequestBody {
    /// The question, a compact JWS whose payload is a [`RealtimeRequest`](super::RealtimeRequest).
    /// Not verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_payload: Option<String>,
}
