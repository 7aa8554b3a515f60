//! Which errors does the Retention Messaging API answer with, besides those of the server API?
//!
//! [Apple's page](https://developer.apple.com/documentation/retentionmessaging)

/// Appends its rows and hands them on to the next macro; the columns are explained in `code.rs`.
macro_rules! retention_errors {
    ($next:ident $($then:ident)* { $($rows:tt)* }) => { $next! { $($then)* { $($rows)*
    /// The image breaks a rule: format, size or transparency.
    InvalidImage = 4000161, "INVALID_IMAGE", "retentionmessaging/invalidimageerror";
    /// The message's header is too long.
    HeaderTooLong = 4000162, "HEADER_TOO_LONG", "retentionmessaging/headertoolongerror";
    /// The message's body is too long.
    BodyTooLong = 4000163, "BODY_TOO_LONG", "retentionmessaging/bodytoolongerror";
    /// The locale is unknown.
    InvalidLocale = 4000164, "INVALID_LOCALE", "retentionmessaging/invalidlocaleerror";
    /// The alternative text is too long.
    AltTextTooLong = 4000175, "ALT_TEXT_TOO_LONG", "retentionmessaging/alttexttoolongerror";
    /// The request for a performance test is not acceptable.
    InvalidPerformanceTestRequest = 4000211, "INVALID_PERFORMANCE_TEST_REQUEST",
        "retentionmessaging/invalidperformancetestrequesterror";
    /// The request id of the performance test is not acceptable.
    InvalidRequestId = 4000212, "INVALID_REQUEST_ID", "retentionmessaging/invalidrequestiderror";
    /// A performance test is running already.
    ExistingPerformanceTestRun = 4000213, "EXISTING_PERFORMANCE_TEST_RUN",
        "retentionmessaging/existingperformancetestrunerror";
    /// The realtime URL is not acceptable.
    BadRequestRealtimeUrl = 4000215, "BAD_REQUEST_REALTIME_URL",
        "retentionmessaging/badrequestrealtimeurlerror";
    /// `imageSize` is unknown, or does not fit the image.
    BadRequestImageSize = 4000216, "BAD_REQUEST_IMAGE_SIZE",
        "retentionmessaging/badrequestimagesizeerror";
    /// The message has too many bullet points.
    BadRequestTooManyBulletPoints = 4000218, "BAD_REQUEST_TOO_MANY_BULLET_POINTS",
        "retentionmessaging/badrequesttoomanybulletpointserror";
    /// The text of a bullet point is too long.
    BadRequestBulletPointTextTooLong = 4000219, "BAD_REQUEST_BULLET_POINT_TEXT_TOO_LONG",
        "retentionmessaging/badrequestbulletpointtexttoolongerror";
    /// The header is to stand above the image, but there is no image.
    BadRequestAboveImageRequiresAnImage = 4000224, "BAD_REQUEST_ABOVE_IMAGE_REQUIRES_AN_IMAGE",
        "retentionmessaging/badrequestaboveimagerequiresanimageerror";
    /// The app has as many images as it may have.
    MaximumNumberOfImagesReached = 4030014, "MAXIMUM_NUMBER_OF_IMAGES_REACHED",
        "retentionmessaging/maximumnumberofimagesreachederror";
    /// The app has as many messages as it may have.
    MaximumNumberOfMessagesReached = 4030016, "MAXIMUM_NUMBER_OF_MESSAGES_REACHED",
        "retentionmessaging/maximumnumberofmessagesreachederror";
    /// The message is not approved, so it cannot be a default.
    MessageNotApproved = 4030017, "MESSAGE_NOT_APPROVED",
        "retentionmessaging/messagenotapprovederror";
    /// The message's image is not approved, so the message cannot be a default.
    ImageNotApproved = 4030018, "IMAGE_NOT_APPROVED", "retentionmessaging/imagenotapprovederror";
    /// A message uses the image, so it cannot be deleted.
    ImageInUse = 4030019, "IMAGE_IN_USE", "retentionmessaging/imageinuseerror";
    /// The realtime URL has not passed a performance test in the sandbox.
    ForbiddenNoPassingTest = 4030026, "FORBIDDEN_NO_PASSING_TEST",
        "retentionmessaging/forbiddennopassingtesterror";
    /// No image has this identifier.
    ImageNotFound = 4040014, "IMAGE_NOT_FOUND", "retentionmessaging/imagenotfounderror";
    /// No message has this identifier.
    MessageNotFound = 4040015, "MESSAGE_NOT_FOUND", "retentionmessaging/messagenotfounderror";
    /// Apple does not know the performance test run.
    PerformanceTestRunNotFound = 4040018, "PERFORMANCE_TEST_RUN_NOT_FOUND",
        "retentionmessaging/performancetestrunnotfounderror";
    /// There is no default message for this product and locale.
    DefaultMessageNotFound = 4040020, "DEFAULT_MESSAGE_NOT_FOUND",
        "retentionmessaging/defaultmessagenotfounderror";
    /// No realtime URL is set.
    RealtimeUrlNotFound = 4040021, "REALTIME_URL_NOT_FOUND",
        "retentionmessaging/realtimeurlnotfounderror";
    /// An image has this identifier already.
    ImageAlreadyExists = 4090000, "IMAGE_ALREADY_EXISTS",
        "retentionmessaging/imagealreadyexistserror";
    /// A message has this identifier already.
    MessageAlreadyExists = 4090001, "MESSAGE_ALREADY_EXISTS",
        "retentionmessaging/messagealreadyexistserror";
    } } };
}
pub(super) use retention_errors;
