//! Retention Messaging: what customers see when they are about to cancel.
//!
//! <https://developer.apple.com/documentation/retentionmessaging>

use bytes::Bytes;
use iap_core::{Error, ProductId};

use super::{ApiRequest, AppStoreServerClient};
use crate::model::{
    DefaultConfigurationRequest, DefaultConfigurationResponse, GetImageListResponse,
    GetMessageListResponse, ImageIdentifier, ImageSize, MessageIdentifier, PerformanceTestRequest,
    PerformanceTestResponse, PerformanceTestResultResponse, RealtimeUrlRequest,
    RealtimeUrlResponse, UploadMessageRequestBody,
};

impl AppStoreServerClient {
    /// Uploads an image for messages: PNG without transparency, under an identifier of your own.
    /// Apple reviews it before it can be shown. With `size`, for the place it is made for.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/upload-image)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn upload_image(
        &self,
        image_identifier: &ImageIdentifier,
        size: Option<ImageSize>,
        image: impl Into<Bytes>,
    ) -> Result<(), Error> {
        let id = image_identifier.as_str();
        let path = ["inApps", "v1", "messaging", "image", id];
        let call = ApiRequest::put("upload_image", path)
            .once()
            .query_if("imageSize", size.map(|size| size.to_string()))
            .png(image);
        self.send_without_answer(call).await
    }

    /// Deletes an image that no message uses.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/delete-image)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn delete_image(&self, image_identifier: &ImageIdentifier) -> Result<(), Error> {
        let id = image_identifier.as_str();
        let path = ["inApps", "v1", "messaging", "image", id];
        let call = ApiRequest::delete("delete_image", path);
        self.send_without_answer(call).await
    }

    /// All images, with the state of their review.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/get-image-list)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_image_list(&self) -> Result<GetImageListResponse, Error> {
        let path = ["inApps", "v1", "messaging", "image", "list"];
        let call = ApiRequest::get("get_image_list", path);
        self.send(call).await
    }

    /// Uploads a message under an identifier of your own. Apple reviews it before it can be shown.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/upload-message)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn upload_message(
        &self,
        message_identifier: &MessageIdentifier,
        request: &UploadMessageRequestBody,
    ) -> Result<(), Error> {
        let id = message_identifier.as_str();
        let path = ["inApps", "v1", "messaging", "message", id];
        let call = ApiRequest::put("upload_message", path)
            .once()
            .json(request)?;
        self.send_without_answer(call).await
    }

    /// Deletes a message.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/delete-message)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn delete_message(
        &self,
        message_identifier: &MessageIdentifier,
    ) -> Result<(), Error> {
        let id = message_identifier.as_str();
        let path = ["inApps", "v1", "messaging", "message", id];
        let call = ApiRequest::delete("delete_message", path);
        self.send_without_answer(call).await
    }

    /// All messages, with the state of their review.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/get-message-list)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_message_list(&self) -> Result<GetMessageListResponse, Error> {
        let path = ["inApps", "v1", "messaging", "message", "list"];
        let call = ApiRequest::get("get_message_list", path);
        self.send(call).await
    }

    /// Sets the message that is shown for a product in a language when your server gives none in time.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/configure-default-message)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn configure_default_message(
        &self,
        product_id: impl Into<ProductId>,
        locale: impl Into<String>,
        request: &DefaultConfigurationRequest,
    ) -> Result<(), Error> {
        let product_id = product_id.into().into_string();
        let locale = locale.into();
        let path = ["inApps", "v1", "messaging", "default", &product_id, &locale];
        let call = ApiRequest::put("configure_default_message", path).json(request)?;
        self.send_without_answer(call).await
    }

    /// Takes back the default message of a product in a language.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/delete-default-message)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn delete_default_message(
        &self,
        product_id: impl Into<ProductId>,
        locale: impl Into<String>,
    ) -> Result<(), Error> {
        let product_id = product_id.into().into_string();
        let locale = locale.into();
        let path = ["inApps", "v1", "messaging", "default", &product_id, &locale];
        let call = ApiRequest::delete("delete_default_message", path);
        self.send_without_answer(call).await
    }

    /// The default message of a product in a language.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/get-default-message)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_default_message(
        &self,
        product_id: impl Into<ProductId>,
        locale: impl Into<String>,
    ) -> Result<DefaultConfigurationResponse, Error> {
        let product_id = product_id.into().into_string();
        let locale = locale.into();
        let path = ["inApps", "v1", "messaging", "default", &product_id, &locale];
        let call = ApiRequest::get("get_default_message", path);
        self.send(call).await
    }

    /// Sets the URL at which Apple asks your server which message to show. In production only after a
    /// performance test in the sandbox has been passed.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/configure-realtime-url)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn configure_realtime_url(&self, request: &RealtimeUrlRequest) -> Result<(), Error> {
        let path = ["inApps", "v1", "messaging", "realtime", "url"];
        let call = ApiRequest::put("configure_realtime_url", path).json(request)?;
        self.send_without_answer(call).await
    }

    /// Takes back the URL: default messages are shown from then on.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/delete-realtime-url)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn delete_realtime_url(&self) -> Result<(), Error> {
        let path = ["inApps", "v1", "messaging", "realtime", "url"];
        let call = ApiRequest::delete("delete_realtime_url", path);
        self.send_without_answer(call).await
    }

    /// The URL that is set.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/get-realtime-url)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_realtime_url(&self) -> Result<RealtimeUrlResponse, Error> {
        let path = ["inApps", "v1", "messaging", "realtime", "url"];
        let call = ApiRequest::get("get_realtime_url", path);
        self.send(call).await
    }

    /// Has Apple test how fast your server answers. Sandbox only.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/initiate-performance-test)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn initiate_performance_test(
        &self,
        request: &PerformanceTestRequest,
    ) -> Result<PerformanceTestResponse, Error> {
        let path = ["inApps", "v1", "messaging", "performanceTest"];
        let call = ApiRequest::post("initiate_performance_test", path).json(request)?;
        self.send(call).await
    }

    /// The result of a performance test: ask again while it is pending. Sandbox only.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/retentionmessaging/get-performance-test-results)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_performance_test_results(
        &self,
        request_id: impl Into<String>,
    ) -> Result<PerformanceTestResultResponse, Error> {
        let id = request_id.into();
        let path = [
            "inApps",
            "v1",
            "messaging",
            "performanceTest",
            "result",
            &id,
        ];
        let call = ApiRequest::get("get_performance_test_results", path);
        self.send(call).await
    }
}
