//! Refusals, in one JSON form over HTTP and on channels:
//! `{"reason": …, "message": …}` and the reason's own fields.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_channels::{BadPayload, long_poll_refusal};
use islands_core::Rejection;
use islands_engine::CallError;
use serde::{Serialize, Serializer};

use crate::name::InvalidName;
use crate::refusal_reason::RefusalReason;

/// A refusal, by the engine or by the web layer before it.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// Refused by the game or its process.
    Refused(CallError),
    /// A field is missing or of the wrong kind.
    BadPayload(BadPayload),
    /// The name breaks a rule of `name.rs`.
    InvalidName(InvalidName),
    /// The seat token is not one of this game.
    Unauthorized,
    /// A spectator cannot play.
    NotAPlayer,
    /// The address has opened its limit of games for this minute.
    TooManyRequests {
        /// Maximum games opened per minute.
        limit: u32,
    },
    /// The address has reached its limit of a resource.
    AddressLimitReached {
        /// The resource.
        resource: AddressResource,
        /// Maximum held at a time.
        limit: usize,
    },
    /// The body of the request is longer than the limit.
    BodyTooLarge,
    /// The request's content type is not JSON.
    NotJson,
    /// The body of the request did not arrive whole.
    BodyCutOff,
    /// The path exists, but not for this method.
    WrongMethod,
    /// The request does not name exactly one valid host.
    BadHost,
    /// The request did not arrive, or was not answered, in time.
    TooSlow,
    /// There is nothing at this path.
    NoSuchPath,
    /// A request for a change lacks the header `Islands-Operator`.
    NotAnOperator,
    /// The game is not in quarantine, so its quarantine cannot be ended.
    NotQuarantined,
}

/// A resource that is limited for each address.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AddressResource {
    Connections,
    Requests,
    Games,
}

impl AddressResource {
    fn what(self) -> &'static str {
        match self {
            AddressResource::Connections => "open connections",
            AddressResource::Requests => "requests at a time",
            AddressResource::Games => "joined games",
        }
    }
}

impl ApiError {
    /// Returns the refusal as a whole HTTP/1.1 response, for a connection that is
    /// closed before the HTTP server handles it. The client may be long-polling, so the
    /// body has the `status` that makes such a client reconnect.
    pub(crate) fn to_http_response(&self) -> String {
        let body = serde_json::to_vec(self).unwrap_or_default();
        let body = long_poll_refusal(&body);
        format!(
            "HTTP/1.1 {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.status(),
            body.len()
        )
    }

    /// Returns the label for the metrics, if this refusal counts as turning a client
    /// away.
    pub(crate) fn refusal_reason(&self) -> Option<RefusalReason> {
        match self {
            ApiError::TooManyRequests { .. } => Some(RefusalReason::GamesPerMinute),
            ApiError::AddressLimitReached { resource, .. } => Some(match resource {
                AddressResource::Connections => RefusalReason::AddressConnections,
                AddressResource::Requests => RefusalReason::AddressRequests,
                AddressResource::Games => RefusalReason::AddressGames,
            }),
            ApiError::Refused(CallError::TooManyGames { .. }) => Some(RefusalReason::MaxGames),
            _ => None,
        }
    }

