//! Reports of payments outside Google Play's billing.
//!
//! <https://developers.google.com/android-publisher/api-ref/rest/v3/externaltransactions>

use iap_core::Error;

use super::{ApiRequest, PlayClient, resource::resource};
use crate::model::{ExternalTransaction, RefundExternalTransactionRequest};

resource! {
    /// Google's `externaltransactions`. Made by [`PlayClient::externaltransactions`].
    ExternalTransactionsResource
}

impl PlayClient {
    /// Reports of payments outside Google Play's billing.
    #[must_use]
    pub const fn externaltransactions(&self) -> ExternalTransactionsResource<'_> {
        ExternalTransactionsResource { client: self }
    }
}

impl ExternalTransactionsResource<'_> {
    /// Reports a payment, within 24 hours, under an identifier of your own: 1 to 63 letters, digits,
    /// hyphens and underscores, new for each payment, without personal data.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/externaltransactions/createexternaltransaction)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn create_external_transaction(
        self,
        external_transaction_id: impl Into<String>,
        transaction: &ExternalTransaction,
    ) -> Result<ExternalTransaction, Error> {
        // The identifier makes Google recognise a repetition.
        let call = ApiRequest::post(
            "externaltransactions.createexternaltransaction",
            ["externalTransactions"],
        )
        .query("externalTransactionId", external_transaction_id)
        .repeatable()
        .json(transaction)?;
        self.client.send(call).await
    }

    /// A reported payment.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/externaltransactions/getexternaltransaction)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn get_external_transaction(
        self,
        external_transaction_id: impl Into<String>,
    ) -> Result<ExternalTransaction, Error> {
        let path = [
            "externalTransactions".to_owned(),
            external_transaction_id.into(),
        ];
        let call = ApiRequest::get("externaltransactions.getexternaltransaction", path);
        self.client.send(call).await
    }

    /// Reports that a payment was given back, all of it or some.
    ///
    /// [Google's page](https://developers.google.com/android-publisher/api-ref/rest/v3/externaltransactions/refundexternaltransaction)
    ///
    /// # Errors
    ///
    /// See [`PlayClient::send`].
    pub async fn refund_external_transaction(
        self,
        external_transaction_id: impl Into<String>,
        request: &RefundExternalTransactionRequest,
    ) -> Result<ExternalTransaction, Error> {
        let path = [
            "externalTransactions".to_owned(),
            external_transaction_id.into(),
        ];
        let call = ApiRequest::post("externaltransactions.refundexternaltransaction", path)
            .verb("refund")
            .json(request)?;
        // The identifier of a partial refund makes Google recognise a repetition.
        let call = match request.partial_refund {
            Some(_) => call.repeatable(),
            None => call,
        };
        self.client.send(call).await
    }
}
