//! Walks the pages of an answer that does not fit into one.

use iap_core::{Error, TransactionId};

use super::AppStoreServerClient;
use crate::model::{
    HistoryResponse, NotificationHistoryRequest, NotificationHistoryResponse,
    RefundHistoryResponse, TransactionHistoryRequest, TransactionHistoryVersion,
};

/// Where a walk is.
#[derive(Clone, Debug)]
enum Place {
    Start,
    /// After a page, with what leads to the next one.
    After(String),
    End,
}

impl Place {
    /// Where to go on after a page.
    ///
    /// Apple says both whether there is more and how to get there; a page that says only one is
    /// the last. So is one that leads to itself, which would be a walk without end.
    fn after(&self, has_more: Option<bool>, next: Option<&str>) -> Self {
        match (has_more, next) {
            (Some(true), Some(next)) if self.cursor() != Some(next) => Self::After(next.to_owned()),
            _ => Self::End,
        }
    }

    fn cursor(&self) -> Option<&str> {
        match self {
            Self::After(cursor) => Some(cursor),
            Self::Start | Self::End => None,
        }
    }
}

macro_rules! pages {
    (
        $(#[$doc:meta])*
        $name:ident { $($field:ident: $type:ty),* } -> $page:ty,
        $cursor:ident,
        |$self:ident, $place:ident| $call:expr
    ) => {
        $(#[$doc])*
        ///
        /// ```text
        /// while let Some(page) = pages.next().await? { … }
        /// ```
        #[derive(Clone, Debug)]
        #[must_use = "the pages are asked for one by one, with `next`"]
        pub struct $name<'a> {
            client: &'a AppStoreServerClient,
            place: Place,
            $($field: $type),*
        }

        impl<'a> $name<'a> {
            pub(super) const fn new(client: &'a AppStoreServerClient, $($field: $type),*) -> Self {
                Self { client, place: Place::Start, $($field),* }
            }

            /// The next page; `None` after the last one. After an error the same page is asked for
            /// again.
            ///
            /// # Errors
            ///
            /// See [`AppStoreServerClient::send`].
            pub async fn next(&mut self) -> Result<Option<$page>, Error> {
                if matches!(self.place, Place::End) {
                    return Ok(None);
                }
                let page = {
                    let $self = &*self;
                    let $place = self.place.cursor();
                    $call.await?
                };
                self.place = self.place.after(page.has_more, page.$cursor.as_deref());
                Ok(Some(page))
            }
        }
    };
}

pages! {
    /// The pages of a customer's transactions. Made by
    /// [`AppStoreServerClient::transaction_history`].
    TransactionHistoryPages { id: TransactionId, request: TransactionHistoryRequest } -> HistoryResponse,
    revision,
    |pages, revision| pages.client.get_transaction_history(
        pages.id.clone(),
        revision,
        &pages.request,
        TransactionHistoryVersion::V2,
    )
}

pages! {
    /// The pages of a customer's refunded transactions. Made by
    /// [`AppStoreServerClient::refund_history`].
    RefundHistoryPages { id: TransactionId } -> RefundHistoryResponse,
    revision,
    |pages, revision| pages.client.get_refund_history(pages.id.clone(), revision)
}

pages! {
    /// The pages of the notifications that Apple sent. Made by
    /// [`AppStoreServerClient::notification_history`].
    NotificationHistoryPages { request: NotificationHistoryRequest } -> NotificationHistoryResponse,
    pagination_token,
    |pages, token| pages.client.get_notification_history(token, &pages.request)
}
