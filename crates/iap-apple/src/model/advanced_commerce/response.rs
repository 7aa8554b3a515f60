//! How does the App Store answer requests of the Advanced Commerce API?

use serde::{Deserialize, Serialize};

/// Defines the answers, which are alike: the subscription after the request, signed.
macro_rules! responses {
    ($( $(#[$doc:meta])* $name:ident; )+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        #[non_exhaustive]
        pub struct $name {
            /// The renewal, a compact JWS whose payload is a [`RenewalInfo`](crate::RenewalInfo);
            /// subscriptions only. Not verified.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub signed_renewal_info: Option<String>,

            /// The transaction, a compact JWS whose payload is a
            /// [`Transaction`](crate::Transaction). Not verified.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub signed_transaction_info: Option<String>,
        }
    )+ };
}

responses! {
    /// A refund that was asked for; the decision follows in a notification.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/requestrefundresponse)
    AdvancedCommerceRequestRefundResponse;

    /// A subscription that does not renew any more.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptioncancelresponse)
    AdvancedCommerceSubscriptionCancelResponse;

    /// A subscription whose texts changed.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionchangemetadataresponse)
    AdvancedCommerceSubscriptionChangeMetadataResponse;

    /// A subscription that was moved to the Advanced Commerce API.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionmigrateresponse)
    AdvancedCommerceSubscriptionMigrateResponse;

    /// A subscription whose prices change.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionpricechangeresponse)
    AdvancedCommerceSubscriptionPriceChangeResponse;

    /// A subscription that has ended.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/advancedcommerceapi/subscriptionrevokeresponse)
    AdvancedCommerceSubscriptionRevokeResponse;
}
