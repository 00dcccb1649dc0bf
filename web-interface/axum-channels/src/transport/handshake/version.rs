//! The parameter `vsn`, by which a client chooses its serializer.

use crate::{api::connect::ConnectError, protocol::Serializer};

/// Returns version 1 for any `1.0.x` or no `vsn`, version 2 for any `2.0.x`.
pub(crate) fn serializer(params: &[(String, String)]) -> Result<Serializer, ConnectError> {
    let mut given = params.iter().rev();
    let given = given.find(|(name, _)| name == "vsn" || name.starts_with("vsn["));
    let version = match given {
        None => return Ok(Serializer::V1),
        Some((name, version)) if name == "vsn" => version,
        Some(_) => "",
    };
    match version.rsplit_once('.') {
        Some(("1.0", patch)) if is_number(patch) => Ok(Serializer::V1),
        Some(("2.0", patch)) if is_number(patch) => Ok(Serializer::V2),
        _ => Err(ConnectError::forbidden(
            "only vsn 1.0.x and 2.0.x are spoken here",
        )),
    }
}

/// Whether `text` is a number of a semantic version: digits without a leading zero.
fn is_number(text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && (text == "0" || !text.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(version: &str, expected: Option<Serializer>) {
        let got = serializer(&[("vsn".to_owned(), version.to_owned())]);
        assert_eq!(got.ok(), expected, "{version}");
    }

    #[test]
    fn a_full_version_names_the_serializer() {
        for version in ["1.0.0", "1.0.9", "1.0.10"] {
            check(version, Some(Serializer::V1));
        }
        for version in ["2.0.0", "2.0.7", "2.0.10"] {
            check(version, Some(Serializer::V2));
        }
        for version in [
            "2.0",
            "1.0",
            "2.1.0",
            "1.1.0",
            "3.0.0",
            "abc",
            "",
            "2.0.",
            "2.0.01",
            "2.0.0-rc.1",
            "2.0.0 ",
            "2.0.-1",
            "02.0.0",
        ] {
            check(version, None);
        }
    }

    #[test]
    fn no_version_is_the_first_and_a_list_of_versions_is_refused() {
        assert_eq!(serializer(&[]).ok(), Some(Serializer::V1));
        assert!(serializer(&[("vsn[]".to_owned(), "2.0.0".to_owned())]).is_err());
    }
}