    /// Returns the stable name of the reason, as it is on the wire.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            ApiError::Refused(error) => error.reason(),
            ApiError::BadPayload(_) | ApiError::BodyCutOff => "bad_payload",
            ApiError::InvalidName(_) => Rejection::InvalidName.reason(),
            ApiError::Unauthorized => "unauthorized",
            ApiError::NotAPlayer => "not_a_player",
            ApiError::TooManyRequests { .. } | ApiError::AddressLimitReached { .. } => {
                "too_many_requests"
            }
            ApiError::BodyTooLarge => "body_too_large",
            ApiError::NotJson => "not_json",
            ApiError::BadHost => "bad_host",
            ApiError::TooSlow => "timeout",
            ApiError::WrongMethod => "wrong_method",
            ApiError::NoSuchPath => "no_such_path",
            ApiError::NotAnOperator => "not_an_operator",
            ApiError::NotQuarantined => "not_quarantined",
        }
    }

    fn message(&self) -> String {
        match self {
            ApiError::Refused(error) => error.to_string(),
            ApiError::BadPayload(bad) => bad.message.clone(),
            ApiError::InvalidName(invalid) => invalid.to_string(),
            ApiError::Unauthorized => {
                "this seat token does not belong to this game; join without one to watch".into()
            }
            ApiError::NotAPlayer => {
                "you are watching this game; only its players can do this".into()
            }
            ApiError::TooManyRequests { limit } => format!(
                "one address can open at most {limit} games a minute; try again in a minute"
            ),
            ApiError::AddressLimitReached { resource, limit } => {
                let what = resource.what();
                format!("one address can have at most {limit} {what}; end one first")
            }
            ApiError::BodyTooLarge => "the body of a request may have at most 16 KiB".into(),
            ApiError::NotJson => {
                "send the body as JSON, with `Content-Type: application/json`".into()
            }
            ApiError::BadHost => "send one `Host` header, with one host name or address".into(),
            ApiError::TooSlow => "the request took too long; send it again".into(),
            ApiError::BodyCutOff => "the body of the request did not arrive whole".into(),
            ApiError::WrongMethod => {
                "this path does not support the method; the header `Allow` lists those that it does"
                    .into()
            }
            ApiError::NoSuchPath => "there is nothing here; the game is at /".into(),
            ApiError::NotAnOperator => {
                "to change something here, also send the header `Islands-Operator`".into()
            }
            ApiError::NotQuarantined => "the game is not in quarantine".into(),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            ApiError::Refused(CallError::Rejected(Rejection::InvalidName))
            | ApiError::InvalidName(_)
            | ApiError::BadPayload(_) => StatusCode::UNPROCESSABLE_ENTITY,
            ApiError::Refused(CallError::Rejected(_)) | ApiError::NotQuarantined => {
                StatusCode::CONFLICT
            }
            ApiError::Refused(CallError::NoSuchGame) | ApiError::NoSuchPath => {
                StatusCode::NOT_FOUND
            }
            ApiError::Refused(
                CallError::Busy
                | CallError::TooManyGames { .. }
                | CallError::Timeout
                | CallError::JournalUnavailable
                | CallError::Quarantined { .. },
            ) => StatusCode::SERVICE_UNAVAILABLE,
            ApiError::Unauthorized => StatusCode::UNAUTHORIZED,
            ApiError::NotAPlayer | ApiError::NotAnOperator => StatusCode::FORBIDDEN,
            ApiError::TooManyRequests { .. } | ApiError::AddressLimitReached { .. } => {
                StatusCode::TOO_MANY_REQUESTS
            }
            ApiError::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ApiError::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ApiError::TooSlow => StatusCode::REQUEST_TIMEOUT,
            ApiError::BodyCutOff | ApiError::BadHost => StatusCode::BAD_REQUEST,
            ApiError::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
        }
    }
}

#[derive(Serialize)]
struct Plain {
    reason: &'static str,
    message: String,
}

#[derive(Serialize)]
struct WithFields<'r> {
    #[serde(flatten)]
    rejection: &'r Rejection,
    message: String,
}

impl Serialize for ApiError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let message = self.message();
        match self {
            ApiError::BadPayload(bad) => bad.serialize(serializer),
            ApiError::Refused(CallError::Rejected(rejection)) => {
                WithFields { rejection, message }.serialize(serializer)
            }
            _ => Plain {
                reason: self.reason(),
                message,
            }
            .serialize(serializer),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let reason = self.refusal_reason();
        let mut response = (self.status(), Json(self)).into_response();
        if let Some(reason) = reason {
            response.extensions_mut().insert(reason);
        }
        response
    }
}

impl From<CallError> for ApiError {
    fn from(error: CallError) -> ApiError {
        ApiError::Refused(error)
    }
}

impl From<BadPayload> for ApiError {
    fn from(bad: BadPayload) -> ApiError {
        ApiError::BadPayload(bad)
    }
}

impl From<InvalidName> for ApiError {
    fn from(invalid: InvalidName) -> ApiError {
        ApiError::InvalidName(invalid)
    }
}

impl From<Rejection> for ApiError {
    fn from(rejection: Rejection) -> ApiError {
        ApiError::Refused(rejection.into())
    }
}
