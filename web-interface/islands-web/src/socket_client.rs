//! The client behind a socket: its address, and its permit among the address's sockets.

use std::net::IpAddr;

use axum::http::StatusCode;
use axum_channels::{Connect, ConnectError};

use crate::address_limit::{AddressPermit, AddressSemaphore};
use crate::proxy::ClientAddress;

/// What all channels of a socket know of its client.
pub(crate) struct SocketClient {
    /// The client's address.
    pub(crate) address: IpAddr,
    /// Held while the socket is open.
    _permit: AddressPermit,
}

impl SocketClient {
    /// Admits a client, unless its address has reached its limit of sockets.
    pub(crate) fn admit(
        connect: &Connect,
        semaphore: &AddressSemaphore,
    ) -> Result<SocketClient, ConnectError> {
        let Some(&ClientAddress(address)) = connect.extensions.get() else {
            let reason = "the server has lost the address of this request";
            return Err(ConnectError::new(StatusCode::INTERNAL_SERVER_ERROR, reason));
        };
        let permit = semaphore.try_acquire(address).ok_or_else(|| {
            let most = semaphore.limit();
            let reason =
                format!("one address can have at most {most} open sockets; close one first");
            ConnectError::new(StatusCode::TOO_MANY_REQUESTS, reason)
        })?;
        Ok(SocketClient {
            address,
            _permit: permit,
        })
    }
}
