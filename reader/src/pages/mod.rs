//! Pages for people: what a browser shows at the URLs at which programs get data.
//!
//! A page is made of what the other stages answer; here is only how it looks. One request gives all of a
//! page: no script, no font, no picture of another address. Deliberately absent: what is read for a page
//! (`reader::shown`), and whether a page is what the client wants (`request`).

mod changes;
mod choice;
mod columns;
mod commit;
mod conditions;
mod document;
mod error;
mod facets;
mod fields;
mod filled;
mod filters;
mod frame;
mod front;
mod layout;
mod linked_data;
mod map;
mod question;
mod reading;
mod row;
mod row_writer;
mod rows;
mod sources;
mod table;
mod template;
mod text;
mod tried;
mod usage;
mod value;

pub(crate) use changes::{ChangesPage, changes};
pub(crate) use choice::selection;
pub(crate) use columns::columns;
pub(crate) use document::STYLE_POLICY;
pub(crate) use error::{Way, error};
pub(crate) use facets::VALUES as FACET_VALUES;
pub(crate) use filled::{Filled, PageRows};
pub(crate) use frame::Frame;
pub(crate) use front::{Front, FrontDataset, FrontTable, front};
pub(crate) use layout::{Site, Then};
pub(crate) use question::Question;
pub(crate) use row::{Referred, RowPage, row};
pub(crate) use row_writer::RowWriter;
pub(crate) use rows::{Labels, Link, Member, linked};
pub(crate) use sources::SOURCES;
pub(crate) use table::{TablePage, table, tried_form};
pub(crate) use text::Root;
pub(crate) use tried::Tried;
pub(crate) use value::Shown;

/// A page that is ready.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) html: Vec<u8>,
    /// Whether it has all that is known, also what takes long.
    pub(crate) is_whole: bool,
}
