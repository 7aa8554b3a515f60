//! Messages for customers who are about to leave: images, texts, defaults, and who decides at once.
//!
//! <https://developer.apple.com/documentation/retentionmessaging>

use std::collections::BTreeMap;

use http::StatusCode;
use iap_core::Environment;
use serde_json::{Value, json};

use super::{
    super::{FakeAppStore, json},
    Answer, Call, Outcome, Problem, empty, is_uuid,
    performance_test::{self, PerformanceTest},
};

/// What was uploaded and set.
#[derive(Default)]
pub(in super::super) struct Retention {
    images: BTreeMap<String, Image>,
    messages: BTreeMap<String, Message>,
    /// Message identifiers by product and language.
    defaults: BTreeMap<(String, String), String>,
    pub(super) realtime_url: Option<String>,
    /// Where requests really go.
    pub(super) realtime_server: Option<String>,
    pub(super) tests: BTreeMap<String, PerformanceTest>,
}

struct Image {
    state: &'static str,
    size: String,
}

struct Message {
    state: &'static str,
    images: Vec<String>,
}

impl FakeAppStore {
    /// Apple's review of an image or a message with this identifier ends well. In production only
    /// what was approved can be used; the sandbox approves at once.
    ///
    /// # Panics
    ///
    /// When nothing of that identifier was uploaded.
    pub fn approve(&self, environment: Environment, identifier: &str) {
        self.review(environment, identifier, APPROVED);
    }

    /// Apple's review of an image or a message with this identifier ends badly.
    ///
    /// # Panics
    ///
    /// When nothing of that identifier was uploaded.
    pub fn reject(&self, environment: Environment, identifier: &str) {
        self.review(environment, identifier, "REJECTED");
    }

    fn review(&self, environment: Environment, identifier: &str, state: &'static str) {
        self.shop.with_world(environment, |world| {
            let retention = &mut world.retention;
            match (
                retention.images.get_mut(identifier),
                retention.messages.get_mut(identifier),
            ) {
                (Some(image), _) => image.state = state,
                (None, Some(message)) => message.state = state,
                (None, None) => panic!("nothing was uploaded as {identifier}"),
            }
        });
    }
}

pub(super) fn answer(call: Call<'_>, method: &str, rest: &[&str]) -> Outcome {
    match (method, rest) {
        ("GET", ["image", "list"]) => image_list(&call),
        ("PUT", ["image", id]) => upload_image(call, id),
        ("DELETE", ["image", id]) => delete_image(call, id),
        ("GET", ["message", "list"]) => message_list(&call),
        ("PUT", ["message", id]) => upload_message(call, id),
        ("DELETE", ["message", id]) => delete_message(call, id),
        ("PUT", ["default", product, locale]) => set_default(call, product, locale),
        ("DELETE", ["default", product, locale]) => delete_default(call, product, locale),
        ("GET", ["default", product, locale]) => default(&call, product, locale),
        ("PUT", ["realtime", "url"]) => set_realtime_url(call),
        ("DELETE", ["realtime", "url"]) => delete_realtime_url(call),
        ("GET", ["realtime", "url"]) => realtime_url(&call),
        ("POST", ["performanceTest"]) => performance_test::start(call),
        ("GET", ["performanceTest", "result", id]) => performance_test::result(&call, id),
        _ => Ok(Answer::new(
            StatusCode::NOT_FOUND,
            "text/plain",
            "Not Found",
        )),
    }
}

fn upload_image(call: Call<'_>, id: &str) -> Outcome {
    let is_png = call.request.header("content-type") == Some("image/png")
        && call.request.body().starts_with(PNG_SIGNATURE);
    if !is_png || !is_uuid(id) {
        return Err(INVALID_IMAGE);
    }
    let size = call.request.query_value("imageSize");
    let size = size.unwrap_or_else(|| "FULL_SIZE".to_owned());
    if !matches!(size.as_str(), "FULL_SIZE" | "BULLET_POINT") {
        return Err(INVALID_IMAGE_SIZE);
    }
    let state = first_state(&call);
    let images = &mut call.world.retention.images;
    if images.contains_key(id) {
        return Err(IMAGE_EXISTS);
    }
    images.insert(id.to_owned(), Image { state, size });
    empty()
}

