//! POSIX classes as Unicode has them (Unicode Technical Standard #18, annex C): to `regex_syntax`
//! they are those of ASCII, and `[[:alpha:]]` would pass over `é` in silence.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{Ast, ClassAsciiKind, ClassSet, ClassSetItem};

/// The pattern with its POSIX classes widened.
pub(super) fn widened(mut ast: Ast) -> Ast {
    widen(&mut ast);
    ast
}

// As deep as the parser lets patterns be nested.
fn widen(ast: &mut Ast) {
    match ast {
        Ast::ClassBracketed(class) => set(&mut class.kind),
        Ast::Repetition(repetition) => widen(&mut repetition.ast),
        Ast::Group(group) => widen(&mut group.ast),
        Ast::Alternation(alternation) => alternation.asts.iter_mut().for_each(widen),
        Ast::Concat(concat) => concat.asts.iter_mut().for_each(widen),
        Ast::Empty(_)
        | Ast::Flags(_)
        | Ast::Literal(_)
        | Ast::Dot(_)
        | Ast::Assertion(_)
        | Ast::ClassUnicode(_)
        | Ast::ClassPerl(_) => {}
    }
}

fn set(class: &mut ClassSet) {
    match class {
        ClassSet::Item(found) => item(found),
        ClassSet::BinaryOp(operation) => {
            set(&mut operation.lhs);
            set(&mut operation.rhs);
        }
    }
}

fn item(found: &mut ClassSetItem) {
    match found {
        ClassSetItem::Ascii(class) => {
            let Some(wide) = wide(&class.kind) else { return };
            // They are ours, and parse.
            if let Ok(Ast::ClassBracketed(wide)) = &Parser::new().parse(wide) {
                let mut wide = wide.clone();
                wide.negated ^= class.negated;
                *found = ClassSetItem::Bracketed(wide);
            }
        }
        ClassSetItem::Bracketed(class) => set(&mut class.kind),
        ClassSetItem::Union(union) => union.items.iter_mut().for_each(item),
        ClassSetItem::Empty(_)
        | ClassSetItem::Literal(_)
        | ClassSetItem::Range(_)
        | ClassSetItem::Unicode(_)
        | ClassSetItem::Perl(_) => {}
    }
}

/// The class as Unicode has it; `None` where that is ASCII's.
fn wide(kind: &ClassAsciiKind) -> Option<&'static str> {
    Some(match kind {
        ClassAsciiKind::Alnum => r"[\p{Alphabetic}\p{Nd}]",
        ClassAsciiKind::Alpha => r"[\p{Alphabetic}]",
        ClassAsciiKind::Blank => r"[\t\p{Zs}]",
        ClassAsciiKind::Cntrl => r"[\p{Cc}]",
        ClassAsciiKind::Digit => r"[\d]",
        ClassAsciiKind::Graph => r"[^\s\p{Cc}\p{Cs}\p{Cn}]",
        ClassAsciiKind::Lower => r"[\p{Lowercase}]",
        ClassAsciiKind::Print => r"[[^\s\p{Cc}\p{Cs}\p{Cn}]\p{Zs}]",
        ClassAsciiKind::Punct => r"[\p{P}\p{S}]",
        ClassAsciiKind::Space => r"[\s]",
        ClassAsciiKind::Upper => r"[\p{Uppercase}]",
        ClassAsciiKind::Word => r"[\w]",
        ClassAsciiKind::Ascii | ClassAsciiKind::Xdigit => return None,
    })
}
