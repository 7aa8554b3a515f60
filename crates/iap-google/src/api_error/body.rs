//! How is Google's error object read, whatever is wrong with it?
//!
//! [Google's page](https://cloud.google.com/apis/design/errors#http_mapping)

use iap_core::printable;
use serde::Deserialize;
use serde_json::Value;

use super::reason::ApiErrorReason;

/// What could be read of an error object.
#[derive(Debug, Default)]
pub(super) struct ErrorBody {
    pub(super) author: Author,
    /// The first reason; a canonical code stands in for a missing one.
    pub(super) reason: Option<ApiErrorReason>,
    /// The domain of that reason, such as `usageLimits`.
    pub(super) domain: Option<String>,
    pub(super) message: Option<String>,
    /// The reason of a `google.rpc.ErrorInfo` in the details, such as `SERVICE_DISABLED`.
    pub(super) error_info: Option<String>,
}

/// Who wrote an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Author {
    /// Google Play, as far as one can tell.
    GooglePlay,
    /// What stands in front of all of Google's APIs, about the call as such: Google Play has not seen
    /// it, so it says nothing about a purchase.
    Platform,
    /// Something on the way, or another API: there is no error object.
    #[default]
    SomebodyElse,
}

impl Author {
    /// The author of an error object. The platform names itself in the details, but not always.
    fn of(error_info: Option<&Value>, message: Option<&str>) -> Self {
        let domain = error_info.and_then(|it| it.get("domain")?.as_str());
        let message = message.unwrap_or_default().to_lowercase();
        let mentions = |words: &[&str]| words.iter().any(|word| message.contains(word));
        if domain == Some(PLATFORM_DOMAIN)
            || (mentions(&["method not found", "api key"]) && !mentions(&["token"]))
        {
            return Self::Platform;
        }
        Self::GooglePlay
    }
}

impl ErrorBody {
    /// Reads any body: one that is no error object (an HTML page, nothing, cut off) is empty.
    pub(super) fn read(body: &[u8]) -> Self {
        if body.len() > MAX_BODY_LENGTH {
            return Self::default();
        }
        let Ok(Value::Object(mut object)) = serde_json::from_slice(body) else {
            return Self::default();
        };
        // Some programs on the way take the outer object off.
        let inner = match object.remove("error") {
            Some(inner @ Value::Object(_)) => inner,
            Some(_) => return Self::default(),
            None if object.contains_key("errors") => Value::Object(object),
            None => return Self::default(),
        };
        let Ok(error) = ErrorObject::deserialize(inner) else {
            return Self::default();
        };
        let first = error.errors.get(0);
        let text = |member: &str| first.and_then(|it| it.get(member)?.as_str());
        let canonical = error.status.as_str();
        let details = error.details.as_array();
        let error_info = details.into_iter().flatten().find(|detail| {
            let kind = detail.get("@type").and_then(Value::as_str);
            kind.is_some_and(|kind| kind.ends_with("google.rpc.ErrorInfo"))
        });
        let message = error.message.as_str().or_else(|| text("message"));
        Self {
            author: Author::of(error_info, message),
            reason: text("reason")
                .and_then(printable)
                .map(ApiErrorReason::from)
                .or_else(|| ApiErrorReason::from_canonical_code(canonical?)),
            domain: text("domain").and_then(printable),
            message: message.and_then(printable),
            error_info: error_info
                .and_then(|it| it.get("reason")?.as_str())
                .and_then(printable),
        }
    }
}

/// The error object, with whatever types the members have.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ErrorObject {
    message: Value,
    status: Value,
    errors: Value,
    details: Value,
}

/// The `domain` of the reasons in <https://docs.cloud.google.com/service-infrastructure/docs/service-management/reference/rpc/google.api#errorreason>.
const PLATFORM_DOMAIN: &str = "googleapis.com";

/// Google's error objects have some hundred bytes; a page of a gateway is not worth parsing.
const MAX_BODY_LENGTH: usize = 64 * 1024;
