//! Which ways there are of being wrong.

use crate::forgery::forgeries;

forgeries! {
    /// One way in which a message of SNS can be wrong.
    ///
    /// [`SnsSigner::forge`](crate::SnsSigner::forge) makes a body that is wrong in this way and right
    /// in every other: what is changed before signing is signed correctly. A verifier has to refuse
    /// all of [`SnsForgery::all`].
    ///
    /// ```
    /// use iap_testkit::{AmazonNotificationBuilder, SnsForgery, SnsSigner};
    ///
    /// let signer = SnsSigner::new();
    /// let topic = "arn:aws:sns:us-east-1:123456789012:Example";
    /// let message = AmazonNotificationBuilder::new("CONSUMABLE_PURCHASED", "com.example.app")
    ///     .message(topic);
    /// for forgery in SnsForgery::all() {
    ///     let body = signer.forge(*forgery, &message);
    ///     # let your_endpoint_accepts = |_: &str| false;
    ///     assert!(!your_endpoint_accepts(&body), "{forgery:?}: {forgery}");
    /// }
    /// ```
    pub enum SnsForgery {
        // Who signed.
        SignedByAnotherKey: "The signature is by another key than the certificate's",
        AnotherCertificate: "The address is that of another certificate of SNS",
        CertificateOfAnotherService: "The certificate names sqs.amazonaws.com",
        CertificateOfSubdomain: "The certificate names a host below sns.amazonaws.com",
        CertificateWithWildcard: "The certificate names *.amazonaws.com",
        CertificateWithoutName: "The certificate has the name as its common name only",
        CertificateExpired: "The certificate had expired when the message was sent",
        CertificateNotYetValid: "The certificate was not yet valid when the message was sent",
        CertificateOfWeakKey: "The certificate's key is RSA with 1024 bits",
        CertificateOfEcKey: "The certificate's key is on P-256",
        CertificateWithoutDigitalSignature: "The certificate's key is not for signatures",

        // The signature.
        SignatureOfAnotherMessage: "The signature belongs to another message of the same signer",
        SignatureOfOtherHash: "The signature is with the hash of the other signature version",
        SignatureFlipped: "One bit of the signature is flipped",
        SignatureTruncated: "The signature is one byte short",
        SignatureExtended: "The signature is one byte long",
        SignatureEmpty: "The signature is empty",
        SignatureAllZero: "Every byte of the signature is zero",
        SignatureMissing: "There is no signature",
        SignatureInBase64Url: "The signature is base64url, where standard base64 is prescribed",
        SignatureUnpadded: "The signature lacks its padding",
        SignatureWithLineBreak: "The base64 of the signature is broken into lines",
        SignatureVersionUnknown: "The signature version is 3",
        SignatureVersionNumber: "The signature version is a number",
        SignatureVersionMissing: "There is no signature version",

        // What is signed.
        MessageChanged: "The message was changed after signing",
        MessageIdChanged: "The message id was changed after signing",
        TimestampChanged: "The time was changed after signing",
        TypeChanged: "The type was changed after signing",
        SubjectAdded: "A subject was added after signing",
        SubjectRemoved: "The subject was removed after signing",
        SubjectMovedIntoMessageId:
            "The subject was moved into the message id, which leaves the signed text as it is",
        TopicChanged: "It was signed for another topic, whose name was changed after signing",
        ForeignTopic: "It is a genuine message of another topic",
        Replayed: "It is a genuine message of the day before",

        // The certificate's address.
        UrlMissing: "There is no address of a certificate",
        UrlPlainHttp: "The certificate's address is not https",
        UrlOfForeignHost: "The certificate's host begins like one of SNS",
        UrlOfBucket: "The certificate's host is a bucket that anybody can have",
        UrlWithUserInfo: "The certificate's address has the host of SNS as a user name",
        UrlWithPort: "The certificate's address names a port",
        UrlWithBackslash: "The certificate's address has a backslash, at which parsers differ",
        UrlWithQuery: "The certificate's address has a query",
        UrlNotPem: "The certificate's address is no file of a certificate",
        UrlOfOtherRegion: "The certificate's host is in another region than the topic",

        // The envelope.
        NotJson: "The body is no JSON",
        NotAnObject: "The body is a JSON list",
        DuplicateMember: "The message is there twice",
        DuplicateSpelling: "The certificate's address is there in both spellings",
        TypeUnknown: "The type is none of SNS's",
        MessageMissing: "There is no message",
        MessageNotText: "The message is an object instead of a text",
        TimestampNotATime: "The time is no time",
    }
}
