//! What is reported to Google about a payment outside Google Play's billing?
//!
//! [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/externaltransactions)

use iap_core::{AppId, Timestamp, open_enum};

use super::{
    hidden::HiddenText,
    money::Price,
    wire::{int32, model},
};

model! {
    /// A payment outside Google Play's billing. To report one, set what applies and leave out what
    /// only Google sets.
    pub struct ExternalTransaction {
        /// The app. Set by Google.
        pub package_name: Option<AppId>,
        /// The identifier that the report was made under. Set by Google.
        pub external_transaction_id: Option<String>,
        /// What was paid at first, without tax.
        pub original_pre_tax_amount: Option<Price>,
        /// The tax on it.
        pub original_tax_amount: Option<Price>,
        /// What is left of the payment after refunds, without tax. Set by Google.
        pub current_pre_tax_amount: Option<Price>,
        /// The tax on it. Set by Google.
        pub current_tax_amount: Option<Price>,
        /// There if the customer is a licence tester. Set by Google.
        pub test_purchase: Option<ExternalTransactionTestPurchase>,
        /// That it was paid once; this or
        /// [`recurring_transaction`](Self::recurring_transaction).
        pub one_time_transaction: Option<OneTimeExternalTransaction>,
        /// That it is one of a series of payments; this or
        /// [`one_time_transaction`](Self::one_time_transaction).
        pub recurring_transaction: Option<RecurringExternalTransaction>,
        /// When Google received the report. Set by Google.
        pub create_time: Option<Timestamp>,
        /// When it was paid.
        pub transaction_time: Option<Timestamp>,
        /// Whether it has been refunded. Set by Google.
        pub transaction_state: Option<TransactionState>,
        /// Where the customer is taxed.
        pub user_tax_address: Option<ExternalTransactionAddress>,
        /// The code of the programme, for apps that take part in one.
        #[serde(with = "int32")]
        pub transaction_program_code: Option<i32>,
        /// More, for the programme of external offers.
        pub external_offer_details: Option<ExternalOfferDetails>,
        /// More, for the programme of external content links.
        pub external_content_link_details: Option<ExternalContentLinkDetails>,
    }

    /// The mark of a payment by a licence tester. Being there is all it says.
    pub struct ExternalTransactionTestPurchase {}

    /// A payment that is made once.
    pub struct OneTimeExternalTransaction {
        /// The token that the app got from Google Play when the customer chose how to pay.
        pub external_transaction_token: Option<HiddenText>,
    }

    /// One of a series of payments.
    pub struct RecurringExternalTransaction {
        /// The token that the app got from Google Play, for the first payment of the series.
        pub external_transaction_token: Option<HiddenText>,
        /// The first payment of the series, for the others.
        pub initial_external_transaction_id: Option<String>,
        /// What was subscribed to; this or
        /// [`other_recurring_product`](Self::other_recurring_product).
        pub external_subscription: Option<ExternalSubscription>,
        /// There if it is no subscription; this or
        /// [`external_subscription`](Self::external_subscription).
        pub other_recurring_product: Option<OtherRecurringProduct>,
        /// The programme that a series from before the reports is moved from.
        pub migrated_transaction_program: Option<ExternalTransactionProgram>,
    }

    /// A subscription that is paid outside Google Play's billing.
    pub struct ExternalSubscription {
        /// The kind of subscription.
        pub subscription_type: Option<ExternalSubscriptionType>,
    }

    /// The mark of a series of payments for something else. Being there is all it says.
    pub struct OtherRecurringProduct {}

    /// Where a customer is taxed.
    pub struct ExternalTransactionAddress {
        /// The country, by its ISO 3166-1 alpha-2 code.
        pub region_code: Option<String>,
        /// The state or province, where tax law needs it, such as `KERALA`.
        pub administrative_area: Option<String>,
    }

    /// What an external offer led to.
    pub struct ExternalOfferDetails {
        /// The kind of offer.
        pub link_type: Option<ExternalOfferLinkType>,
        /// The package of the app that was installed.
        pub installed_app_package: Option<String>,
        /// The kind of app that was installed.
        pub installed_app_category: Option<ExternalOfferAppCategory>,
        /// The report of that installation, for a payment made in the app.
        pub app_download_event_external_transaction_id: Option<String>,
    }

    /// What an external content link led to.
    pub struct ExternalContentLinkDetails {
        /// The kind of link.
        pub link_type: Option<ExternalContentLinkType>,
        /// The package of the app that was installed.
        pub installed_app_package: Option<String>,
        /// The kind of app that was installed.
        pub external_app_category: Option<ExternalContentAppCategory>,
    }

    /// Reports that a payment outside Google Play's billing was given back.
    pub struct RefundExternalTransactionRequest {
        /// When it was given back.
        pub refund_time: Option<Timestamp>,
        /// There if all of it was; this or [`partial_refund`](Self::partial_refund).
        pub full_refund: Option<FullRefund>,
        /// How much of it was; this or [`full_refund`](Self::full_refund).
        pub partial_refund: Option<PartialRefund>,
    }

    /// The mark of a full refund. Being there is all it says.
    pub struct FullRefund {}

    /// A refund of some of a payment.
    pub struct PartialRefund {
        /// The identifier that you give to it: a second report with it is refused.
        pub refund_id: Option<String>,
        /// How much was given back, without tax.
        pub refund_pre_tax_amount: Option<Price>,
    }
}

