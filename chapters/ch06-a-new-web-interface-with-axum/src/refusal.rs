//! Refusals, as pages with a status.

use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use islands_core::ParseCoordinateError;
use islands_core::bot::UnknownStrength;
use islands_engine::{CallError, InvalidCommandId};

use crate::forms::page;
use crate::html;
use crate::status::status;

/// Why a request was refused.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    message: String,
}

impl Refusal {
    /// This client has the first seat and asks for the second.
    pub fn has_a_seat() -> Refusal {
        Refusal {
            status: StatusCode::CONFLICT,
            message: "you have the first seat of this game; the second is for somebody else".into(),
        }
    }

    /// The id of taking a seat is not one that a page has drawn.
    pub fn bad_join_id() -> Refusal {
        Refusal::unprocessable("open the page of the game, and send the form that is on it".into())
    }

    /// Only a player can do this.
    pub fn not_a_player() -> Refusal {
        Refusal::forbidden("you are watching this game; only its players can do this")
    }

    /// There is no such page.
    pub fn no_such_page() -> Refusal {
        Refusal {
            status: StatusCode::NOT_FOUND,
            message: "there is no such page".into(),
        }
    }

    /// The page has no such method.
    pub fn wrong_method() -> Refusal {
        Refusal {
            status: StatusCode::METHOD_NOT_ALLOWED,
            message: "this address does not take this method; begin at the start page".into(),
        }
    }

    fn forbidden(message: &str) -> Refusal {
        Refusal {
            status: StatusCode::FORBIDDEN,
            message: message.into(),
        }
    }

    fn unprocessable(message: String) -> Refusal {
        Refusal {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            message,
        }
    }
}

impl From<CallError> for Refusal {
    fn from(error: CallError) -> Refusal {
        Refusal {
            status: status(&error),
            message: error.to_string(),
        }
    }
}

impl From<FormRejection> for Refusal {
    fn from(rejection: FormRejection) -> Refusal {
        Refusal {
            status: rejection.status(),
            message: rejection.body_text(),
        }
    }
}

impl From<ParseCoordinateError> for Refusal {
    fn from(error: ParseCoordinateError) -> Refusal {
        Refusal::unprocessable(error.to_string())
    }
}

impl From<UnknownStrength> for Refusal {
    fn from(error: UnknownStrength) -> Refusal {
        Refusal::unprocessable(error.to_string())
    }
}

impl From<InvalidCommandId> for Refusal {
    fn from(error: InvalidCommandId) -> Refusal {
        Refusal::unprocessable(error.to_string())
    }
}

impl From<getrandom::Error> for Refusal {
    fn from(_: getrandom::Error) -> Refusal {
        Refusal {
            status: StatusCode::SERVICE_UNAVAILABLE,
            message: "the system has no random numbers at the moment".into(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let html = html::refusal(self.status, &self.message);
        (self.status, page(html)).into_response()
    }
}
