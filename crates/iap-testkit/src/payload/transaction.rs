//! What a signed transaction holds.
//!
//! <https://developer.apple.com/documentation/appstoreserverapi/jwstransactiondecodedpayload>

use core::time::Duration;

use iap_core::{Environment, Timestamp};
use serde_json::{Value, json};

use super::{Changes, Wire as _, setters};
use crate::{SigningAuthority, system};

/// Builds the payload of a signed transaction (`JWSTransactionDecodedPayload`).
///
/// Every default is what the App Store would send for a purchase made three seconds before it was
/// signed. Dates that are not set follow from [`signed_at`](Self::signed_at), itself "now" by
/// default: the purchase is three seconds earlier, and a subscription expires 30 days after the
/// purchase. The order of the calls does not matter.
///
/// ```
/// use iap_core::Environment;
/// use iap_testkit::TransactionBuilder;
///
/// let transaction = TransactionBuilder::auto_renewable("com.example.app", "pro.monthly")
///     .environment(Environment::Sandbox)
///     .price_milliunits(4_990, "EUR")
///     .build();
/// assert_eq!(transaction["type"], "Auto-Renewable Subscription");
/// assert_eq!(transaction["price"], 4_990);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `build` or `sign` is called"]
pub struct TransactionBuilder {
    app: String,
    product: String,
    kind: Kind,
    /// The default transaction id.
    id: String,
    made_at: Timestamp,
    changes: Changes,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    AutoRenewable,
    Consumable,
    NonConsumable,
    NonRenewing,
}

impl TransactionBuilder {
    /// An auto-renewable subscription to `product_id`, bought in the app with `bundle_id`, with an
    /// introductory offer.
    pub fn auto_renewable(bundle_id: &str, product_id: &str) -> Self {
        Self::new(bundle_id, product_id, Kind::AutoRenewable)
    }

    /// A consumable, such as coins.
    pub fn consumable(bundle_id: &str, product_id: &str) -> Self {
        Self::new(bundle_id, product_id, Kind::Consumable)
    }

    /// A non-consumable, such as a lifetime unlock.
    pub fn non_consumable(bundle_id: &str, product_id: &str) -> Self {
        Self::new(bundle_id, product_id, Kind::NonConsumable)
    }

    /// A non-renewing subscription. Apple sends no expiry for these.
    pub fn non_renewing(bundle_id: &str, product_id: &str) -> Self {
        Self::new(bundle_id, product_id, Kind::NonRenewing)
    }

    fn new(bundle_id: &str, product_id: &str, kind: Kind) -> Self {
        Self {
            app: bundle_id.to_owned(),
            product: product_id.to_owned(),
            kind,
            id: system::transaction_id(),
            made_at: system::now(),
            changes: Changes::default(),
        }
    }

    /// When the App Store signed (`signedDate`). Default: when the builder was made.
    pub fn signed_at(self, at: Timestamp) -> Self {
        self.set("signedDate", at.wire())
    }

    /// As [`signed_at`](Self::signed_at), unless a date of signing was set.
    #[cfg(feature = "servers")]
    pub(crate) fn signed_at_unless_set(self, at: Timestamp) -> Self {
        match self.changes.date("signedDate") {
            Some(_) => self,
            None => self.signed_at(at),
        }
    }

    /// What was charged (`price`, in thousandths of the currency unit: 12.99 is 12990) and in
    /// which currency (`currency`, ISO 4217).
    pub fn price_milliunits(self, price: i64, currency: &str) -> Self {
        self.set("price", price).set("currency", currency)
    }

    /// When the App Store took the purchase back (`revocationDate`) and why (`revocationReason`:
    /// 1 because of an issue with the app, 0 for another reason).
    pub fn revoked(self, at: Timestamp, reason: i64) -> Self {
        self.set("revocationDate", at.wire())
            .set("revocationReason", reason)
    }

