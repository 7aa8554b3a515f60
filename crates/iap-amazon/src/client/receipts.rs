//! The Receipt Verification Service.
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/iap-rvs-for-android-apps.html>

use iap_core::{Environment, Error, ReceiptId, Rejection, Store, UserId};

use super::{
    AmazonClient,
    request::{ApiRequest, Identifier, Segment},
};
use crate::{
    answer::{Answer, unreadable},
    app_tester::AppTesterReceipt,
    error::Endpoint,
    model::Receipt,
};

impl AmazonClient {
    /// Asks about a receipt of a customer, both as the app got them from the Appstore SDK.
    ///
    /// 1. The ids can be ids.
    /// 2. The receipt was not made by App Tester, where production is asked: Cloud Sandbox would accept
    ///    it, and anybody can make it. No request is made.
    /// 3. Amazon knows the receipt, and that it is this customer's.
    /// 4. The answer can be read.
    /// 5. It is about the receipt that was asked for.
    ///
    /// The product is for the caller to compare, with [`ExpectedProduct`](crate::ExpectedProduct).
    ///
    /// # Errors
    ///
    /// Verdicts: [`Rejection::Malformed`], [`Rejection::WrongEnvironment`],
    /// [`Rejection::NotFound`], [`Rejection::WrongAccount`], and [`Rejection::NoLongerValid`], which
    /// [`Purchase::no_longer_valid`](iap_core::Purchase::no_longer_valid) applies to what is stored.
    /// Anything else is no verdict; see [`ApiFailure`](crate::ApiFailure) for each answer of Amazon.
    pub async fn verify_receipt(
        &self,
        receipt_id: &ReceiptId,
        user_id: &UserId,
    ) -> Result<Answer<Receipt>, Error> {
        // 1
        let path = [
            Segment::Word("version"),
            Segment::Word("1.0"),
            Segment::Word("verifyReceiptId"),
            Segment::Word("developer"),
            Segment::SharedSecret,
            Segment::Word("user"),
            Segment::Id(Identifier::new("user id", user_id, MAX_USER_ID_LENGTH)?),
            Segment::Word("receiptId"),
            Segment::Id(Identifier::new(
                "receipt id",
                receipt_id,
                MAX_RECEIPT_ID_LENGTH,
            )?),
        ];
        // 2
        if self.environment() == Environment::Production
            && AppTesterReceipt::decode(receipt_id).is_some()
        {
            return Err(Error::rejected(
                Rejection::WrongEnvironment,
                "the receipt was made by App Tester, which anybody can run; only Cloud Sandbox \
                 verifies it",
            )
            .with_store(Store::AmazonAppstore));
        }
        // 3, 4
        let request = ApiRequest::get(Endpoint::VerifyReceiptId, path);
        let answer = self.ask::<Receipt>(request).await?;
        // 5
        if answer.receipt_id != *receipt_id {
            return Err(unreadable("Amazon answered with another receipt"));
        }
        Ok(answer.of_user(user_id.clone()))
    }
}

/// Twice what Amazon tells to store.
const MAX_USER_ID_LENGTH: usize = 256;

/// Amazon tells to store 200 characters; ids of old have 350.
pub(super) const MAX_RECEIPT_ID_LENGTH: usize = 1024;
