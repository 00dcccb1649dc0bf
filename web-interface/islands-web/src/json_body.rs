//! JSON request bodies, with errors that say what is wrong.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum_channels::BadPayload;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::api_error::ApiError;

/// A request body of JSON, deserialized.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<JsonBody<T>, ApiError> {
        let content_type = request.headers().get(CONTENT_TYPE);
        let essence = content_type.and_then(|value| value.to_str().ok()?.split(';').next());
        if !essence.is_some_and(|it| it.trim().eq_ignore_ascii_case("application/json")) {
            return Err(ApiError::NotJson);
        }
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|rejection| match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                ApiError::BodyTooLarge
            }
            _ => ApiError::BodyCutOff,
        })?;
        // Check first that the text is JSON at all, since such an error belongs to no
        // field.
        let json: &RawValue = serde_json::from_slice(&bytes)
            .map_err(|_| BadPayload::new("payload".into(), "The body is not JSON.".into()))?;
        Ok(JsonBody(BadPayload::read(json.get())?))
    }
}