impl ExternalTransaction {
    /// A payment; say also whether it was made once or in a series.
    #[must_use]
    pub fn new(
        pre_tax_amount: impl Into<Price>,
        tax_amount: impl Into<Price>,
        transaction_time: Timestamp,
        user_tax_address: ExternalTransactionAddress,
    ) -> Self {
        Self {
            original_pre_tax_amount: Some(pre_tax_amount.into()),
            original_tax_amount: Some(tax_amount.into()),
            transaction_time: Some(transaction_time),
            user_tax_address: Some(user_tax_address),
            ..Self::default()
        }
    }

    /// It was made once; the app got the token from Google Play.
    #[must_use]
    pub fn one_time(mut self, external_transaction_token: impl Into<HiddenText>) -> Self {
        self.one_time_transaction = Some(OneTimeExternalTransaction {
            external_transaction_token: Some(external_transaction_token.into()),
            ..OneTimeExternalTransaction::default()
        });
        self
    }

    /// It is one of a series.
    #[must_use]
    pub fn recurring(mut self, recurring_transaction: RecurringExternalTransaction) -> Self {
        self.recurring_transaction = Some(recurring_transaction);
        self
    }
}

impl ExternalTransactionAddress {
    /// A country, by its ISO 3166-1 alpha-2 code.
    #[must_use]
    pub fn new(region_code: impl Into<String>) -> Self {
        Self {
            region_code: Some(region_code.into()),
            ..Self::default()
        }
    }
}

impl RefundExternalTransactionRequest {
    /// All of it was given back at `refund_time`.
    #[must_use]
    pub fn full(refund_time: Timestamp) -> Self {
        Self {
            refund_time: Some(refund_time),
            full_refund: Some(FullRefund::default()),
            ..Self::default()
        }
    }

    /// Some of it was given back at `refund_time`; `refund_id` is yours, and new for each refund of
    /// a payment.
    #[must_use]
    pub fn partial(
        refund_time: Timestamp,
        refund_id: impl Into<String>,
        pre_tax_amount: impl Into<Price>,
    ) -> Self {
        Self {
            refund_time: Some(refund_time),
            partial_refund: Some(PartialRefund {
                refund_id: Some(refund_id.into()),
                refund_pre_tax_amount: Some(pre_tax_amount.into()),
                ..PartialRefund::default()
            }),
            ..Self::default()
        }
    }
}

open_enum! {
    /// Whether a reported payment still stands.
    pub enum TransactionState: str {
        /// Not said.
        Unspecified = "TRANSACTION_STATE_UNSPECIFIED",
        /// Google accepted the report.
        Reported = "TRANSACTION_REPORTED",
        /// All of it was given back.
        Canceled = "TRANSACTION_CANCELED",
    }
}

open_enum! {
    /// The kind of a subscription that is paid outside Google Play's billing.
    pub enum ExternalSubscriptionType: str {
        /// Not said.
        Unspecified = "SUBSCRIPTION_TYPE_UNSPECIFIED",
        /// Charged in every period.
        Recurring = "RECURRING",
        /// Paid in advance, without renewal.
        Prepaid = "PREPAID",
    }
}

open_enum! {
    /// A programme for payments outside Google Play's billing.
    pub enum ExternalTransactionProgram: str {
        /// Not said.
        Unspecified = "EXTERNAL_TRANSACTION_PROGRAM_UNSPECIFIED",
        /// The customer chose who bills.
        UserChoiceBilling = "USER_CHOICE_BILLING",
        /// Only the developer bills.
        AlternativeBillingOnly = "ALTERNATIVE_BILLING_ONLY",
    }
}

open_enum! {
    /// What an external offer led to.
    pub enum ExternalOfferLinkType: str {
        /// Not said.
        Unspecified = "EXTERNAL_OFFER_LINK_TYPE_UNSPECIFIED",
        /// A purchase of digital content.
        LinkToDigitalContentOffer = "LINK_TO_DIGITAL_CONTENT_OFFER",
        /// The installation of an app.
        LinkToAppDownload = "LINK_TO_APP_DOWNLOAD",
    }
}

open_enum! {
    /// The kind of app that an external offer led to.
    pub enum ExternalOfferAppCategory: str {
        /// Not said.
        Unspecified = "EXTERNAL_OFFER_APP_CATEGORY_UNSPECIFIED",
        /// No game.
        App = "APP",
        /// A game.
        Game = "GAME",
    }
}

open_enum! {
    /// What an external content link led to.
    pub enum ExternalContentLinkType: str {
        /// Not said.
        Unspecified = "EXTERNAL_CONTENT_LINK_TYPE_UNSPECIFIED",
        /// A purchase of digital content.
        LinkToDigitalContentOffer = "LINK_TO_DIGITAL_CONTENT_OFFER",
        /// The installation of an app.
        LinkToAppDownload = "LINK_TO_APP_DOWNLOAD",
    }
}

open_enum! {
    /// The kind of app that an external content link led to.
    pub enum ExternalContentAppCategory: str {
        /// Not said.
        Unspecified = "EXTERNAL_CONTENT_APP_CATEGORY_UNSPECIFIED",
        /// No game.
        App = "APP",
        /// A game.
        Game = "GAME",
    }
}
