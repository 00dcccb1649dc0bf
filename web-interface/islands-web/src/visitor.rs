//! Who is behind a socket, as far as the door knows: an address, with a place.

use std::net::IpAddr;

use axum::http::StatusCode;
use axum_channels::{Connect, ConnectError};

use crate::proxy::ClientAddress;
use crate::share::{Place, Shares};

/// What all channels of a socket know of it.
pub(crate) struct Visitor {
    /// Its address.
    pub(crate) address: IpAddr,
    /// Its place among the sockets of that, for as long as it is open.
    _place: Place,
}

impl Visitor {
    /// Lets a client in, unless its address has its share of sockets.
    pub(crate) fn admit(connect: &Connect, shares: &Shares) -> Result<Visitor, ConnectError> {
        let Some(&ClientAddress(address)) = connect.extensions.get() else {
            let reason = "nobody knows where this request comes from";
            return Err(ConnectError::new(StatusCode::INTERNAL_SERVER_ERROR, reason));
        };
        let place = shares.take(address).ok_or_else(|| {
            let limit = shares.limit();
            let reason = format!(
                "from one address at most {limit} sockets can be open at a time; end one first"
            );
            ConnectError::new(StatusCode::TOO_MANY_REQUESTS, reason)
        })?;
        Ok(Visitor {
            address,
            _place: place,
        })
    }
}
