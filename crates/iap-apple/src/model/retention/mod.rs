//! What is shown to a customer who is about to cancel? The Retention Messaging API.
//!
//! [Apple's page](https://developer.apple.com/documentation/retentionmessaging)

mod image;
mod message;
mod performance_test;
mod realtime;

pub use image::{GetImageListResponse, GetImageListResponseItem, ImageSize, ImageState};
pub use message::{
    BulletPoint, DefaultConfigurationRequest, DefaultConfigurationResponse, GetMessageListResponse,
    GetMessageListResponseItem, HeaderPosition, MessageState, UploadMessageImage,
    UploadMessageRequestBody,
};
pub use performance_test::{
    PerformanceTestConfig, PerformanceTestRequest, PerformanceTestResponse,
    PerformanceTestResponseTimes, PerformanceTestResultResponse, PerformanceTestStatus,
};
pub use realtime::{
    AdvancedCommerceInfo, AlternateProduct, Message, PromotionalOffer, PromotionalOfferSignature,
    RealtimeResponseBody, RealtimeUrlRequest, RealtimeUrlResponse,
};
