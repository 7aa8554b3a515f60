//! One full sample of every payload, with invented values: each member that Apple (or, where the
//! fields say so, only a third-party library) names, under its name on the wire.

use serde_json::{Value, json};

pub(super) fn transaction() -> Value {
    json!({
        "originalTransactionId": "730000000000001",
        "transactionId": "730000000000042",
        "webOrderLineItemId": "730000000000977",
        "bundleId": "org.example.swim",
        "productId": "swim.season",
        "subscriptionGroupIdentifier": "31415926",
        "purchaseDate": 1_790_000_000_123_i64,
        "originalPurchaseDate": 1_780_000_000_456_i64,
        "expiresDate": 1_792_592_000_123_i64,
        "quantity": 3,
        "type": "Auto-Renewable Subscription",
        "appAccountToken": "1B9D6BCD-bbfd-4b2d-9b5d-ab8dfbbd4bed",
        "inAppOwnershipType": "FAMILY_SHARED",
        "signedDate": 1_790_000_001_000_i64,
        "revocationReason": 1,
        "revocationDate": 1_791_000_000_000_i64,
        "isUpgraded": true,
        "offerType": 4,
        "offerIdentifier": "come-back-soon",
        "environment": "Sandbox",
        "storefront": "ISL",
        "storefrontId": "143558",
        "transactionReason": "RENEWAL",
        "price": 1_490_000,
        "currency": "ISK",
        "offerDiscountType": "PAY_AS_YOU_GO",
        "appTransactionId": "704000000000000011",
        "offerPeriod": "P2W",
        "revocationType": "REFUND_PRORATED",
        "revocationPercentage": 33_333,
        "advancedCommerceInfo": advanced_commerce_transaction(),
        "billingPlanType": "MONTHLY",
        "commitmentInfo": transaction_commitment(),
        "previousOriginalTransactionId": "730000000000000",
    })
}

pub(super) fn transaction_commitment() -> Value {
    json!({
        "billingPeriodNumber": 5,
        "commitmentExpiresDate": 1_810_000_000_000_i64,
        "commitmentPrice": 17_880_000,
        "totalBillingPeriods": 12,
    })
}

pub(super) fn renewal_info() -> Value {
    json!({
        "expirationIntent": 3,
        "originalTransactionId": "730000000000001",
        "autoRenewProductId": "swim.day",
        "productId": "swim.season",
        "autoRenewStatus": 0,
        "isInBillingRetryPeriod": true,
        "priceIncreaseStatus": 1,
        "gracePeriodExpiresDate": 1_793_000_000_000_i64,
        "offerType": 2,
        "offerIdentifier": "loyal-swimmer",
        "signedDate": 1_790_000_002_000_i64,
        "environment": "Production",
        "recentSubscriptionStartDate": 1_780_000_000_456_i64,
        "renewalDate": 1_792_592_000_123_i64,
        "renewalPrice": 990_000,
        "currency": "ISK",
        "offerDiscountType": "FREE_TRIAL",
        "eligibleWinBackOfferIds": ["come-back-soon", "come-back-later"],
        "appTransactionId": "704000000000000011",
        "offerPeriod": "P1Y",
        "appAccountToken": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
        "advancedCommerceInfo": advanced_commerce_renewal(),
        "commitmentInfo": renewal_commitment(),
        "renewalBillingPlanType": "BILLED_UPFRONT",
    })
}

pub(super) fn renewal_commitment() -> Value {
    json!({
        "commitmentAutoRenewProductId": "swim.season",
        "commitmentAutoRenewStatus": 1,
        "commitmentRenewalBillingPlanType": "MONTHLY",
        "commitmentRenewalDate": 1_810_000_000_000_i64,
        "commitmentRenewalPrice": 19_080_000,
    })
}

pub(super) fn notification() -> Value {
    json!({
        "notificationType": "DID_CHANGE_RENEWAL_PREF",
        "subtype": "DOWNGRADE",
        "notificationUUID": "0b5e2f9a-7c11-4e58-8f0e-5d0c54a3be7d",
        "data": notification_data(),
        "version": "2.0",
        "signedDate": 1_790_000_003_000_i64,
        "summary": summary(),
        "externalPurchaseToken": external_purchase_token(),
        "appData": app_data(),
    })
}

