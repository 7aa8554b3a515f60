//! Which images for retention messages does the App Store hold, and may they be shown?

use iap_core::open_enum;
use serde::{Deserialize, Serialize};

use crate::model::wire;

/// All images of the app, as the Get Image List endpoint answers.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/getimagelistresponse)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct GetImageListResponse {
    /// The images.
    #[serde(deserialize_with = "wire::list", skip_serializing_if = "Vec::is_empty")]
    pub image_identifiers: Vec<GetImageListResponseItem>,
}

/// One image, and whether it may be shown.
///
/// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/getimagelistresponseitem)
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct GetImageListResponseItem {
    /// The identifier that you gave to the image; a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_identifier: Option<String>,

    /// Whether it may be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_state: Option<ImageState>,

    /// What the image is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_size: Option<ImageSize>,
}

open_enum! {
    /// What an image is for.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/imagesize)
    pub enum ImageSize: str {
        /// The icon of a bullet point.
        BulletPoint = "BULLET_POINT",
        /// The image of a message.
        FullSize = "FULL_SIZE",
    }
}

open_enum! {
    /// Whether an image may be shown.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/imagestate)
    pub enum ImageState: str {
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

impl ImageState {
    /// Whether Apple has not decided yet, in either spelling.
    #[must_use]
    pub const fn is_pending(&self) -> bool {
        matches!(self, Self::Pending | Self::PendingReview)
    }
}
