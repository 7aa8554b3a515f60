//! Notifications that Apple sent, or should send as a test.

use iap_core::Error;

use super::{ApiRequest, AppStoreServerClient, pages::NotificationHistoryPages};
use crate::model::{
    CheckTestNotificationResponse, NotificationHistoryRequest, NotificationHistoryResponse,
    SendTestNotificationResponse,
};

impl AppStoreServerClient {
    /// One page of the notifications that Apple sent in the last 180 days.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/get-notification-history).
    /// [`notification_history`](Self::notification_history) walks the pages.
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_notification_history(
        &self,
        pagination_token: Option<&str>,
        request: &NotificationHistoryRequest,
    ) -> Result<NotificationHistoryResponse, Error> {
        let path = ["inApps", "v1", "notifications", "history"];
        // A question, although it is a POST.
        let call = ApiRequest::post("get_notification_history", path)
            .repeatable()
            .query_if("paginationToken", pagination_token)
            .json(request)?;
        self.send(call).await
    }

    /// Walks all pages of the notifications that Apple sent: what a server that was down has missed.
    pub fn notification_history(
        &self,
        request: NotificationHistoryRequest,
    ) -> NotificationHistoryPages<'_> {
        NotificationHistoryPages::new(self, request)
    }

    /// Asks for a test notification to the configured URL. Each call sends one.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/request-a-test-notification)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn request_test_notification(&self) -> Result<SendTestNotificationResponse, Error> {
        let path = ["inApps", "v1", "notifications", "test"];
        self.send(ApiRequest::post("request_test_notification", path))
            .await
    }

    /// What became of a test notification. For some seconds it is not known yet
    /// ([`TestNotificationNotFound`](crate::ApiError::TestNotificationNotFound)).
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/get-test-notification-status)
    ///
    /// # Errors
    ///
    /// See [`send`](Self::send).
    pub async fn get_test_notification_status(
        &self,
        test_notification_token: impl Into<String>,
    ) -> Result<CheckTestNotificationResponse, Error> {
        let token = test_notification_token.into();
        let path = ["inApps", "v1", "notifications", "test", &token];
        self.send(ApiRequest::get("get_test_notification_status", path))
            .await
    }
}
