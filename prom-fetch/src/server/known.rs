//! What a server may know besides samples. That it does not have it is one thing, that it fails another.

use serde::de::DeserializeOwned;

use super::address::Request;
use super::{Client, Trouble};

/// Asks for something that a server need not have: `None` when it says so (404, and how some say it).
///
/// Every other failure is one, an answer that is no JSON of success too: a counter whose type got lost for a
/// moment would be taken for a level, in one of two states.
pub fn ask<T: DeserializeOwned>(client: &Client, request: &Request) -> Result<Option<T>, Trouble> {
    let body = match client.ask_whole(request) {
        Ok(body) => body,
        Err(trouble) if trouble.is_absent() => return Ok(None),
        Err(trouble) => return Err(trouble),
    };
    let unexpected = || {
        let found: String = String::from_utf8_lossy(&body).chars().filter(|c| !c.is_control()).take(20).collect();
        let text = format!("{}: expected JSON with \"data\": \"{found}\"", client.place(request));
        Trouble { status: Some(200), ..Trouble::last(text) }
    };
    #[derive(serde::Deserialize)]
    struct Answer<T> {
        data: T,
    }
    serde_json::from_slice::<Answer<T>>(&body).map(|answer| Some(answer.data)).map_err(|_| unexpected())
}
