//! Adds to a module of the product what a change request needs around the learner's module.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprMatch, ImplItem, Item, ItemEnum, ItemImpl, Stmt};

use crate::source::{FindError, Source, owner};

impl Source {
    /// Returns the text with what `other` adds to it:
    ///
    /// - the variants of an enum, to the enum of the same name,
    /// - the arms of a function that is a single `match`, to the first `match` of the function
    ///   with the same path,
    /// - a function of an `impl` block that this file does not have, to the block.
    ///
    /// Items under `#[cfg(test)]` are left out.
    ///
    /// # Errors
    /// [`FindError::NoItem`] if this file has no such item.
    pub fn with_additions_of(&self, other: &Source) -> Result<String, FindError> {
        let mut edits = self.tests();
        let mut add = |place: usize, text: String| edits.push((place..place, text));
        for item in other.items() {
            match item {
                Item::Enum(item) => {
                    let mine = self.enumeration(&item.ident.to_string())?;
                    let text = other.lines_of(item.variants.iter(), ",");
                    add(mine.brace_token.span.close().byte_range().start, text);
                }
                Item::Fn(item) => {
                    let place = self.first_match(&item.sig.ident.to_string())?;
                    add(place, other.arms(&item.block));
                }
                Item::Impl(block) => {
                    let owner = owner(&block.self_ty).unwrap_or_default();
                    for item in &block.items {
                        let ImplItem::Fn(function) = item else {
                            continue;
                        };
                        let path = format!("{owner}::{}", function.sig.ident);
                        if self.quote(&path).is_ok() {
                            add(self.first_match(&path)?, other.arms(&function.block));
                        } else {
                            let mine = self.implementation(&owner)?;
                            let text = format!("\n{}", other.lines_of([item].into_iter(), ""));
                            add(mine.brace_token.span.close().byte_range().start, text);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(self.edited(edits))
    }

    fn enumeration(&self, name: &str) -> Result<&ItemEnum, FindError> {
        let mut enums = self.items().iter().filter_map(|item| match item {
            Item::Enum(item) if item.ident == name => Some(item),
            _ => None,
        });
        enums.next().ok_or_else(|| self.no_item(name))
    }

    /// Returns the first `impl` block of a type that is not that of a trait.
    fn implementation(&self, name: &str) -> Result<&ItemImpl, FindError> {
        let mut blocks = self.items().iter().filter_map(|item| match item {
            Item::Impl(block) if block.trait_.is_none() => Some(block),
            _ => None,
        });
        let block = blocks.find(|block| owner(&block.self_ty).as_deref() == Some(name));
        block.ok_or_else(|| self.no_item(name))
    }

    /// Returns the place of the line behind the `{` of the first `match` in a function.
    fn first_match(&self, function: &str) -> Result<usize, FindError> {
        let (_, body) = self.function(function)?;
        let mut matches = Matches::default();
        for item in self.items() {
            matches.visit_item(item);
        }
        let place = matches
            .places
            .into_iter()
            .find(|place| body.contains(place));
        place.ok_or_else(|| self.no_item(&format!("{function}: match")))
    }

    /// Returns the text of the arms of a function that is a single `match`; nothing otherwise.
    fn arms(&self, body: &Block) -> String {
        match body.stmts.as_slice() {
            [Stmt::Expr(Expr::Match(item), _)] => self.lines_of(item.arms.iter(), ""),
            _ => String::new(),
        }
    }

    /// Returns the lines of items, each with `end` behind it.
    fn lines_of<T: Spanned>(&self, items: impl Iterator<Item = T>, end: &str) -> String {
        let lines = |item: T| {
            let range = item.span().byte_range();
            let start = self.line_start(range.start);
            format!("{}{end}\n", &self.text()[start..range.end])
        };
        items.map(lines).collect()
    }
}

/// Collects where the arms of each `match` begin.
#[derive(Default)]
struct Matches {
    places: Vec<usize>,
}

impl<'a> Visit<'a> for Matches {
    fn visit_expr_match(&mut self, item: &'a ExprMatch) {
        let newline = 1;
        self.places
            .push(item.brace_token.span.open().byte_range().end + newline);
        visit::visit_expr_match(self, item);
    }
}
