//! One source file, and the items in it.

use std::ops::Range;
use std::path::{Path, PathBuf};

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, ImplItem, Item, Pat, Signature, Type};
use thiserror::Error;

/// The text of a source file, parsed.
pub struct Source {
    path: PathBuf,
    text: String,
    items: Vec<Item>,
}

/// Why an item cannot be found. The message names the file and the item.
#[derive(Debug, Error)]
pub enum FindError {
    /// The file cannot be read.
    #[error("{}: {error}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The file is not Rust.
    #[error("{}:{}: {error}", .path.display(), .error.span().start().line)]
    Parse {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        error: syn::Error,
    },
    /// No item has this path.
    #[error("{}: there is no item `{item}`", .path.display())]
    NoItem {
        /// The file.
        path: PathBuf,
        /// The path within the file.
        item: String,
    },
    /// The item is not a function with a body.
    #[error("{}: `{item}` is not a function with a body", .path.display())]
    NoBody {
        /// The file.
        path: PathBuf,
        /// The path within the file.
        item: String,
    },
    /// An argument is a pattern, so `your_code!` cannot name it.
    #[error("{}: an argument of `{item}` is a pattern, where a name is needed", .path.display())]
    PatternArgument {
        /// The file.
        path: PathBuf,
        /// The path within the file.
        item: String,
    },
}

/// An item and, for a function, its signature and body.
struct Found<'a> {
    whole: Range<usize>,
    function: Option<(&'a Signature, Range<usize>)>,
}

impl Source {
    /// Reads and parses a file.
    ///
    /// # Errors
    /// [`FindError::Read`], [`FindError::Parse`].
    pub fn read(path: &Path) -> Result<Source, FindError> {
        let text = std::fs::read_to_string(path).map_err(|error| FindError::Read {
            path: path.to_owned(),
            error,
        })?;
        Source::parse(path, text)
    }

    /// Parses the text of a file. `path` is for messages only.
    ///
    /// # Errors
    /// [`FindError::Parse`].
    pub fn parse(path: &Path, text: String) -> Result<Source, FindError> {
        let path = path.to_owned();
        match syn::parse_file(&text) {
            Ok(file) => Ok(Source {
                path,
                text,
                items: file.items,
            }),
            Err(error) => Err(FindError::Parse { path, error }),
        }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// Returns the text of one of [`Source::items`].
    pub(crate) fn text_of(&self, item: &Item) -> &str {
        &self.text[item.span().byte_range()]
    }

    /// Returns the text of an item with its docs and attributes, without its indentation. The
    /// path is a name, such as `decide`, or a type and a name, such as `Draft::position`.
    ///
    /// # Errors
    /// [`FindError::NoItem`].
    pub fn quote(&self, item: &str) -> Result<String, FindError> {
        let range = self.find(item)?.whole;
        let start = self.line_start(range.start);
        let indent = range.start - start;
        let lines = self.text[start..range.end].lines();
        let lines: Vec<_> = lines.map(|line| line.get(indent..).unwrap_or("")).collect();
        Ok(lines.join("\n"))
    }

    /// Returns the text with the bodies of these functions replaced by `your_code!` of their
    /// arguments, those of `later` ones by `later!`, and without the items under `#[cfg(test)]`.
    ///
    /// # Errors
    /// [`FindError::NoItem`], [`FindError::NoBody`], [`FindError::PatternArgument`].
    pub fn hollow(&self, functions: &[String], later: &[String]) -> Result<String, FindError> {
        let mut edits = self.tests();
        let functions = functions.iter().map(|name| (name, "your_code"));
        for (name, stand_in) in functions.chain(later.iter().map(|name| (name, "later"))) {
            let (signature, body) = self.function(name)?;
            let indent = " ".repeat(self.indentation(body.start));
            let arguments = self.arguments(name, signature)?.join(", ");
            let hollow = format!("{{\n{indent}    {stand_in}!({arguments})\n{indent}}}");
            edits.push((body, hollow));
        }
        Ok(self.edited(edits))
    }

    /// Returns the text with the body of each function in `other` in place of the body of the
    /// function with the same path, and without the items under `#[cfg(test)]`.
    ///
    /// # Errors
    /// [`FindError::NoItem`] if this file has no such function, [`FindError::NoBody`].
    pub fn with_bodies_of(&self, other: &Source) -> Result<String, FindError> {
        self.with_functions_of(other, &other.functions())
    }

    /// As [`Source::with_bodies_of`], for these functions alone.
    ///
    /// # Errors
    /// [`FindError::NoItem`] if a file has no such function, [`FindError::NoBody`].
    pub fn with_functions_of(
        &self,
        other: &Source,
        functions: &[String],
    ) -> Result<String, FindError> {
        let mut edits = self.tests();
        for name in functions {
            let (_, body) = other.function(name)?;
            let (_, place) = self.function(name)?;
            edits.push((place, other.text[body].to_owned()));
        }
        Ok(self.edited(edits))
    }

    /// Returns the text with the path of each module that lies in a file of its own, and without
    /// the items under `#[cfg(test)]`.
    pub(crate) fn with_paths(&self, path: impl Fn(&str) -> String) -> String {
        let mut edits = self.tests();
        for item in &self.items {
            if let Item::Mod(module) = item
                && module.content.is_none()
                && !is_test(&module.attrs)
            {
                let start = item.span().byte_range().start;
                let path = path(&module.ident.to_string());
                edits.push((start..start, format!("#[path = \"{path}\"]\n")));
            }
        }
        self.edited(edits)
    }

    /// Returns the first paragraph of the `//!` comment, on one line.
    pub fn summary(&self) -> String {
        let lines = self.text.lines().map_while(|line| line.strip_prefix("//!"));
        let lines = lines.map(str::trim).take_while(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join(" ")
    }

    /// Returns the paths of all functions, also of those in `impl` blocks.
    pub fn functions(&self) -> Vec<String> {
        let mut names = Vec::new();
        for item in &self.items {
            match item {
                Item::Fn(function) => names.push(function.sig.ident.to_string()),
                Item::Impl(block) => {
                    let functions = block.items.iter().filter_map(|item| match item {
                        ImplItem::Fn(function) => Some(&function.sig.ident),
                        _ => None,
                    });
                    let owner = owner(&block.self_ty).unwrap_or_default();
                    names.extend(functions.map(|name| format!("{owner}::{name}")));
                }
                _ => {}
            }
        }
        names
    }

    fn find(&self, item: &str) -> Result<Found<'_>, FindError> {
        let path: Vec<&str> = item.split("::").collect();
        find(&self.items, &path).ok_or_else(|| self.no_item(item))
    }

    pub(crate) fn no_item(&self, item: &str) -> FindError {
        FindError::NoItem {
            path: self.path.clone(),
            item: item.to_owned(),
        }
    }

    pub(crate) fn function(&self, item: &str) -> Result<(&Signature, Range<usize>), FindError> {
        self.find(item)?.function.ok_or_else(|| FindError::NoBody {
            path: self.path.clone(),
            item: item.to_owned(),
        })
    }

    fn arguments(&self, item: &str, signature: &Signature) -> Result<Vec<String>, FindError> {
        let name = |argument: &FnArg| match argument {
            FnArg::Receiver(_) => Some("self".to_owned()),
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(name) => Some(name.ident.to_string()),
                _ => None,
            },
        };
        let names: Option<Vec<_>> = signature.inputs.iter().map(name).collect();
        names.ok_or_else(|| FindError::PatternArgument {
            path: self.path.clone(),
            item: item.to_owned(),
        })
    }

