//! Which cells mean "no value" (Table Schema, `missingValues`).

/// The missing values of a field, in the form that the usual ones are distinguished fastest.
#[derive(Debug, Clone)]
pub(super) enum Missing {
    /// Every cell is a value.
    Never,
    /// The default: the empty cell.
    Empty,
    One(Box<str>),
    Many(Box<[Box<str>]>),
}

impl Missing {
    pub(super) fn new(values: &[String]) -> Self {
        match values {
            [] => Self::Never,
            [value] if value.is_empty() => Self::Empty,
            [value] => Self::One(value.as_str().into()),
            values => Self::Many(values.iter().map(|value| value.as_str().into()).collect()),
        }
    }

    #[inline(always)] // nearly every cell of every file takes the first branch
    pub(super) fn has(&self, cell: &str) -> bool {
        match self {
            Self::Empty => cell.is_empty(),
            _ => self.has_other(cell),
        }
    }

    /// Whether any but the empty cell is one.
    pub(super) fn has_words(&self) -> bool {
        match self {
            Self::Never | Self::Empty => false,
            Self::One(value) => !value.is_empty(),
            Self::Many(values) => values.iter().any(|value| !value.is_empty()),
        }
    }

    fn has_other(&self, cell: &str) -> bool {
        match self {
            Self::Never => false,
            Self::Empty => cell.is_empty(),
            Self::One(value) => cell == &**value,
            Self::Many(values) => values.iter().any(|value| cell == &**value),
        }
    }
}
