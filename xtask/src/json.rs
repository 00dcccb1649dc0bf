//! Just enough JSON to read a measurement: the fields of a flat object.
//!
//! A real parser would be the largest part of this program, and it is the first
//! thing that anyone compiles here.

/// The text of a field: a string without its quotes, or a number as it stands.
pub(crate) fn field<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = json.split_once(&format!("\"{name}\":"))?;
    let rest = rest.trim_start();
    match rest.strip_prefix('"') {
        Some(text) => text.split('"').next(),
        None => rest.split([',', '}', '\n']).next().map(str::trim),
    }
}

/// A field that is a number.
pub(crate) fn number(json: &str, name: &str) -> Option<f64> {
    field(json, name)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_name() {
        let json = r#"{"name":"a guess","unit": "per second","value":12.5,"aim":null}"#;
        assert_eq!(field(json, "name"), Some("a guess"));
        assert_eq!(field(json, "unit"), Some("per second"));
        assert_eq!(number(json, "value"), Some(12.5));
        assert_eq!(number(json, "aim"), None);
        assert_eq!(field(json, "val"), None);
    }
}
