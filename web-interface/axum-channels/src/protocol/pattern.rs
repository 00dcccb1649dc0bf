//! Matches topics to routes.

/// A topic, such as `lobby`, or a prefix of topics, such as `game:*`.
#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    Exact(String),
    Prefix(String),
}

impl Pattern {
    pub(crate) fn new(pattern: &str) -> Self {
        match pattern.strip_suffix('*') {
            Some(prefix) => Self::Prefix(prefix.to_owned()),
            None => Self::Exact(pattern.to_owned()),
        }
    }

    /// Returns the part of the topic that the `*` matches, empty for an exact pattern. `None` if
    /// the topic does not match.
    pub(crate) fn subtopic<'t>(&self, topic: &'t str) -> Option<&'t str> {
        match self {
            Self::Exact(name) => (name == topic).then_some(""),
            Self::Prefix(prefix) => topic.strip_prefix(prefix.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_one_topic_or_a_prefix() {
        let check = |pattern: &str, topic, subtopic| {
            assert_eq!(Pattern::new(pattern).subtopic(topic), subtopic);
        };
        check("lobby", "lobby", Some(""));
        check("lobby", "lobby:1", None);
        check("game:*", "game:4f", Some("4f"));
        check("game:*", "game:", Some(""));
        check("game:*", "game", None);
        check("*", "anything", Some("anything"));
    }
}
