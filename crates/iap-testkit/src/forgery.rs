//! Which ways there are of being wrong.

/// Declares every forgery once: its name, and the sentence that is both its documentation and what
/// it displays as.
macro_rules! forgeries {
    ($(#[$doc:meta])* pub enum $enum:ident { $($name:ident: $sentence:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $enum {
            $(#[doc = concat!($sentence, ".")] $name,)*
        }

        impl $enum {
            /// Every way of being wrong.
            #[must_use]
            pub const fn all() -> &'static [Self] {
                &[$(Self::$name,)*]
            }
        }

        impl ::core::fmt::Display for $enum {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(match self {
                    $(Self::$name => $sentence,)*
                })
            }
        }
    };
}
pub(crate) use forgeries;

forgeries! {
    /// One way in which a JWS can be wrong.
    ///
    /// [`SigningAuthority::forge`](crate::SigningAuthority::forge) makes a JWS that is wrong in
    /// this way and right in every other: what is signed after the change is signed correctly.
    /// A verifier has to refuse all of [`Forgery::all`].
    ///
    /// ```
    /// use iap_testkit::{Forgery, SigningAuthority, TransactionBuilder};
    ///
    /// let authority = SigningAuthority::new();
    /// let payload = TransactionBuilder::consumable("com.example.app", "coins").build();
    /// for forgery in Forgery::all() {
    ///     let jws = authority.forge(*forgery, &payload);
    ///     # let your_backend_accepts = |_: &str| false;
    ///     assert!(!your_backend_accepts(&jws), "{forgery:?}: {forgery}");
    /// }
    /// ```
    pub enum Forgery {
        // The dates of the certificates, at the signed date of the payload.
        ExpiredLeaf: "The leaf had expired when the payload was signed",
        ExpiredIntermediate: "The intermediate had expired when the payload was signed",
        LeafNotYetValid: "The leaf was not yet valid when the payload was signed",
        IntermediateNotYetValid: "The intermediate was not yet valid when the payload was signed",

        // What the certificates say about themselves.
        LeafWithoutMarker: "The leaf lacks the extension that marks App Store signing certificates",
        LeafWithOtherMarker: "The leaf is marked for another of Apple's purposes",
        IntermediateWithoutMarker: "The intermediate lacks the extension that marks Apple's",
        IntermediateWithOtherMarker: "The intermediate is marked for another of Apple's purposes",
        MarkersSwapped: "Leaf and intermediate carry each other's marker",
        LeafIsCa: "The leaf claims to be a certificate authority",
        IntermediateIsNotCa: "The intermediate is no certificate authority",
        LeafWithoutDigitalSignature: "The leaf's key is for key agreement, not for signatures",
        IntermediateWithoutCertSign: "The intermediate's key may not sign certificates",
        LeafWithUnknownCriticalExtension: "The leaf has a critical extension that nobody knows",
        IntermediateWithUnknownCriticalExtension:
            "The intermediate has a critical extension that nobody knows",
        LeafKeyP384: "The leaf's key is on P-384, on which no ES256 signature can be made",

        // Who issued the certificates.
        OtherRootOfTheSameName: "The chain ends in another root with the trusted root's name",
        OtherRootBehindTheTrustedOne:
            "The chain was issued by another root of the same name, but presents the trusted one",
        UnknownRoot: "The chain ends in a root that nobody trusts",
        IntermediateOfAnotherAuthority:
            "The leaf was signed by an impostor with the name of the intermediate",
        SelfSignedLeaf: "The leaf was signed with its own key and claims the intermediate as its issuer",
        LeafSignedByRoot: "The leaf was issued by the root instead of the intermediate",
        LeafOfRootBehindItsImpostor:
            "The root issued the leaf, which comes with a stranger's certificate of the root's name",
        LeafOfImpostorOfRoot:
            "A stranger with the root's name issued the leaf and comes as the intermediate",
        LeafIssuedByLeaf: "A signing certificate issued another one, as if it were an authority",
        IntermediateIssuedByIntermediate:
            "The intermediate issued an intermediate, which its path length of 0 forbids",
        LeafIssuerNameDiffers: "The leaf names another issuer than the intermediate that signed it",
        IntermediateIssuerNameDiffers: "The intermediate names another issuer than the root that signed it",
        LeafKeyReplaced: "The leaf's key was exchanged after the certificate was issued",
        IntermediateKeyReplaced: "The intermediate's key was exchanged after the certificate was issued",
        LeafCertificateTampered: "One bit of the signature on the leaf is flipped",
        IntermediateCertificateTampered: "One bit of the signature on the intermediate is flipped",

        // Which certificates are presented, and how.
        CertificatesInWrongOrder: "The intermediate comes before the leaf",
        RootInPlaceOfIntermediate: "The root stands where the intermediate belongs",
        NoCertificates: "The header has no x5c",
        EmptyCertificates: "The x5c list is empty",
        OneCertificate: "The leaf comes alone",
        TwoCertificates: "The root is missing from x5c",
        FourCertificates: "The root comes twice",
        CertificatesNotAList: "The x5c member is the leaf's text instead of a list",
        CertificatesNotText: "The x5c list holds numbers",
        CertificateNotBase64: "The leaf in x5c is no base64",
        CertificateInBase64Url: "The leaf in x5c is base64url, where standard base64 is prescribed",
        CertificateWithLineBreaks: "The base64 of the leaf in x5c is broken into lines",
        CertificateNotDer: "The leaf in x5c is base64 of something that is no certificate",
        TrailingBytesAfterLeaf: "Eight bytes follow the leaf in its x5c entry",
        TrailingBytesAfterIntermediate: "Eight bytes follow the intermediate in its x5c entry",

        // The header.
        AlgorithmNone: "The header says that there is no signature, and there is none",
        AlgorithmHs256: "The signature is an HMAC keyed with the leaf's public key (SPKI, DER)",
        AlgorithmEs384: "The header says ES384 over an ES256 signature",
        AlgorithmLowerCase: "The header says es256",
        AlgorithmMissing: "The header names no algorithm",
        CriticalHeader: "The header demands an extension that nobody knows (crit)",
        KeyInHeader: "The signature is by a key that the header itself brings (jwk)",
        DuplicateHeaderMember: "The header names two algorithms, none and then ES256",
        HeaderNotJson: "The header is no JSON",
        HeaderTampered: "A member was added to the header after signing",

        // The payload.
        PayloadNotJson: "The payload is no JSON",
        PayloadNotAnObject: "The payload is a JSON list",
        PayloadTampered: "The payload was changed after signing",

        // The signature.
        KeySwapped: "The signature is by another key than the leaf's",
        SignatureOfAnotherPayload: "The signature belongs to another payload of the same authority",
        SignatureFlipped: "One bit of the signature is flipped",
        SignatureTruncated: "The signature is one byte short",
        SignatureExtended: "The signature is one byte long",
        SignatureInDer: "The signature is in ASN.1, as certificates carry it",
        SignatureEmpty: "The signature is empty",
        SignatureAllZero: "Both numbers of the signature are zero",
        SignatureOfCurveOrder: "Both numbers of the signature are the order of the curve",

        // The text.
        HeaderPadded: "The header segment is padded with =",
        PayloadPadded: "The payload segment is padded with =",
        SignaturePadded: "The signature segment is padded with =",
        SignatureInStandardBase64: "The signature segment is standard base64, with + or /",
        TrailingBits: "The last character of the signature has bits set that no byte uses",
        LeadingWhitespace: "A space comes before the JWS",
        TrailingNewline: "A line break follows the JWS",
        WhitespaceInside: "A space stands within the payload segment",
        TwoSegments: "There is no third segment",
        FourSegments: "There is a fourth segment",
        EmptySegment: "The payload segment is empty",

        // Another signer altogether.
        SignedByXcode: "It is what Xcode signs: one self-made certificate",
    }
}
