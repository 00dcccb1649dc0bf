//! Chapter 6's lesson: the whole game through HTML forms, without a script.
//!
//! A browser sends a form, [`forms`] makes a command of it and calls the engine, and [`html`]
//! makes a page of the view. [`form`] makes a form that can safely be sent twice, [`status`] says
//! a refusal in HTTP's words. [`exchange`](mod@exchange) sends requests as text, without a server. The product's
//! own interface is `islands-web`, in JSON.
//!
//! [`rules_in_handler`] is what to avoid: a handler that decides.

pub mod exchange;
pub mod form;
pub mod forms;
pub mod html;
pub mod refusal;
pub mod rules_in_handler;
pub mod status;