pub(super) fn notification_data() -> Value {
    json!({
        "environment": "Production",
        "appAppleId": 1_234_509_876,
        "bundleId": "org.example.swim",
        "bundleVersion": "7.2.1",
        "signedTransactionInfo": "transaction.of.swimmer",
        "signedRenewalInfo": "renewal.of.swimmer",
        "status": 4,
        "consumptionRequestReason": "UNINTENDED_PURCHASE",
    })
}

pub(super) fn summary() -> Value {
    json!({
        "environment": "Production",
        "appAppleId": 1_234_509_876,
        "bundleId": "org.example.swim",
        "productId": "swim.season",
        "requestIdentifier": "9e2a1c7e-3d1f-4e0f-a1a8-6f4c1f0f7a55",
        "storefrontCountryCodes": ["ISL", "NOR"],
        "succeededCount": 40_961,
        "failedCount": 7,
    })
}

pub(super) fn external_purchase_token() -> Value {
    json!({
        "externalPurchaseId": "SANDBOX_5f0c7a4e-90f1-4d0c-8a52-0c1cb0e0f3a9",
        "tokenCreationDate": 1_790_000_004_000_i64,
        "appAppleId": 1_234_509_876,
        "bundleId": "org.example.swim",
        "tokenExpirationDate": 1_821_536_004_000_i64,
        "tokenType": "SERVICES",
    })
}

pub(super) fn app_data() -> Value {
    json!({
        "appAppleId": 1_234_509_876,
        "bundleId": "org.example.swim",
        "environment": "Production",
        "signedAppTransactionInfo": "download.of.app",
    })
}

pub(super) fn app_transaction() -> Value {
    json!({
        "receiptType": "Production",
        "appAppleId": 1_234_509_876,
        "bundleId": "org.example.swim",
        "applicationVersion": "7.2.1",
        "versionExternalIdentifier": 987_654_321,
        "receiptCreationDate": 1_790_000_005_000_i64,
        "originalPurchaseDate": 1_600_000_000_000_i64,
        "originalApplicationVersion": "1.0",
        "deviceVerification": "c3dpbW1pbmcgaXMgZnVu",
        "deviceVerificationNonce": "6f0a2e0c-0d3b-4c57-9a53-3f1f7b7f4f10",
        "preorderDate": 1_599_000_000_000_i64,
        "appTransactionId": "704000000000000011",
        "originalPlatform": "visionOS",
    })
}

pub(super) fn advanced_commerce_transaction() -> Value {
    json!({
        "descriptors": descriptors(),
        "estimatedTax": 357_600,
        "items": [transaction_item()],
        "period": "P6M",
        "requestReferenceId": "d3d94468-2a5f-4f6e-8b7a-1f1d2c3b4a59",
        "taxCode": "S042-07-1",
        "taxExclusivePrice": 1_132_400,
        "taxRate": "0.24",
    })
}

pub(super) fn transaction_item() -> Value {
    json!({
        "SKU": "pool.lane.4",
        "description": "A lane to yourself",
        "displayName": "Lane 4",
        "offer": offer(),
        "price": 1_490_000,
        "refunds": [refund()],
        "revocationDate": 1_791_000_000_000_i64,
    })
}

pub(super) fn advanced_commerce_renewal() -> Value {
    json!({
        "consistencyToken": "bGFuZXM",
        "descriptors": descriptors(),
        "items": [renewal_item()],
        "period": "P1Y",
        "requestReferenceId": "d3d94468-2a5f-4f6e-8b7a-1f1d2c3b4a59",
        "taxCode": "S042-07-1",
    })
}

pub(super) fn renewal_item() -> Value {
    json!({
        "SKU": "pool.lane.4",
        "description": "A lane to yourself",
        "displayName": "Lane 4",
        "offer": offer(),
        "price": 1_490_000,
        "priceIncreaseInfo": price_increase_info(),
    })
}

pub(super) fn price_increase_info() -> Value {
    json!({
        "dependentSKUs": ["pool.towel", "pool.sauna"],
        "price": 1_590_000,
        "status": "PENDING",
    })
}

pub(super) fn descriptors() -> Value {
    json!({"description": "Swim whenever you like", "displayName": "Open water"})
}

pub(super) fn offer() -> Value {
    json!({"period": "P3D", "periodCount": 2, "price": 100_000, "reason": "WIN_BACK"})
}

pub(super) fn refund() -> Value {
    json!({
        "refundAmount": 745_000,
        "refundDate": 1_791_000_000_000_i64,
        "refundReason": "FULFILLMENT_ISSUE",
        "refundType": "PRORATED",
    })
}