    /// Returns edits that remove the items under `#[cfg(test)]`.
    pub(crate) fn tests(&self) -> Vec<(Range<usize>, String)> {
        let tests = self.items.iter().filter(|item| is_test(attributes(item)));
        let ranges = tests.map(|item| {
            let range = item.span().byte_range();
            (self.line_start(range.start)..range.end, String::new())
        });
        ranges.collect()
    }

    pub(crate) fn edited(&self, mut edits: Vec<(Range<usize>, String)>) -> String {
        edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        let mut text = self.text.clone();
        for (range, replacement) in edits {
            text.replace_range(range, &replacement);
        }
        format!("{}\n", text.trim_end())
    }

    pub(crate) fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// Returns the number of spaces at the start of the line.
    fn indentation(&self, at: usize) -> usize {
        let line = &self.text[self.line_start(at)..];
        line.len() - line.trim_start_matches(' ').len()
    }
}

fn find<'a>(items: &'a [Item], path: &[&str]) -> Option<Found<'a>> {
    let (name, rest) = path.split_first()?;
    let in_item = |item: &'a Item| match item {
        Item::Mod(module) if module.ident == name && !rest.is_empty() => {
            find(&module.content.as_ref()?.1, rest)
        }
        Item::Impl(block) if owner(&block.self_ty).as_deref() == Some(name) => {
            let [method] = rest else { return None };
            block
                .items
                .iter()
                .find_map(|item| method_found(item, method))
        }
        item if rest.is_empty() && ident(item).is_some_and(|ident| ident == name) => Some(Found {
            whole: item.span().byte_range(),
            function: match item {
                Item::Fn(function) => Some((&function.sig, range(function.block.span()))),
                _ => None,
            },
        }),
        _ => None,
    };
    items.iter().find_map(in_item)
}

fn method_found<'a>(item: &'a ImplItem, name: &str) -> Option<Found<'a>> {
    match item {
        ImplItem::Fn(function) if function.sig.ident == name => Some(Found {
            whole: range(function.span()),
            function: Some((&function.sig, range(function.block.span()))),
        }),
        ImplItem::Const(constant) if constant.ident == name => Some(Found {
            whole: range(constant.span()),
            function: None,
        }),
        _ => None,
    }
}

fn range(span: Span) -> Range<usize> {
    span.byte_range()
}

fn ident(item: &Item) -> Option<&syn::Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        _ => None,
    }
}

/// Returns the name of the type that an `impl` block is for.
pub(crate) fn owner(self_ty: &Type) -> Option<String> {
    match self_ty {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_cfg = attribute.path().is_ident("cfg");
        is_cfg
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|what| what == "test")
    })
}

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;