    setters! {
        /// Identifies this transaction; every renewal has another. Decimal digits. Default: fresh.
        transaction_id: &str => "transactionId";
        /// Identifies the purchase across its renewals. Decimal digits. Default: the
        /// transaction id, as for a first purchase.
        original_transaction_id: &str => "originalTransactionId";
        /// Identifies the subscription period across devices. Decimal digits.
        web_order_line_item_id: &str => "webOrderLineItemId";
        /// The app.
        bundle_id: &str => "bundleId";
        /// The product.
        product_id: &str => "productId";
        /// The subscription group. Decimal digits.
        subscription_group_identifier: &str => "subscriptionGroupIdentifier";
        /// When the customer was charged. Default: three seconds before the signed date.
        purchase_date: Timestamp => "purchaseDate";
        /// When the original transaction was made. Default: the purchase date.
        original_purchase_date: Timestamp => "originalPurchaseDate";
        /// When the subscription expires or renews. Default: 30 days after the purchase date.
        expires_date: Timestamp => "expiresDate";
        /// How many consumables were bought.
        quantity: i64 => "quantity";
        /// The kind of product, for values that no constructor gives.
        product_type: &str => "type";
        /// The account in the app that bought: a UUID that the app chose.
        app_account_token: &str => "appAccountToken";
        /// `PURCHASED` or `FAMILY_SHARED`.
        in_app_ownership_type: &str => "inAppOwnershipType";
        /// How the purchase was taken back: `REFUND_FULL`, `REFUND_PRORATED` or `FAMILY_REVOKE`.
        revocation_type: &str => "revocationType";
        /// How much of the price was refunded, in thousandths of a percent: 50000 is 50 %.
        revocation_percentage: i64 => "revocationPercentage";
        /// Whether the customer upgraded to another subscription of the group.
        is_upgraded: bool => "isUpgraded";
        /// 1 introductory, 2 promotional, 3 offer code, 4 win-back.
        offer_type: i64 => "offerType";
        /// The promotional offer's identifier or the offer code.
        offer_identifier: &str => "offerIdentifier";
        /// `FREE_TRIAL`, `PAY_AS_YOU_GO`, `PAY_UP_FRONT` or `ONE_TIME`.
        offer_discount_type: &str => "offerDiscountType";
        /// How long the offer lasts, as an ISO 8601 duration.
        offer_period: &str => "offerPeriod";
        /// The world the purchase was made in. Default: production.
        environment: Environment => "environment";
        /// The country of the App Store, ISO 3166-1 alpha-3.
        storefront: &str => "storefront";
        /// Apple's number for that country. Decimal digits.
        storefront_id: &str => "storefrontId";
        /// `PURCHASE` or `RENEWAL`.
        transaction_reason: &str => "transactionReason";
        /// Identifies the customer's download of the app. Decimal digits.
        app_transaction_id: &str => "appTransactionId";
        /// `BILLED_UPFRONT` or `MONTHLY`.
        billing_plan_type: &str => "billingPlanType";
        /// The commitment of a monthly plan, a `TransactionCommitmentInfo`.
        commitment_info: Value => "commitmentInfo";
        /// The Advanced Commerce part, an `AdvancedCommerceTransactionInfo`.
        advanced_commerce_info: Value => "advancedCommerceInfo";
        /// The original transaction id before a migration to Advanced Commerce. Decimal digits.
        previous_original_transaction_id: &str => "previousOriginalTransactionId";
    }

    /// The payload.
    #[must_use]
    pub fn build(&self) -> Value {
        let signed = self.signed_date();
        let purchased = self
            .changes
            .date("purchaseDate")
            .unwrap_or_else(|| signed.saturating_sub(SIGNING_DELAY));
        let id = self.changes.text("transactionId").unwrap_or(&self.id);
        let mut defaults = json!({
            "transactionId": id,
            "originalTransactionId": id,
            "bundleId": self.app,
            "productId": self.product,
            "purchaseDate": purchased.as_millis(),
            "originalPurchaseDate": purchased.as_millis(),
            "quantity": 1,
            "type": self.kind.name(),
            "appAccountToken": APP_ACCOUNT_TOKEN,
            "inAppOwnershipType": "PURCHASED",
            "signedDate": signed.as_millis(),
            "environment": "Production",
            "transactionReason": "PURCHASE",
            "storefront": "USA",
            "storefrontId": "143441",
            "price": 12_990,
            "currency": "USD",
            "appTransactionId": APP_TRANSACTION_ID,
        });
        if let Kind::AutoRenewable = self.kind {
            defaults["webOrderLineItemId"] = "300000000900001".into();
            defaults["subscriptionGroupIdentifier"] = SUBSCRIPTION_GROUP.into();
            defaults["expiresDate"] = purchased.saturating_add(PERIOD).wire();
            defaults["offerType"] = 1.into();
            defaults["offerDiscountType"] = "PAY_AS_YOU_GO".into();
            defaults["offerPeriod"] = "P1M".into();
        }
        Value::Object(self.changes.apply_to(defaults))
    }

