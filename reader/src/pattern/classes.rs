//! Classes as PostgreSQL has them in its locale `C.UTF-8`: to `regex_syntax`, `[[:alpha:]]` is that of
//! ASCII and would pass over `é` in silence, and `\w` and `\d` have marks and digits of all scripts.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{
    Ast, ClassAsciiKind, ClassBracketed, ClassPerl, ClassPerlKind, ClassSet, ClassSetItem,
};

/// The pattern with its classes as PostgreSQL's. With `fold`, `upper` and `lower` are `alpha`, as there.
pub(super) fn replaced(mut ast: Ast, fold: bool) -> Ast {
    replace(&mut ast, fold);
    ast
}

// As deep as the parser lets patterns be nested.
fn replace(ast: &mut Ast, fold: bool) {
    match ast {
        Ast::ClassBracketed(class) => set(&mut class.kind, fold),
        Ast::ClassPerl(class) => {
            if let Some(class) = perl(class) {
                *ast = Ast::ClassBracketed(Box::new(class));
            }
        }
        Ast::Repetition(repetition) => replace(&mut repetition.ast, fold),
        Ast::Group(group) => replace(&mut group.ast, fold),
        Ast::Alternation(alternation) => alternation.asts.iter_mut().for_each(|ast| replace(ast, fold)),
        Ast::Concat(concat) => concat.asts.iter_mut().for_each(|ast| replace(ast, fold)),
        Ast::Empty(_)
        | Ast::Flags(_)
        | Ast::Literal(_)
        | Ast::Dot(_)
        | Ast::Assertion(_)
        | Ast::ClassUnicode(_) => {}
    }
}

fn set(class: &mut ClassSet, fold: bool) {
    match class {
        ClassSet::Item(found) => item(found, fold),
        ClassSet::BinaryOp(operation) => {
            set(&mut operation.lhs, fold);
            set(&mut operation.rhs, fold);
        }
    }
}

fn item(found: &mut ClassSetItem, fold: bool) {
    let class = match found {
        ClassSetItem::Ascii(class) => ascii(&class.kind, fold).and_then(|text| parsed(text, class.negated)),
        ClassSetItem::Perl(class) => perl(class),
        ClassSetItem::Bracketed(class) => return set(&mut class.kind, fold),
        ClassSetItem::Union(union) => return union.items.iter_mut().for_each(|found| item(found, fold)),
        ClassSetItem::Empty(_)
        | ClassSetItem::Literal(_)
        | ClassSetItem::Range(_)
        | ClassSetItem::Unicode(_) => None,
    };
    if let Some(class) = class {
        *found = ClassSetItem::Bracketed(Box::new(class));
    }
}

/// A class of ours, which parses.
fn parsed(text: &str, negated: bool) -> Option<ClassBracketed> {
    let Ok(Ast::ClassBracketed(class)) = &Parser::new().parse(text) else { return None };
    let mut class = ClassBracketed::clone(class);
    class.negated ^= negated;
    Some(class)
}

/// `None` where the class is the same here and there.
fn perl(class: &ClassPerl) -> Option<ClassBracketed> {
    let text = match class.kind {
        ClassPerlKind::Digit => "[0-9]",
        ClassPerlKind::Word => r"[\p{Alphabetic}0-9_]",
        ClassPerlKind::Space => return None,
    };
    parsed(text, class.negated)
}

/// `None` where the class is the same here and there.
fn ascii(kind: &ClassAsciiKind, fold: bool) -> Option<&'static str> {
    Some(match kind {
        ClassAsciiKind::Alnum => r"[\p{Alphabetic}0-9]",
        ClassAsciiKind::Alpha => r"[\p{Alphabetic}]",
        ClassAsciiKind::Lower | ClassAsciiKind::Upper if fold => r"[\p{Alphabetic}]",
        ClassAsciiKind::Cntrl => r"[\p{Cc}]",
        ClassAsciiKind::Graph => r"[^\s\p{Cc}\p{Cn}]",
        ClassAsciiKind::Lower => r"[\p{Lowercase}]",
        ClassAsciiKind::Print => r"[[^\s\p{Cc}\p{Cn}]\p{Zs}]",
        ClassAsciiKind::Punct => r"[[\p{P}\p{S}]--\p{Alphabetic}]",
        ClassAsciiKind::Space => r"[\s]",
        ClassAsciiKind::Upper => r"[\p{Uppercase}]",
        ClassAsciiKind::Word => r"[\p{Alphabetic}0-9_]",
        ClassAsciiKind::Ascii | ClassAsciiKind::Blank | ClassAsciiKind::Digit | ClassAsciiKind::Xdigit => {
            return None;
        }
    })
}

#[cfg(test)]
mod tests {
    use regex_syntax::ast::parse::Parser;
    use regex_syntax::hir::translate::TranslatorBuilder;
    use regex_syntax::hir::{Class, HirKind};

    use super::replaced;

    /// How many characters each class has in PostgreSQL 18 with the builtin locale C.UTF-8, which has no
    /// U+0000: `SELECT count(*) FROM generate_series(1, 1114111) i
    /// WHERE i NOT BETWEEN 55296 AND 57343 AND chr(i) ~ '^\w$'`.
    #[test]
    fn classes_are_those_of_postgresql() {
        for (class, fold, expected) in [
            (r"\w", false, 142_770),
            (r"[\w]", false, 142_770),
            (r"\d", false, 10),
            (r"\s", false, 25),
            ("[[:alnum:]]", false, 142_769),
            ("[[:alpha:]]", false, 142_759),
            ("[[:blank:]]", false, 2),
            ("[[:cntrl:]]", false, 64),
            ("[[:digit:]]", false, 10),
            ("[[:graph:]]", false, 292_447),
            ("[[:lower:]]", false, 2569),
            ("[[:print:]]", false, 292_464),
            ("[[:punct:]]", false, 9239),
            ("[[:space:]]", false, 25),
            ("[[:upper:]]", false, 1978),
            ("[[:upper:]]", true, 142_759),
            ("[[:xdigit:]]", false, 22),
            (r"\W", false, 1_112_063 - 142_770),
            (r"[^\d]", false, 1_112_063 - 10),
        ] {
            let ast = replaced(Parser::new().parse(class).unwrap(), fold);
            let hir = TranslatorBuilder::new().case_insensitive(fold).build().translate(class, &ast).unwrap();
            let HirKind::Class(Class::Unicode(found)) = hir.kind() else { panic!("{class}") };
            let surrogates = 0xe000 - 0xd800;
            let count: u32 = found
                .iter()
                .map(|range| {
                    let (first, last) = (u32::from(range.start()).max(1), u32::from(range.end()));
                    last + 1 - first - if first < 0xd800 && last > 0xdfff { surrogates } else { 0 }
                })
                .sum();
            assert_eq!(count, expected, "{class}");
        }
    }
}
