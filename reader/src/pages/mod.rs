//! Pages for people: what a browser shows at the URLs at which programs get data.
//!
//! A page is made of what the other stages answer; here is only how it looks. One request gives all of a
//! page: no script, no font, no picture of another address. Deliberately absent: what is read for a page
//! (`reader::shown`), and whether a page is what the client wants (`request`).

mod document;
mod error;
mod front;
mod layout;
mod text;
mod usage;

pub(crate) use document::style_policy;
pub(crate) use error::{Way, error};
pub(crate) use front::{Front, FrontDataset, FrontTable, front};
pub(crate) use layout::Site;