fn delete_image(call: Call<'_>, id: &str) -> Outcome {
    let retention = &mut call.world.retention;
    let mut messages = retention.messages.values();
    if messages.any(|message| message.images.iter().any(|image| image == id)) {
        return Err(IMAGE_IN_USE);
    }
    let removed = retention.images.remove(id);
    removed.ok_or(IMAGE_NOT_FOUND).and_then(|_| empty())
}

fn image_list(call: &Call<'_>) -> Outcome {
    let images = call.world.retention.images.iter();
    let images: Vec<Value> = images
        .map(|(id, image)| {
            json!({ "imageIdentifier": id, "imageState": image.state, "imageSize": image.size })
        })
        .collect();
    json(&json!({ "imageIdentifiers": images }))
}

fn upload_message(call: Call<'_>, id: &str) -> Outcome {
    let body = call.body()?;
    let length = |text: &Value| text.as_str().map(|text| text.chars().count());
    let is_within = |text: &Value, longest| length(text).is_some_and(|it| it <= longest);
    if !is_within(&body["header"], 66) {
        return Err(HEADER_TOO_LONG);
    }
    if !is_within(&body["body"], 144) {
        return Err(BODY_TOO_LONG);
    }
    let bullet_points = body["bulletPoints"].as_array().cloned().unwrap_or_default();
    if bullet_points.len() > 5 {
        return Err(TOO_MANY_BULLET_POINTS);
    }
    if !bullet_points.iter().all(|it| is_within(&it["text"], 66)) {
        return Err(BULLET_POINT_TOO_LONG);
    }
    let with_images = bullet_points.iter().chain(body.get("image"));
    if !with_images.clone().all(|it| is_within(&it["altText"], 150)) {
        return Err(ALT_TEXT_TOO_LONG);
    }
    if body["headerPosition"] == "ABOVE_IMAGE" && body["image"].is_null() {
        return Err(ABOVE_IMAGE_WITHOUT_IMAGE);
    }
    let images = with_images.map(|it| it["imageIdentifier"].as_str().unwrap_or_default());
    let images: Vec<String> = images.map(str::to_owned).collect();
    let state = first_state(&call);
    let retention = &mut call.world.retention;
    if !images.iter().all(|id| retention.images.contains_key(id)) {
        return Err(IMAGE_NOT_FOUND);
    }
    if retention.messages.contains_key(id) {
        return Err(MESSAGE_EXISTS);
    }
    let message = Message { state, images };
    retention.messages.insert(id.to_owned(), message);
    empty()
}

fn delete_message(call: Call<'_>, id: &str) -> Outcome {
    let removed = call.world.retention.messages.remove(id);
    removed.ok_or(MESSAGE_NOT_FOUND).and_then(|_| empty())
}

fn message_list(call: &Call<'_>) -> Outcome {
    let messages = call.world.retention.messages.iter();
    let messages: Vec<Value> = messages
        .map(|(id, message)| json!({ "messageIdentifier": id, "messageState": message.state }))
        .collect();
    json(&json!({ "messageIdentifiers": messages }))
}

fn set_default(call: Call<'_>, product: &str, locale: &str) -> Outcome {
    let body = call.body()?;
    let id = body["messageIdentifier"].as_str().unwrap_or_default();
    let retention = &mut call.world.retention;
    let message = retention.messages.get(id).ok_or(MESSAGE_NOT_FOUND)?;
    if message.state != APPROVED {
        return Err(MESSAGE_NOT_APPROVED);
    }
    let is_approved = |id: &String| {
        let image = retention.images.get(id);
        image.is_some_and(|image| image.state == APPROVED)
    };
    if !message.images.iter().all(is_approved) {
        return Err(IMAGE_NOT_APPROVED);
    }
    let key = (product.to_owned(), locale.to_owned());
    retention.defaults.insert(key, id.to_owned());
    empty()
}

