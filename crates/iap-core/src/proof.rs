//! What an app hands to its backend to prove a purchase.

use core::fmt;

use crate::{AppId, ProductId, PurchaseToken, ReceiptId, Store, Timestamp, TransactionId, UserId};

/// Something a store can verify. Nothing in it is believed before that.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Proof {
    /// Amazon Appstore: a product bought through the Billing Compatibility SDK.
    #[non_exhaustive]
    AmazonBillingProduct {
        /// The app's package name.
        app_id: AppId,
        /// The product that the app says was bought: Amazon wants it in the question.
        product_id: ProductId,
        /// The token of the purchase.
        purchase_token: PurchaseToken,
    },
    /// Amazon Appstore: a subscription bought through the Billing Compatibility SDK.
    #[non_exhaustive]
    AmazonBillingSubscription {
        /// The app's package name.
        app_id: AppId,
        /// The token of the purchase.
        purchase_token: PurchaseToken,
    },
    /// Amazon Appstore: a receipt of the in-app purchasing API.
    #[non_exhaustive]
    AmazonReceipt {
        /// The receipt.
        receipt_id: ReceiptId,
        /// The customer, as Amazon names them to this app.
        user_id: UserId,
    },
    /// App Store: a transaction signed by Apple (StoreKit 2 `jwsRepresentation`).
    AppleSignedTransaction(SignedTransaction),
    /// App Store: the id of any transaction of the customer, to be looked up at Apple.
    AppleTransactionId(TransactionId),
    /// Google Play: a one-time product.
    #[non_exhaustive]
    GoogleProduct {
        /// The app's package name.
        app_id: AppId,
        /// The token of the purchase.
        purchase_token: PurchaseToken,
        /// When the app says it was bought; see [`Proof::with_purchase_time`].
        purchase_time: Option<Timestamp>,
    },
    /// Google Play: a subscription.
    #[non_exhaustive]
    GoogleSubscription {
        /// The app's package name.
        app_id: AppId,
        /// The token of the purchase.
        purchase_token: PurchaseToken,
        /// When the app says it was bought; see [`Proof::with_purchase_time`].
        purchase_time: Option<Timestamp>,
    },
}

impl Proof {
    /// A transaction signed by Apple.
    #[must_use]
    pub fn apple_signed_transaction(jws: impl Into<SignedTransaction>) -> Self {
        Self::AppleSignedTransaction(jws.into())
    }

    /// The id of an App Store transaction.
    #[must_use]
    pub fn apple_transaction_id(id: impl Into<TransactionId>) -> Self {
        Self::AppleTransactionId(id.into())
    }

    /// A one-time product of Google Play. If it is a subscription, that is found out.
    #[must_use]
    pub fn google_product(
        app_id: impl Into<AppId>,
        purchase_token: impl Into<PurchaseToken>,
    ) -> Self {
        Self::GoogleProduct {
            app_id: app_id.into(),
            purchase_token: purchase_token.into(),
            purchase_time: None,
        }
    }

    /// A subscription of Google Play. If it is a one-time product, that is found out.
    #[must_use]
    pub fn google_subscription(
        app_id: impl Into<AppId>,
        purchase_token: impl Into<PurchaseToken>,
    ) -> Self {
        Self::GoogleSubscription {
            app_id: app_id.into(),
            purchase_token: purchase_token.into(),
            purchase_time: None,
        }
    }

    /// Adds when the app says the purchase was made: `purchaseTime` of Google's purchase data. Proofs
    /// of other stores do not change.
    ///
    /// Google may not know a purchase in its first half minute. With the time of the purchase a
    /// verifier tells that apart from a purchase that does not exist, and answers "could not tell".
    /// Nothing else is made of the time, so a wrong one gives no access.
    #[must_use]
    pub fn with_purchase_time(mut self, time: Timestamp) -> Self {
        if let Self::GoogleProduct { purchase_time, .. }
        | Self::GoogleSubscription { purchase_time, .. } = &mut self
        {
            *purchase_time = Some(time);
        }
        self
    }

    /// A receipt of the Amazon Appstore.
    #[must_use]
    pub fn amazon_receipt(receipt_id: impl Into<ReceiptId>, user_id: impl Into<UserId>) -> Self {
        Self::AmazonReceipt {
            receipt_id: receipt_id.into(),
            user_id: user_id.into(),
        }
    }

    /// A product of the Amazon Appstore, bought through the Billing Compatibility SDK.
    #[must_use]
    pub fn amazon_billing_product(
        app_id: impl Into<AppId>,
        product_id: impl Into<ProductId>,
        purchase_token: impl Into<PurchaseToken>,
    ) -> Self {
        Self::AmazonBillingProduct {
            app_id: app_id.into(),
            product_id: product_id.into(),
            purchase_token: purchase_token.into(),
        }
    }

    /// A subscription of the Amazon Appstore, bought through the Billing Compatibility SDK.
    #[must_use]
    pub fn amazon_billing_subscription(
        app_id: impl Into<AppId>,
        purchase_token: impl Into<PurchaseToken>,
    ) -> Self {
        Self::AmazonBillingSubscription {
            app_id: app_id.into(),
            purchase_token: purchase_token.into(),
        }
    }

    /// The store that can verify it.
    #[must_use]
    pub const fn store(&self) -> Store {
        match self {
            Self::AmazonBillingProduct { .. }
            | Self::AmazonBillingSubscription { .. }
            | Self::AmazonReceipt { .. } => Store::AmazonAppstore,
            Self::AppleSignedTransaction(_) | Self::AppleTransactionId(_) => Store::AppStore,
            Self::GoogleProduct { .. } | Self::GoogleSubscription { .. } => Store::GooglePlay,
        }
    }

    /// What kind of proof this is, for messages: never contains the proof itself.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AmazonBillingProduct { .. } => "Amazon billing product token",
            Self::AmazonBillingSubscription { .. } => "Amazon billing subscription token",
            Self::AmazonReceipt { .. } => "Amazon receipt",
            Self::AppleSignedTransaction(_) => "Apple signed transaction",
            Self::AppleTransactionId(_) => "Apple transaction id",
            Self::GoogleProduct { .. } => "Google one-time product token",
            Self::GoogleSubscription { .. } => "Google subscription token",
        }
    }
}

/// A transaction signed by Apple: a compact JWS, not verified yet. `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SignedTransaction(String);

impl SignedTransaction {
    /// The JWS as the app sent it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SignedTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedTransaction({} bytes)", self.0.len())
    }
}

impl From<String> for SignedTransaction {
    fn from(jws: String) -> Self {
        Self(jws)
    }
}

impl From<&str> for SignedTransaction {
    fn from(jws: &str) -> Self {
        Self(jws.to_owned())
    }
}
