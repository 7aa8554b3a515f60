//! Which messages are shown to customers who are about to cancel, and which one by default?

use iap_core::open_enum;
use serde::{Deserialize, Serialize};

use crate::model::{
    invalid::{InvalidReason, InvalidRequest, checked_when_read},
    text::{
        AltText, BulletPointText, ImageIdentifier, MessageBody, MessageHeader, MessageIdentifier,
    },
    wire,
};

/// A message to be shown to customers who are about to cancel.
///
/// A message that goes with an offer or with another plan must have neither image nor bullet points.
///
/// ```
/// use iap_apple::{
///     AltText, HeaderPosition, ImageIdentifier, MessageBody, MessageHeader, UploadMessageImage,
///     UploadMessageRequestBody,
/// };
///
/// let image = UploadMessageImage::new(
///     ImageIdentifier::new("3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4f")?,
///     AltText::new("A swimmer at dawn")?,
/// );
/// let message = UploadMessageRequestBody::new(
///     MessageHeader::new("The water is warm")?,
///     MessageBody::new("Your lane is waiting for you.")?,
/// )
/// .with_image(image)
/// .with_header_position(HeaderPosition::AboveImage)?;
/// # let _ = message;
/// # Ok::<(), iap_apple::InvalidRequest>(())
/// ```
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/uploadmessagerequestbody)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct UploadMessageRequestBody {
    header: MessageHeader,
    body: MessageBody,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image: Option<UploadMessageImage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    header_position: Option<HeaderPosition>,
    #[serde(
        default,
        deserialize_with = "wire::list",
        skip_serializing_if = "Vec::is_empty"
    )]
    bullet_points: Vec<BulletPoint>,
}

impl UploadMessageRequestBody {
    /// A message of text only, the header above the body.
    pub const fn new(header: MessageHeader, body: MessageBody) -> Self {
        Self {
            header,
            body,
            image: None,
            header_position: None,
            bullet_points: Vec::new(),
        }
    }

    /// With an image above the text.
    pub fn with_image(mut self, image: UploadMessageImage) -> Self {
        self.image = Some(image);
        self
    }

    /// Where the header stands.
    ///
    /// # Errors
    ///
    /// When it is to stand above an image and there is none yet: call
    /// [`with_image`](Self::with_image) before.
    pub fn with_header_position(
        mut self,
        position: HeaderPosition,
    ) -> Result<Self, InvalidRequest> {
        self.header_position = Some(position);
        self.check()?;
        Ok(self)
    }

    /// With bullet points, up to five.
    ///
    /// # Errors
    ///
    /// When there are more.
    pub fn with_bullet_points(
        mut self,
        bullet_points: impl IntoIterator<Item = BulletPoint>,
    ) -> Result<Self, InvalidRequest> {
        self.bullet_points = bullet_points.into_iter().collect();
        self.check()?;
        Ok(self)
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        if self.header_position == Some(HeaderPosition::AboveImage) && self.image.is_none() {
            return Err(InvalidRequest::rule(
                "headerPosition",
                "is ABOVE_IMAGE, but there is no image",
            ));
        }
        let found = self.bullet_points.len();
        if found > MAX_BULLET_POINTS {
            let max = MAX_BULLET_POINTS;
            let reason = InvalidReason::TooMany { found, max };
            return Err(InvalidRequest::new("bulletPoints", reason));
        }
        Ok(())
    }
}

checked_when_read!(UploadMessageRequestBody);

/// The image of a message, uploaded before.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/uploadmessageimage)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct UploadMessageImage {
    image_identifier: ImageIdentifier,
    alt_text: AltText,
}

impl UploadMessageImage {
    /// The image, and what a screen reader says in its place.
    pub const fn new(image_identifier: ImageIdentifier, alt_text: AltText) -> Self {
        Self {
            image_identifier,
            alt_text,
        }
    }
}

/// A bullet point of a message.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/bulletpoint)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct BulletPoint {
    text: BulletPointText,
    image_identifier: ImageIdentifier,
    alt_text: AltText,
}

impl BulletPoint {
    /// The text, its icon (uploaded before), and what a screen reader says in place of the icon.
    pub const fn new(
        text: BulletPointText,
        image_identifier: ImageIdentifier,
        alt_text: AltText,
    ) -> Self {
        Self {
            text,
            image_identifier,
            alt_text,
        }
    }
}

/// All messages of the app, as the Get Message List endpoint answers.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/getmessagelistresponse)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct GetMessageListResponse {
    /// The messages.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub message_identifiers: Vec<GetMessageListResponseItem>,
}

/// One message, and whether it may be shown.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/getmessagelistresponseitem)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct GetMessageListResponseItem {
    /// The identifier that you gave to the message; a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_identifier: Option<String>,

    /// Whether it may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_state: Option<MessageState>,
}

/// Chooses the message that is shown by default for a product and a language.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/defaultconfigurationrequest)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[must_use]
pub struct DefaultConfigurationRequest {
    message_identifier: MessageIdentifier,
}

impl DefaultConfigurationRequest {
    /// Chooses this message; it and its image must have been approved.
    pub const fn new(message_identifier: MessageIdentifier) -> Self {
        Self { message_identifier }
    }
}

/// The message that is shown by default for a product and a language.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/defaultconfigurationresponse)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct DefaultConfigurationResponse {
    /// The identifier that you gave to the message; a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_identifier: Option<String>,
}

open_enum! {
    /// Where the header of a message stands.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/headerposition)
    pub enum HeaderPosition: str {
        /// Above the body, below the image if there is one.
        AboveBody = "ABOVE_BODY",
        /// Above the image.
        AboveImage = "ABOVE_IMAGE",
    }
}

open_enum! {
    /// Whether a message may be shown.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/messagestate)
    pub enum MessageState: str {
        /// It may.
        Approved = "APPROVED",
        /// Apple has not decided yet.
        Pending = "PENDING",
        /// As [`Pending`](Self::Pending): how Apple's library for Node spells it.
        PendingReview = "PENDING_REVIEW",
        /// It may not.
        Rejected = "REJECTED",
    }
}

impl MessageState {
    /// Whether Apple has not decided yet, in either spelling.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        matches!(self, Self::Pending | Self::PendingReview)
    }
}

/// Apple's limit for one message.
const MAX_BULLET_POINTS: usize = 5;
