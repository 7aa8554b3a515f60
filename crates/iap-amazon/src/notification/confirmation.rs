//! A topic asks whether its messages may come here. The answer is the caller's to give.
//!
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html>

use iap_core::Secret;

#[cfg(feature = "client")]
use super::sns_url::{self, UrlProblem};
use super::{envelope::Subscription, message::VerifiedEnvelope, topic::TopicArn};

/// A topic asks to confirm that its messages may come to this endpoint.
///
/// It has been verified, and the topic is one that the verifier accepts; nothing has been confirmed.
/// Amazon describes two ways, perhaps of two generations of its console: visiting an address, which
/// [`confirm`](Self::confirm) does, and entering the [`token`](Self::token) in the Developer Console.
/// Tokens expire after three days; the console can send a new one.
#[derive(Clone, Debug)]
pub struct Confirmation {
    envelope: VerifiedEnvelope,
    token: Secret,
    subscribe_url: Secret,
}

impl Confirmation {
    pub(super) fn new(envelope: VerifiedEnvelope, subscription: Subscription) -> Self {
        Self {
            envelope,
            token: subscription.token,
            subscribe_url: subscription.subscribe_url,
        }
    }

    /// The topic that asks.
    #[must_use]
    pub const fn topic(&self) -> &TopicArn {
        self.envelope.topic()
    }

    /// The token to enter in the Developer Console. Whoever has it can confirm in your place.
    #[must_use]
    pub const fn token(&self) -> &Secret {
        &self.token
    }

    /// The address whose visit confirms; it holds the token. [`confirm`](Self::confirm) checks it
    /// before it is visited.
    #[must_use]
    pub const fn subscribe_url(&self) -> &Secret {
        &self.subscribe_url
    }

    /// The envelope that it came in.
    #[must_use]
    pub const fn envelope(&self) -> &VerifiedEnvelope {
        &self.envelope
    }
}

#[cfg(feature = "client")]
mod client {
    use std::sync::Arc;

    use bytes::Bytes;
    use http::StatusCode;
    use iap_core::{
        Error, Store,
        http::{
            Call, HttpClient, HttpRequest, HttpTransport, Idempotency, Outcome, ResponseLimit,
            RetryPolicy,
        },
    };

    use super::{Confirmation, UrlProblem, sns_url};

    impl Confirmation {
        /// Confirms the subscription, by visiting the address that Amazon sent.
        ///
        /// 1. The address is one of Amazon's notification service, in the region of the topic.
        /// 2. It is the call `ConfirmSubscription` for exactly this topic and this token.
        /// 3. It is visited; redirects are not followed, and what comes back is not looked at.
        ///
        /// ```
        /// use std::sync::Arc;
        /// use iap_amazon::{Confirmation, EndpointAnswer, Error};
        /// use iap_core::http::ReqwestTransport;
        ///
        /// async fn subscribe(confirmation: &Confirmation) -> Result<EndpointAnswer, Error> {
        ///     let transport = Arc::new(ReqwestTransport::new()?);
        ///     confirmation.confirm(transport).await?;
        ///     Ok(EndpointAnswer::Accept)
        /// }
        /// ```
        ///
        /// # Errors
        ///
        /// [`Refused`](iap_core::ErrorKind::Refused) if the address is not such a call, when nothing
        /// is sent, or if Amazon refuses the token;
        /// [`Unavailable`](iap_core::ErrorKind::Unavailable) if there is no answer.
        pub async fn confirm(&self, transport: Arc<dyn HttpTransport>) -> Result<(), Error> {
            // 1, 2
            let url = self.check_subscribe_url().map_err(|problem| {
                refused(format!("the address to confirm is refused: {problem}"))
            })?;
            // 3
            let mut request = HttpRequest::new(Bytes::new());
            *request.uri_mut() = url
                .parse()
                .map_err(|_| refused("the address to confirm cannot be visited".to_owned()))?;
            request.extensions_mut().insert(ResponseLimit(MAX_ANSWER));
            let client = HttpClient::new(Store::AmazonAppstore, transport, RetryPolicy::new());
            let call = Call::new("confirm_subscription", request, Idempotency::Idempotent);
            let response = client.execute(call, Outcome::of_status).await?;
            let error = match response.status() {
                StatusCode::OK => return Ok(()),
                status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                    Error::unavailable("the subscription could not be confirmed")
                }
                _ => refused("the subscription was not confirmed".to_owned()),
            };
            Err(error
                .with_store(Store::AmazonAppstore)
                .with_http_status(response.status().as_u16()))
        }

        /// The address, if it is what it should be.
        fn check_subscribe_url(&self) -> Result<String, UrlProblem> {
            // 1
            let url = sns_url::parse(self.subscribe_url.expose())?;
            sns_url::check_region(&url, self.topic())?;
            if url.path() != "/" {
                return Err(UrlProblem::Path);
            }
            // 2
            if url.query().is_none() {
                return Err(UrlProblem::Query);
            }
            for (name, expected) in [
                ("Action", "ConfirmSubscription"),
                ("TopicArn", self.topic().as_str()),
                ("Token", self.token.expose()),
            ] {
                // A second one might be the one that counts.
                let found = url.query_pairs().filter(|(found, _)| found == name);
                if !found.map(|(_, value)| value).eq([expected]) {
                    return Err(UrlProblem::Parameter { name });
                }
            }
            Ok(url.into())
        }
    }

    fn refused(message: String) -> Error {
        Error::refused(message).with_store(Store::AmazonAppstore)
    }

    /// The answer is some lines of XML, which nobody reads.
    const MAX_ANSWER: usize = 64 * 1024;
}
