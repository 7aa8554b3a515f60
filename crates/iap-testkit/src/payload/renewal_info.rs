//! What the signed renewal information of a subscription holds.
//!
//! <https://developer.apple.com/documentation/appstoreserverapi/jwsrenewalinfodecodedpayload>

use iap_core::{Environment, Timestamp};
use serde_json::Value;

use super::{Changes, TransactionBuilder, Wire as _, setters};
use crate::SigningAuthority;

/// Builds the payload of signed renewal information (`JWSRenewalInfoDecodedPayload`).
///
/// ```
/// use iap_testkit::{RenewalInfoBuilder, TransactionBuilder};
///
/// let transaction = TransactionBuilder::auto_renewable("com.example.app", "pro.monthly");
/// let renewal_info = RenewalInfoBuilder::of(&transaction).auto_renew_status(0).build();
/// assert_eq!(renewal_info["productId"], "pro.monthly");
/// assert_eq!(renewal_info["autoRenewStatus"], 0);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `build` or `sign` is called"]
pub struct RenewalInfoBuilder {
    defaults: Value,
    changes: Changes,
}

impl RenewalInfoBuilder {
    /// The subscription of `transaction`, which renews at its expiry: product, dates,
    /// environment, price and accounts are the transaction's.
    pub fn of(transaction: &TransactionBuilder) -> Self {
        let transaction = transaction.build();
        let of = |member: &str| transaction.get(member).cloned();
        let members = [
            ("originalTransactionId", of("originalTransactionId")),
            ("autoRenewProductId", of("productId")),
            ("productId", of("productId")),
            ("autoRenewStatus", Some(1.into())),
            ("renewalPrice", of("price")),
            ("currency", of("currency")),
            ("signedDate", of("signedDate")),
            ("environment", of("environment")),
            ("recentSubscriptionStartDate", of("originalPurchaseDate")),
            ("renewalDate", of("expiresDate")),
            ("appTransactionId", of("appTransactionId")),
            ("appAccountToken", of("appAccountToken")),
        ];
        let defaults = members
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        Self {
            defaults: Value::Object(defaults),
            changes: Changes::default(),
        }
    }

    /// A subscription to `product_id` that renews in 30 days, without a transaction.
    pub fn new(product_id: &str) -> Self {
        // The bundle id is no part of renewal information.
        Self::of(&TransactionBuilder::auto_renewable("", product_id))
    }

    /// When the App Store signed (`signedDate`). Default: as the transaction.
    pub fn signed_at(self, at: Timestamp) -> Self {
        self.set("signedDate", at.wire())
    }

    /// What the next period costs (`renewalPrice`, in thousandths of the currency unit: 12.99 is
    /// 12990) and in which currency (`currency`, ISO 4217).
    pub fn renewal_price_milliunits(self, price: i64, currency: &str) -> Self {
        self.set("renewalPrice", price).set("currency", currency)
    }

    setters! {
        /// Why the subscription expired: 1 cancelled, 2 billing error, 3 price increase refused,
        /// 4 product not available, 5 another reason.
        expiration_intent: i64 => "expirationIntent";
        /// Identifies the purchase across its renewals. Decimal digits.
        original_transaction_id: &str => "originalTransactionId";
        /// The product that the next period will be of.
        auto_renew_product_id: &str => "autoRenewProductId";
        /// The product of the present period.
        product_id: &str => "productId";
        /// 1 if the subscription will renew, 0 if not. Default: 1.
        auto_renew_status: i64 => "autoRenewStatus";
        /// Whether the App Store is still trying to charge for an expired subscription.
        is_in_billing_retry_period: bool => "isInBillingRetryPeriod";
        /// 0 if the customer has not answered a price increase, 1 if consent was given or was not
        /// needed.
        price_increase_status: i64 => "priceIncreaseStatus";
        /// Until when the customer keeps access although the charge failed.
        grace_period_expires_date: Timestamp => "gracePeriodExpiresDate";
        /// The offer of the next period: 1 introductory, 2 promotional, 3 offer code, 4 win-back.
        offer_type: i64 => "offerType";
        /// The promotional offer's identifier or the offer code.
        offer_identifier: &str => "offerIdentifier";
        /// `FREE_TRIAL`, `PAY_AS_YOU_GO`, `PAY_UP_FRONT` or `ONE_TIME`.
        offer_discount_type: &str => "offerDiscountType";
        /// How long the offer lasts, as an ISO 8601 duration.
        offer_period: &str => "offerPeriod";
        /// The world the purchase was made in.
        environment: Environment => "environment";
        /// When the present run of periods without a gap of more than 60 days began.
        recent_subscription_start_date: Timestamp => "recentSubscriptionStartDate";
        /// When the next period begins.
        renewal_date: Timestamp => "renewalDate";
        /// The win-back offers the customer may take, best first.
        eligible_win_back_offer_ids: &[&str] => "eligibleWinBackOfferIds";
        /// Identifies the customer's download of the app. Decimal digits.
        app_transaction_id: &str => "appTransactionId";
        /// The account in the app that bought: a UUID that the app chose.
        app_account_token: &str => "appAccountToken";
        /// The Advanced Commerce part, an `AdvancedCommerceRenewalInfo`.
        advanced_commerce_info: Value => "advancedCommerceInfo";
        /// The commitment of a monthly plan, a `RenewalCommitmentInfo`.
        commitment_info: Value => "commitmentInfo";
        /// `BILLED_UPFRONT` or `MONTHLY`.
        renewal_billing_plan_type: &str => "renewalBillingPlanType";
    }

    /// The payload.
    #[must_use]
    pub fn build(&self) -> Value {
        Value::Object(self.changes.apply_to(self.defaults.clone()))
    }

    /// The payload, signed.
    #[must_use]
    pub fn sign(&self, authority: &SigningAuthority) -> String {
        authority.sign(&self.build())
    }
}
