//! The parameter `vsn`: which serializer the client speaks.

use crate::connect::Refused;

/// Version 2 of the frames is any `2.0.x`. A client that names no version means version 1.
pub(super) fn check(params: &[(String, String)]) -> Result<(), Refused> {
    let given = params
        .iter()
        .rev()
        .find(|(name, _)| name == "vsn" || name.starts_with("vsn["));
    match given {
        Some((name, version)) if name == "vsn" && is_2_0(version) => Ok(()),
        _ => Err(Refused::forbidden("only vsn 2.0.x is spoken here")),
    }
}

fn is_2_0(version: &str) -> bool {
    let patch = version.strip_prefix("2.0.").unwrap_or_default();
    let digits = !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit());
    digits && (patch == "0" || !patch.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_full_2_0_x_is_spoken() {
        let check = |version: &str| check(&[("vsn".to_owned(), version.to_owned())]).is_ok();
        for version in ["2.0.0", "2.0.7", "2.0.10"] {
            assert!(check(version), "{version}");
        }
        let refused = [
            "2.0", "2.1.0", "1.0.0", "1.1.0", "3.0.0", "abc", "", "2.0.", "2.0.01",
        ];
        for version in refused
            .into_iter()
            .chain(["2.0.0-rc.1", "2.0.0 ", "2.0.-1"])
        {
            assert!(!check(version), "{version}");
        }
    }

    #[test]
    fn no_version_and_a_list_of_versions_are_refused() {
        assert!(check(&[]).is_err());
        assert!(check(&[("vsn[]".to_owned(), "2.0.0".to_owned())]).is_err());
    }
}