fn delete_default(call: Call<'_>, product: &str, locale: &str) -> Outcome {
    let key = (product.to_owned(), locale.to_owned());
    let removed = call.world.retention.defaults.remove(&key);
    removed.ok_or(DEFAULT_NOT_FOUND).and_then(|_| empty())
}

fn default(call: &Call<'_>, product: &str, locale: &str) -> Outcome {
    let key = (product.to_owned(), locale.to_owned());
    let id = call.world.retention.defaults.get(&key);
    json(&json!({ "messageIdentifier": id.ok_or(DEFAULT_NOT_FOUND)? }))
}

/// In production only after a performance test in the sandbox was passed.
fn set_realtime_url(call: Call<'_>) -> Outcome {
    let body = call.body()?;
    let url = body["realtimeURL"].as_str().unwrap_or_default();
    if !url.starts_with("https://") || url.len() > 256 {
        return Err(INVALID_REALTIME_URL);
    }
    let is_production = call.world.environment == Environment::Production;
    if is_production && !call.has_passed_performance_test {
        return Err(NO_PASSED_TEST);
    }
    call.world.retention.realtime_url = Some(url.to_owned());
    empty()
}

fn delete_realtime_url(call: Call<'_>) -> Outcome {
    let removed = call.world.retention.realtime_url.take();
    removed.ok_or(NO_REALTIME_URL).and_then(|_| empty())
}

fn realtime_url(call: &Call<'_>) -> Outcome {
    let url = call.world.retention.realtime_url.as_ref();
    json(&json!({ "realtimeURL": url.ok_or(NO_REALTIME_URL)? }))
}

/// The state of what has just been uploaded.
fn first_state(call: &Call<'_>) -> &'static str {
    match call.world.environment {
        Environment::Sandbox => APPROVED,
        _ => "PENDING",
    }
}

const APPROVED: &str = "APPROVED";

/// RFC 2083, section 3.1.
const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

const ABOVE_IMAGE_WITHOUT_IMAGE: Problem = Problem::new(
    4_000_224,
    "The header stands above an image that is not there.",
);
const ALT_TEXT_TOO_LONG: Problem = Problem::new(4_000_175, "An alternative text is too long.");
const BODY_TOO_LONG: Problem = Problem::new(4_000_163, "The body is missing or too long.");
const BULLET_POINT_TOO_LONG: Problem = Problem::new(4_000_219, "A bullet point is too long.");
const DEFAULT_NOT_FOUND: Problem = Problem::new(4_040_020, "No default message.");
const HEADER_TOO_LONG: Problem = Problem::new(4_000_162, "The header is missing or too long.");
const IMAGE_EXISTS: Problem = Problem::new(4_090_000, "An image of that identifier exists.");
const IMAGE_IN_USE: Problem = Problem::new(4_030_019, "A message uses the image.");
const IMAGE_NOT_APPROVED: Problem = Problem::new(4_030_018, "The image is not approved.");
const IMAGE_NOT_FOUND: Problem = Problem::new(4_040_014, "No image of that identifier.");
const INVALID_IMAGE: Problem = Problem::new(4_000_161, "The image is no PNG.");
const INVALID_IMAGE_SIZE: Problem = Problem::new(4_000_216, "Invalid image size.");
const INVALID_REALTIME_URL: Problem = Problem::new(4_000_215, "The URL is not https or too long.");
const MESSAGE_EXISTS: Problem = Problem::new(4_090_001, "A message of that identifier exists.");
const MESSAGE_NOT_APPROVED: Problem = Problem::new(4_030_017, "The message is not approved.");
const MESSAGE_NOT_FOUND: Problem = Problem::new(4_040_015, "No message of that identifier.");
const NO_PASSED_TEST: Problem = Problem::new(4_030_026, "No performance test was passed.");
pub(super) const NO_REALTIME_URL: Problem = Problem::new(4_040_021, "No realtime URL.");
const TOO_MANY_BULLET_POINTS: Problem = Problem::new(4_000_218, "More than five bullet points.");
