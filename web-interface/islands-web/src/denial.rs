//! Why someone did not get what they asked for, in the one form that it has on
//! every wire: `{"reason": …, "message": …}` and the reason's own fields.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_channels::{BadPayload, poll_refusal};
use islands_core::Rejection;
use islands_engine::Refusal;
use serde::{Serialize, Serializer};

use crate::name::InvalidName;
use crate::turned_away::TurnedAway;

/// A refusal by the engine, or one at the door before it.
#[derive(Debug)]
pub(crate) enum Denial {
    /// By the game or its process.
    Refused(Refusal),
    /// A field is missing or of the wrong kind.
    BadPayload(BadPayload),
    /// The name breaks a rule of `name.rs`.
    InvalidName(InvalidName),
    /// The seat token is not one of this game.
    Unauthorized,
    /// A spectator cannot play.
    NotAPlayer,
    /// This address has opened its share of games for now.
    TooManyRequests {
        /// How many it may open in a minute.
        limit: u32,
    },
    /// This address has its share of something.
    ShareTaken {
        /// Of what.
        of: Share,
        /// How many it may have at a time.
        limit: usize,
    },
    /// The body of a request is longer than any that makes sense.
    BodyTooLarge,
    /// The body of a request is not said to be JSON.
    NotJson,
    /// The body of a request did not arrive whole.
    BodyCutOff,
    /// There is something at this path, but not for this method.
    WrongMethod,
    /// The request does not name one host.
    BadHost,
    /// The request did not arrive, or was not answered, in time.
    TooSlow,
    /// There is nothing at this path.
    NoSuchPath,
    /// A program that runs the server would say so.
    NotAnOperator,
    /// The game is not in quarantine, so that cannot be ended.
    NotQuarantined,
}

/// What an address has its share of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Share {
    Connections,
    Requests,
    Games,
}

impl Share {
    fn what(self) -> &'static str {
        match self {
            Share::Connections => "connections can be open",
            Share::Requests => "requests can be under way",
            Share::Games => "games can be played or watched",
        }
    }
}

impl Denial {
    /// The answer as it is sent where no server is there to do it, with the end of
    /// the connection behind it. The client may be one that polls.
    pub(crate) fn as_last_answer(&self) -> String {
        let body = serde_json::to_vec(self).unwrap_or_default();
        let body = poll_refusal(&body);
        format!(
            "HTTP/1.1 {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.status(),
            body.len()
        )
    }

    /// Which bound this is, if it is one at the door.
    pub(crate) fn turned_away(&self) -> Option<TurnedAway> {
        match self {
            Denial::TooManyRequests { .. } => Some(TurnedAway::GamesPerMinute),
            Denial::ShareTaken { of, .. } => Some(match of {
                Share::Connections => TurnedAway::AddressConnections,
                Share::Requests => TurnedAway::AddressRequests,
                Share::Games => TurnedAway::AddressGames,
            }),
            Denial::Refused(Refusal::TooManyGames { .. }) => Some(TurnedAway::MaxGames),
            _ => None,
        }
    }

    /// The stable name of the reason, as it stands on the wire.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Denial::Refused(refusal) => refusal.reason(),
            Denial::BadPayload(_) | Denial::BodyCutOff => "bad_payload",
            Denial::InvalidName(_) => Rejection::InvalidName.reason(),
            Denial::Unauthorized => "unauthorized",
            Denial::NotAPlayer => "not_a_player",
            Denial::TooManyRequests { .. } | Denial::ShareTaken { .. } => "too_many_requests",
            Denial::BodyTooLarge => "body_too_large",
            Denial::NotJson => "not_json",
            Denial::BadHost => "bad_host",
            Denial::TooSlow => "timeout",
            Denial::WrongMethod => "wrong_method",
            Denial::NoSuchPath => "no_such_path",
            Denial::NotAnOperator => "not_an_operator",
            Denial::NotQuarantined => "not_quarantined",
        }
    }

    fn message(&self) -> String {
        match self {
            Denial::Refused(refusal) => refusal.to_string(),
            Denial::BadPayload(bad) => bad.message.clone(),
            Denial::InvalidName(invalid) => invalid.to_string(),
            Denial::Unauthorized => {
                "this seat token is not one of this game; join without one to watch".into()
            }
            Denial::NotAPlayer => "you are watching this game; only its players can do this".into(),
            Denial::TooManyRequests { limit } => format!(
                "from one address at most {limit} games can be opened in a minute; try again in one"
            ),
            Denial::ShareTaken { of, limit } => {
                let what = of.what();
                format!("from one address at most {limit} {what} at a time; end one first")
            }
            Denial::BodyTooLarge => "the body of a request has at most 16 KiB".into(),
            Denial::NotJson => {
                "send the body as JSON, with `Content-Type: application/json`".into()
            }
            Denial::BadHost => {
                "a request of HTTP/1.1 has one header `Host`, with the name or the address that it is for".into()
            }
            Denial::TooSlow => "the request took too long; send it again".into(),
            Denial::BodyCutOff => "the body of the request did not arrive whole".into(),
            Denial::WrongMethod => {
                "this path has no such method; the header `Allow` names those it has".into()
            }
            Denial::NoSuchPath => "there is nothing here; the game is at /".into(),
            Denial::NotAnOperator => {
                "to change something here, send the header `Islands-Operator` too".into()
            }
            Denial::NotQuarantined => "the game is not in quarantine".into(),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Denial::Refused(Refusal::Rejected(Rejection::InvalidName))
            | Denial::InvalidName(_)
            | Denial::BadPayload(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Denial::Refused(Refusal::Rejected(_)) | Denial::NotQuarantined => StatusCode::CONFLICT,
            Denial::Refused(Refusal::NoSuchGame) | Denial::NoSuchPath => StatusCode::NOT_FOUND,
            Denial::Refused(
                Refusal::Busy
                | Refusal::TooManyGames { .. }
                | Refusal::Timeout
                | Refusal::JournalUnavailable
                | Refusal::Quarantined { .. },
            ) => StatusCode::SERVICE_UNAVAILABLE,
            Denial::Unauthorized => StatusCode::UNAUTHORIZED,
            Denial::NotAPlayer | Denial::NotAnOperator => StatusCode::FORBIDDEN,
            Denial::TooManyRequests { .. } | Denial::ShareTaken { .. } => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Denial::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Denial::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Denial::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Denial::BodyCutOff | Denial::BadHost => StatusCode::BAD_REQUEST,
            Denial::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
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

impl Serialize for Denial {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let message = self.message();
        match self {
            Denial::BadPayload(bad) => bad.serialize(serializer),
            Denial::Refused(Refusal::Rejected(rejection)) => {
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

impl IntoResponse for Denial {
    fn into_response(self) -> Response {
        let reason = self.turned_away();
        let mut response = (self.status(), Json(self)).into_response();
        if let Some(reason) = reason {
            response.extensions_mut().insert(reason);
        }
        response
    }
}

impl From<Refusal> for Denial {
    fn from(refusal: Refusal) -> Denial {
        Denial::Refused(refusal)
    }
}

impl From<BadPayload> for Denial {
    fn from(bad: BadPayload) -> Denial {
        Denial::BadPayload(bad)
    }
}

impl From<InvalidName> for Denial {
    fn from(invalid: InvalidName) -> Denial {
        Denial::InvalidName(invalid)
    }
}

impl From<Rejection> for Denial {
    fn from(rejection: Rejection) -> Denial {
        Denial::Refused(rejection.into())
    }
}
