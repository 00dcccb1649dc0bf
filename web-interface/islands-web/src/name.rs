//! Rules for names, by Unicode's tables, so that people can see them and tell them apart.
//!
//! The core has no tables: it requires 1 to 32 characters without a control character, and compares
//! two names as they are. The rules here apply to a name as it is typed, before the core sees it.
//! They may become stricter at any time, since only the core's rules replay a log.

use std::fmt;
use std::sync::LazyLock;

use islands_core::{PlayerName, Rejection};
use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// A name in its composed form, normalized by Unicode (NFC).
#[derive(Debug)]
pub(crate) struct NormalizedName(String);

/// Matches a whole name.
///
/// Characters that Unicode calls default-ignorable, since a font draws nothing for them, are
/// allowed only where a script or an emoji needs them: between letters that join (Unicode Standard
/// Annex #31, section 2.3), after a character whose variant they select, and in emoji sequences
/// (Unicode Technical Standard #51, section 1.4). At most four marks follow one letter (Unicode
/// Technical Standard #39, section 5.4).
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    let blank = r"\p{Default_Ignorable_Code_Point}\u{2800}\u{FFFC}\u{13441}\u{13442}\u{1D159}";
    let visible = format!(r"[\p{{L}}\p{{N}}\p{{P}}\p{{S}}&&[^{blank}]]");
    let mark = r"[\p{M}&&[^\p{Default_Ignorable_Code_Point}]]";
    let joining = JOINING_SCRIPTS.map(|script| format!(r"\p{{scx={script}}}"));
    let letter = format!(r"[\p{{L}}&&[{}]]{mark}{{0,4}}", joining.concat());
    let virama = r"[\u{94D}\u{9CD}\u{A4D}\u{ACD}\u{B4D}\u{BCD}\u{C4D}\u{CCD}\u{D4D}\u{DCA}]";
    let pictograph = r"\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|[\u{FE0E}\u{FE0F}])?";
    let parts = [
        format!(r"{visible}{mark}{{0,4}}"),
        r"\p{Zs}".into(),
        // A joiner between two letters; then the joiner that makes a half form of the last letter.
        format!(r"{letter}(?:[\u{{200C}}\u{{200D}}\u{{180E}}]{letter})+"),
        format!(r"{letter}{virama}\u{{200D}}"),
        // Variants of Chinese characters, and of Mongolian letters.
        r"\p{Han}[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]".into(),
        r"\p{Mongolian}[\u{180B}-\u{180D}\u{180F}]".into(),
        // An astronaut, a keycap, the flag of Scotland.
        format!(r"{pictograph}(?:\u{{200D}}{pictograph})*"),
        r"[0-9#*]\u{FE0F}\u{20E3}".into(),
        r"\u{1F3F4}[\u{E0020}-\u{E007E}]{1,8}\u{E007F}".into(),
    ];
    let name = format!("^(?:{})+$", parts.join("|"));
    Regex::new(&name).expect("the pattern is one")
});

/// Scripts whose letters join their neighbours, or form conjuncts with them.
const JOINING_SCRIPTS: [&str; 20] = [
    "Arabic",
    "Syriac",
    "Mandaic",
    "Nko",
    "Adlam",
    "Mongolian",
    "Devanagari",
    "Bengali",
    "Gurmukhi",
    "Gujarati",
    "Oriya",
    "Tamil",
    "Telugu",
    "Kannada",
    "Malayalam",
    "Sinhala",
    "Khmer",
    "Myanmar",
    "Tibetan",
    "Balinese",
];

static IGNORABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\p{Default_Ignorable_Code_Point}+").expect("the pattern is one"));

/// A text that is not a valid name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InvalidName;

impl NormalizedName {
    /// Makes a name of `typed`, trimmed and composed.
    ///
    /// # Errors
    /// [`InvalidName`] if the name has no visible character, more than 32 characters, or an
    /// invisible one that neither a script nor an emoji needs there.
    pub(crate) fn new(typed: &str) -> Result<NormalizedName, InvalidName> {
        // Bounds the work of composing: no name is this long, even decomposed.
        let is_long = typed.len() > 16 * PlayerName::MAX_CHARS;
        let name: String = match is_long {
            true => return Err(InvalidName),
            false => typed.trim().nfc().collect(),
        };
        let is_name = PlayerName::new(&name).is_ok() && NAME.is_match(&name);
        is_name.then_some(NormalizedName(name)).ok_or(InvalidName)
    }

    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks that people can tell this name from `other`.
    ///
    /// # Errors
    /// [`Rejection::NameTaken`] if they look alike.
    pub(crate) fn check_differs(&self, other: &str) -> Result<(), Rejection> {
        match comparison_key(&self.0) == comparison_key(other) {
            true => Err(Rejection::NameTaken),
            false => Ok(()),
        }
    }
}

