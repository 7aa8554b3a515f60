//! Walks the pages of a list that does not fit into one.

use iap_core::Error;

use super::{
    inappproducts::InAppProductsResource,
    monetization::{CatalogSubscriptionsResource, OneTimeProductsResource},
    offers::{OneTimeProductOffersResource, SubscriptionOffersResource},
    voided_purchases::VoidedPurchasesResource,
};
use crate::model::{
    InappproductsListResponse, ListOneTimeProductOffersResponse, ListOneTimeProductsResponse,
    ListSubscriptionOffersResponse, ListSubscriptionsResponse, TokenPagination,
    VoidedPurchasesListRequest, VoidedPurchasesListResponse,
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
    /// Where to go on after a page. A page that leads nowhere is the last; so is one that leads to
    /// itself, which would be a walk without end.
    fn after(&self, next: Option<&str>) -> Self {
        match next {
            Some(next) if !next.is_empty() && self.token() != Some(next) => {
                Self::After(next.to_owned())
            }
            _ => Self::End,
        }
    }

    fn token(&self) -> Option<&str> {
        match self {
            Self::After(token) => Some(token),
            Self::Start | Self::End => None,
        }
    }
}

/// What leads to the next page of the older lists.
fn older_token(pagination: &Option<TokenPagination>) -> Option<&str> {
    pagination.as_ref()?.next_page_token.as_deref()
}

macro_rules! pages {
    (
        $(#[$doc:meta])*
        $name:ident<$life:lifetime> { $($field:ident: $type:ty),* } -> $page:ident,
        |$self:ident, $token:ident| $call:expr,
        |$read:ident| $next:expr
    ) => {
        $(#[$doc])*
        ///
        /// ```text
        /// while let Some(page) = pages.next().await? { … }
        /// ```
        #[derive(Clone, Debug)]
        #[must_use = "the pages are asked for one by one, with `next`"]
        pub struct $name<$life> {
            place: Place,
            $($field: $type),*
        }

        impl<$life> $name<$life> {
            pub(super) const fn new($($field: $type),*) -> Self {
                Self { place: Place::Start, $($field),* }
            }

            /// The next page; `None` after the last one. After an error the same page is asked for
            /// again.
            ///
            /// # Errors
            ///
            /// See [`PlayClient::send`](crate::PlayClient::send).
            pub async fn next(&mut self) -> Result<Option<$page>, Error> {
                if matches!(self.place, Place::End) {
                    return Ok(None);
                }
                let $read = {
                    let $self = &*self;
                    let $token = self.place.token();
                    $call.await?
                };
                self.place = self.place.after($next);
                Ok(Some($read))
            }
        }
    };
}

pages! {
    /// The pages of voided purchases. Made by
    /// [`VoidedPurchasesResource::pages`](crate::VoidedPurchasesResource::pages).
    VoidedPurchasesPages<'a> { list: VoidedPurchasesResource<'a>, request: VoidedPurchasesListRequest } -> VoidedPurchasesListResponse,
    |pages, token| pages.list.list(&pages.request, token),
    |page| older_token(&page.token_pagination)
}

pages! {
    /// The pages of the older catalogue. Made by
    /// [`InAppProductsResource::pages`](crate::InAppProductsResource::pages).
    InAppProductsPages<'a> { list: InAppProductsResource<'a> } -> InappproductsListResponse,
    |pages, token| pages.list.list(token),
    |page| older_token(&page.token_pagination)
}

pages! {
    /// The pages of all subscriptions for sale. Made by
    /// [`CatalogSubscriptionsResource::pages`](crate::CatalogSubscriptionsResource::pages).
    SubscriptionsPages<'a> { list: CatalogSubscriptionsResource<'a> } -> ListSubscriptionsResponse,
    |pages, token| pages.list.list(PAGE_SIZE, token),
    |page| page.next_page_token.as_deref()
}

pages! {
    /// The pages of all one-time products for sale. Made by
    /// [`OneTimeProductsResource::pages`](crate::OneTimeProductsResource::pages).
    OneTimeProductsPages<'a> { list: OneTimeProductsResource<'a> } -> ListOneTimeProductsResponse,
    |pages, token| pages.list.list(PAGE_SIZE, token),
    |page| page.next_page_token.as_deref()
}

pages! {
    /// The pages of the offers of a subscription. Made by
    /// [`SubscriptionOffersResource::pages`].
    SubscriptionOffersPages<'a> { offers: SubscriptionOffersResource<'a> } -> ListSubscriptionOffersResponse,
    |pages, token| pages.offers.list(PAGE_SIZE, token),
    |page| page.next_page_token.as_deref()
}

pages! {
    /// The pages of the offers of a one-time product. Made by
    /// [`OneTimeProductOffersResource::pages`].
    OneTimeProductOffersPages<'a> { offers: OneTimeProductOffersResource<'a> } -> ListOneTimeProductOffersResponse,
    |pages, token| pages.offers.list(PAGE_SIZE, token),
    |page| page.next_page_token.as_deref()
}

/// How much a page of the catalogue has: Google's own default. A product with its prices in all
/// regions has tens of kilobytes, and a page must stay below
/// [`MAX_RESPONSE_LENGTH`](iap_core::http::MAX_RESPONSE_LENGTH).
const PAGE_SIZE: Option<u32> = Some(50);