    /// The payload, signed.
    #[must_use]
    pub fn sign(&self, authority: &SigningAuthority) -> String {
        authority.sign(&self.build())
    }

    pub(super) fn signed_date(&self) -> Timestamp {
        self.changes.date("signedDate").unwrap_or(self.made_at)
    }
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::AutoRenewable => "Auto-Renewable Subscription",
            Self::Consumable => "Consumable",
            Self::NonConsumable => "Non-Consumable",
            Self::NonRenewing => "Non-Renewing Subscription",
        }
    }
}

/// How long the App Store takes from the charge to the signature.
const SIGNING_DELAY: Duration = Duration::from_secs(3);

/// The length of a default subscription period.
const PERIOD: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Invented; shared by the builders so that their payloads fit together.
pub(super) const APP_ACCOUNT_TOKEN: &str = "5f0c1a9e-7b64-4d23-9c18-2e6f3ab7d401";
pub(super) const APP_TRANSACTION_ID: &str = "700000000000000001";
const SUBSCRIPTION_GROUP: &str = "29000001";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_subscription_has_the_24_members_that_production_data_has() {
        let payload = TransactionBuilder::auto_renewable("com.example.app", "pro.monthly").build();
        assert_eq!(payload.as_object().unwrap().len(), 24);
        assert_eq!(payload["transactionId"], payload["originalTransactionId"]);
    }

    #[test]
    fn a_default_subscription_is_signed_to_about_the_size_of_apples() {
        let jws = TransactionBuilder::auto_renewable("com.example.app", "pro.monthly")
            .sign(&SigningAuthority::new());
        assert!((5_200..5_800).contains(&jws.len()), "{}", jws.len());
    }

    #[test]
    fn dates_that_are_not_set_follow_from_the_signed_date() {
        let signed: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let payload = TransactionBuilder::auto_renewable("com.example.app", "pro.monthly")
            .signed_at(signed)
            .build();
        assert_eq!(payload["signedDate"], signed.as_millis());
        assert_eq!(payload["purchaseDate"], signed.as_millis() - 3_000);
        assert_eq!(
            payload["expiresDate"],
            signed.as_millis() - 3_000 + 30 * 86_400_000
        );
    }

    #[test]
    fn only_auto_renewable_subscriptions_expire_by_default() {
        for builder in [
            TransactionBuilder::consumable("com.example.app", "coins"),
            TransactionBuilder::non_consumable("com.example.app", "lifetime"),
            TransactionBuilder::non_renewing("com.example.app", "season"),
        ] {
            let payload = builder.build();
            for member in ["expiresDate", "offerType", "subscriptionGroupIdentifier"] {
                assert_eq!(payload.get(member), None);
            }
        }
    }

    #[test]
    fn any_member_can_be_set_or_left_out_in_any_order() {
        let payload = TransactionBuilder::consumable("com.example.app", "coins")
            .without("price")
            .set("madeUpTomorrow", 7)
            .revoked(Timestamp::from_seconds(5), 1)
            .build();
        assert_eq!(payload.get("price"), None);
        assert_eq!(payload["madeUpTomorrow"], 7);
        assert_eq!(payload["revocationDate"], 5_000);
        assert_eq!(payload["revocationReason"], 1);
    }

    #[test]
    fn two_builders_make_two_transactions_and_a_clone_makes_the_same() {
        let first = TransactionBuilder::consumable("com.example.app", "coins");
        let second = TransactionBuilder::consumable("com.example.app", "coins");
        assert_ne!(
            first.build()["transactionId"],
            second.build()["transactionId"]
        );
        assert_eq!(first.clone().build(), first.build());
    }
}