/// Returns the name without invisible characters, kinds of space and case. Lower case followed by
/// upper case makes ß, ẞ and SS equal; it also makes ı and i equal, which does no harm.
fn comparison_key(name: &str) -> String {
    let composed: String = name.nfc().collect();
    let visible = IGNORABLE.replace_all(&composed, "");
    let words: Vec<_> = visible.split_whitespace().collect();
    let caseless = words.join(" ").to_lowercase().to_uppercase();
    caseless.nfc().collect()
}

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = PlayerName::MAX_CHARS;
        write!(
            f,
            "a name has 1 to {most} characters that can be seen, and others only where its script or an emoji needs them"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_any_script_is_welcome() {
        for name in [
            "Ada",
            "Zoë",
            "Zoé",
            "O’Neill-Świątek 2.",
            "مریم",
            "می\u{200C}خواهم",
            "نَبِيل",
            "नेहा",
            "क्\u{200D}ष",
            "ശ്രീ",
            "ബാലന്\u{200D}",
            "ශ්\u{200D}රී",
            "বৃষ্টি",
            "ณัฐวุฒิ",
            "བསྒྲུབས",
            "ᠮᠣᠩᠭᠣᠯ",
            "ᠭᠠᠯ\u{180E}ᠠ",
            "山田　太郎",
            "葛\u{E0100}城",
            "이서연",
            "Нгуен",
            "Nguyễn",
            "ⵉⴷⵉⵔ",
            "𞤀𞤣𞤢",
            "👩\u{200D}🚀",
            "👩🏽\u{200D}🚀",
            "🏳\u{FE0F}\u{200D}🌈",
            "👨\u{200D}👩\u{200D}👧\u{200D}👦",
            "❤\u{FE0F}",
            "1\u{FE0F}\u{20E3}",
            "🇩🇪",
            "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
            "⠁⠙⠁",
        ] {
            let taken = NormalizedName::new(name).map(|name| name.0);
            assert_eq!(taken, Ok(name.nfc().collect()), "{name:?}");
        }
    }

    #[test]
    fn a_name_that_cannot_be_seen_is_none() {
        for name in [
            "",
            " \u{A0}\u{3000} ",
            "\u{200D}",
            "\u{200C}\u{200D}",
            "\u{AD}",
            "\u{34F}",
            "\u{115F}",
            "\u{1160}",
            "\u{17B4}",
            "\u{180E}",
            "\u{2800}",
            "\u{2800}\u{2800}",
            "\u{3164}",
            "\u{FE0F}",
            "\u{FFA0}",
            "\u{FFFC}",
            "\u{1D159}",
            "\u{13441}",
            "\u{E0041}\u{E0064}\u{E0061}",
            "\u{E0100}",
            "\u{301}",
            "\u{20E3}",
        ] {
            assert_eq!(
                NormalizedName::new(name).err(),
                Some(InvalidName),
                "{name:?}"
            );
        }
    }

    #[test]
    fn what_cannot_be_seen_stands_only_where_a_script_or_an_emoji_needs_it() {
        for name in [
            "Ada\u{200D}",
            "\u{200D}Ada",
            "A\u{200D}da",
            "A\u{200C}da",
            "Ada\u{AD}",
            "A\u{34F}da",
            "Ada\u{2800}",
            "Ada\u{3164}",
            "Ada\u{FE0F}",
            "Ada\u{E0001}",
            "Ada\u{E0041}",
            "Ada\u{200B}",
            "Ada\u{2060}",
            "Ada\u{2062}",
            "Ada\u{202E}",
            "Ada\u{2028}Bob",
            "مریم\u{200C}",
            "م\u{200C}\u{200C}ریم",
            "नेहा\u{200D}",
            "👩\u{200D}",
            "👩\u{200D}\u{200D}🚀",
            "👩\u{200D}Ada",
            "🚀\u{FE0F}\u{FE0F}",
            "🏴\u{E0067}",
            "葛\u{E0100}\u{E0101}",
            "1\u{FE0F}",
            "Ada\u{E000}",
            "Ada\u{378}",
            "Z\u{300}\u{301}\u{302}\u{303}\u{304}a",
            "Ada\u{7}",
        ] {
            assert_eq!(
                NormalizedName::new(name).err(),
                Some(InvalidName),
                "{name:?}"
            );
        }
    }

    #[test]
    fn a_name_has_at_most_32_characters_when_it_is_composed() {
        let name = "e\u{301}".repeat(32);
        assert_eq!(NormalizedName::new(&name).unwrap().as_str(), "é".repeat(32));
        assert!(NormalizedName::new(&"é".repeat(33)).is_err());
        assert!(NormalizedName::new(&"x".repeat(1_000_000)).is_err());
    }

    #[test]
    fn names_that_look_alike_are_the_same() {
        for (one, other) in [
            ("Ada", "Ada"),
            ("Ada", "ada"),
            ("Ada", "Ada\u{200D}"),
            ("Ada", "\u{2062}A\u{AD}da"),
            ("Zoé", "Zoe\u{301}"),
            ("ZOÉ", "zoe\u{301}"),
            ("Å", "\u{212B}"),
            ("Ada L", "Ada\u{A0}L"),
            ("Ada L", "Ada  L"),
            ("Straße", "STRASSE"),
            ("ΟΔΥΣΣΕΥΣ", "Οδυσσευς"),
            ("\u{1F0}", "J\u{30C}"),
            ("ﬁona", "Fiona"),
            ("می\u{200C}خواهم", "میخواهم"),
            ("❤\u{FE0F}", "❤"),
        ] {
            assert_eq!(
                comparison_key(one),
                comparison_key(other),
                "{one:?} and {other:?}"
            );
        }
        for (one, other) in [
            ("Ada", "Adà"),
            ("Zoe", "Zoé"),
            ("Ada L", "AdaL"),
            ("Ада", "Ada"),
            ("Ａｄａ", "Ada"),
            ("Ada", "Ada1"),
            ("👩\u{200D}🚀", "👩"),
        ] {
            assert_ne!(
                comparison_key(one),
                comparison_key(other),
                "{one:?} and {other:?}"
            );
        }
    }
}
