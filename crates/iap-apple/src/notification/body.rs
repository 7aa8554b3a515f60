//! Which signed payload is in the body that Apple posts to a notification URL?
//!
//! <https://developer.apple.com/documentation/appstoreservernotifications/responsebodyv2>

use core::fmt;
use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer as _,
    de::{IgnoredAny, MapAccess, Visitor},
};
use thiserror::Error as ThisError;

use crate::{
    error::{VerificationFailure, shorten},
    jws::MAX_JWS_LENGTH,
};

/// What is wrong with the body of a notification. Repeats nothing of what the body holds.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum BodyProblem {
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// It is not one JSON object.
    #[error("not a JSON object: {reason}")]
    Json {
        /// What is wrong with it, and where.
        reason: String,
    },
    /// It has no `signedPayload`.
    #[error("it has no signedPayload")]
    Missing,
    /// Its `signedPayload` is no text.
    #[error("its signedPayload is no text")]
    NotText,
    /// It has more than one `signedPayload`: of two values neither can be relied on.
    #[error("it has more than one signedPayload")]
    Repeated,
    /// It is a notification of version 1, which Apple does not sign.
    #[error(
        "it is a version 1 notification, which nobody signs: choose version 2 in App Store Connect"
    )]
    Version1,
}

/// Finds the signed payload in the body of a request.
///
/// 1. The body is of bounded length.
/// 2. It is one JSON object, and nothing after it.
/// 3. It has one `signedPayload`, which is a text. Other members are not looked at.
pub(crate) fn signed_payload(body: &[u8]) -> Result<Cow<'_, str>, VerificationFailure> {
    // 1
    if body.len() > MAX_NOTIFICATION_BODY_LENGTH {
        return Err(VerificationFailure::TooLong {
            found: body.len(),
            limit: MAX_NOTIFICATION_BODY_LENGTH,
        });
    }
    // 2
    let members = Members::read(body)?;
    // 3
    Err(match members {
        Members {
            count: 1,
            signed_payload: Some(signed_payload),
            ..
        } => return Ok(signed_payload),
        Members { count: 1, .. } => BodyProblem::NotText,
        Members {
            count: 0,
            is_version_1: true,
            ..
        } => BodyProblem::Version1,
        Members { count: 0, .. } => BodyProblem::Missing,
        _ => BodyProblem::Repeated,
    }
    .into())
}

/// What matters of the members of a body.
#[derive(Default)]
struct Members<'a> {
    /// How many are named `signedPayload`.
    count: usize,
    /// The last of these, if it is a text.
    signed_payload: Option<Cow<'a, str>>,
    /// Whether there is a member that every notification of version 1 has.
    is_version_1: bool,
}

impl<'a> Members<'a> {
    fn read(body: &'a [u8]) -> Result<Self, BodyProblem> {
        match body.trim_ascii_start().first() {
            Some(b'{') => {}
            None => return Err(BodyProblem::Empty),
            // Left to serde, other JSON would be repeated in the error.
            Some(_) => {
                return Err(BodyProblem::Json {
                    reason: "it does not begin with {".to_owned(),
                });
            }
        }
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        deserializer
            .deserialize_map(MembersVisitor)
            .and_then(|members| deserializer.end().map(|()| members))
            .map_err(|error| BodyProblem::Json {
                reason: shorten(&error),
            })
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Members::default();
        while let Some(Name(name)) = map.next_key()? {
            match name.as_ref() {
                SIGNED_PAYLOAD => {
                    members.count = members.count.saturating_add(1);
                    members.signed_payload = match map.next_value()? {
                        Member::Text(text) => Some(text),
                        Member::Other(_) => None,
                    };
                }
                name => {
                    members.is_version_1 |= MEMBERS_OF_VERSION_1.contains(&name);
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(members)
    }
}

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Member<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Other(IgnoredAny),
}

const SIGNED_PAYLOAD: &str = "signedPayload";

/// <https://developer.apple.com/documentation/appstoreservernotifications/responsebodyv1>
const MEMBERS_OF_VERSION_1: [&str; 2] = ["notification_type", "unified_receipt"];

/// How many bytes of a notification's body are read at most: the longest signed payload that is
/// verified, and some JSON around it. Let your server refuse longer bodies before it reads them.
pub const MAX_NOTIFICATION_BODY_LENGTH: usize = MAX_JWS_LENGTH + 4 * 1024;
