//! `/-/proof/...`: a row's way to the release's root, or that of the rows around a key that none has, now or as of a
//! version. Also what a client compares the root with: `/-/manifest.json` and `/-/attestation`.

use std::rc::Rc;
use std::time::Duration;

use catalog::{
    Absence, Hash, Leaf, Manifest, Proof, ProofPath, ProvedRow, ProvedTable, ProvedVersion, RowTree, Table,
    Version, hex, pair_path, parse_hash, path, read_canonical, row_values, table_root, tree_root,
};
use rusqlite::Connection;
use rusqlite::types::Value;

use super::Reader;
use crate::error::{Code, Error};
use crate::plan::Plan;
use crate::query::{GroupRows, KeyOrder, Place};
use crate::request::{Headers, RawRequest, WantedDigest};
use crate::response::Response;

/// What under `/-/` is the attestation.
pub(super) const ATTESTATION: &str = "attestation";

/// The media type of a Sigstore bundle.
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// What under `/-/` is the manifest's file.
pub(super) const MANIFEST: &str = "manifest.json";

impl Reader {
    /// The manifest, byte for byte: what a build attests.
    pub(super) fn manifest_file(&self, raw: &RawRequest<'_>) -> Result<Response, Error> {
        Ok(self.always_digested(
            Response::document(self.release.manifest()?.to_bytes(), &raw.headers, &self.config)?,
            &raw.headers,
        ))
    }

    /// The bundle that attests the manifest.
    pub(super) fn attestation_file(&self, raw: &RawRequest<'_>) -> Result<Response, Error> {
        let bundle = self.release.attestation()?.ok_or_else(|| {
            Error::new(Code::NoAttestation, "the release has no attestation")
                .details("none was packaged with it: it is made where a workflow of GitHub's builds the release")
                .hint("build the commit that /-/manifest.json names again and compare: `publisher verify URL --rebuild`")
        })?;
        Ok(self.always_digested(
            Response::document(bundle, &raw.headers, &self.config)?.of_type(BUNDLE),
            &raw.headers,
        ))
    }

    /// A file that others attest: with its digest, unless the client takes none.
    fn always_digested(&self, response: Response, headers: &Headers) -> Response {
        match headers.wanted_digest() {
            WantedDigest::Refused => response,
            _ => response.coded(headers).digested(),
        }
    }

    /// The proof of a table, or of a row by its key.
    pub(super) fn proof(
        &self,
        name: &str,
        key: Option<&str>,
        raw: &RawRequest<'_>,
        time: Duration,
    ) -> Result<Response, Error> {
        let table = self.known_table(name)?;
        self.no_proof_parameters(name, raw)?;
        if raw.method == "OPTIONS" {
            return Ok(Response::options());
        }
        let key = key.map(|key| self.proved_key(&table, key)).transpose()?;
        let manifest = self.release.manifest()?;
        let (Some(root), Some((index, roots))) = (&manifest.root, tables(manifest, &table.name)) else {
            return Err(earlier());
        };
        let (connection, _limited) = self.release.limited(time)?;
        let tree = catalog::row_tree(connection, &table.name)?.ok_or_else(earlier)?;
        let place = PlaceOfTable {
            root,
            version: None,
            index,
            tables: roots.len() as u64,
            path: path(index, &roots),
        };
        self.proved(manifest, &table, place, &tree, connection, key, &raw.headers)
    }

    /// The same as of a version of the table's dataset: `then` is the reader of that moment. The answer is of the release
    /// of now, whose root of the history it leads to, so it is cached no longer than others.
    pub(super) fn proof_at(
        &self,
        then: &Self,
        (dataset, version): (&str, Option<&Version>),
        (name, key): (&str, Option<&str>),
        (raw, time): (&RawRequest<'_>, Duration),
    ) -> Result<Response, Error> {
        let table = then.known_table(name)?;
        then.no_proof_parameters(name, raw)?;
        if raw.method == "OPTIONS" {
            return Ok(Response::options());
        }
        let key = key.map(|key| then.proved_key(&table, key)).transpose()?;
        let manifest = self.release.manifest()?;
        let (Some(kept), Some(version), Some(past)) = (&manifest.history, version, &then.past) else {
            return Err(earlier());
        };
        let all = self.history_tree()?.ok_or_else(earlier)?;
        let place = all.path(dataset, version.ordinal, name);
        let (index, root, path) = place.ok_or_else(|| Error::release("the change feed is not whole"))?;
        let (connection, _limited) = then.release.limited(time)?;
        past.table_ready(&table, true, &then.release)?;
        let known = past.trees.borrow().get(name).cloned();
        let tree = match known {
            Some(tree) => tree,
            None => {
                let tree = Rc::new(KeyOrder::grown(&table, connection)?);
                if table_root(name, table.rows, &table.schema, &tree_root(&tree.hashes())) != root {
                    return Err(Error::new(
                        Code::NotRestorable,
                        format!("the rows of '{name}' as of then can't be restored"),
                    )
                    .details("what the change feed leads back to has another root than the version had"));
                }
                past.trees.borrow_mut().insert(name.to_owned(), Rc::clone(&tree));
                tree
            }
        };
        let place = PlaceOfTable {
            root: &kept.root,
            version: Some(ProvedVersion::of(dataset, version)),
            index,
            tables: kept.tables,
            path,
        };
        self.proved(manifest, &table, place, &tree, connection, key, &raw.headers)
    }

    fn no_proof_parameters(&self, name: &str, raw: &RawRequest<'_>) -> Result<(), Error> {
        let Some(parameter) = raw.query.split(['&', '=']).find(|name| !name.is_empty()) else {
            return Ok(());
        };
        Err(Error::new(Code::UnknownParameter, format!("unknown query parameter \"{parameter}\"")).hint(
            format!(
                "a proof is of a whole row: use {}/-/proof/{name}/<key> without parameters",
                self.config.base_path
            ),
        ))
    }

    /// The columns of the key and their values.
    fn proved_key(&self, table: &Table, key: &str) -> Result<Vec<(usize, Value)>, Error> {
        if table.schema.primary_key.is_empty() {
            let base = &self.config.base_path;
            let message =
                format!("table '{}' has no primary key, so no single row can be proved", table.name);
            return Err(Error::new(Code::NoProof, message)
                .hint(format!("{base}/-/proof/{} proves the table as a whole", table.name)));
        }
        Plan::key(table, key, &self.config)
    }

    /// The proof of a table with these rows, or of one of them.
    #[expect(clippy::too_many_arguments, reason = "what a proof consists of")]
    fn proved(
        &self,
        manifest: &Manifest,
        table: &Table,
        place: PlaceOfTable<'_>,
        tree: &RowTree,
        connection: &Connection,
        key: Option<Vec<(usize, Value)>>,
        headers: &Headers,
    ) -> Result<Response, Error> {
        let hashes = tree.hashes();
        let PlaceOfTable { root, version, index, tables, path } = place;
        let proved = ProvedTable {
            name: table.name.clone(),
            rows: table.rows,
            columns: table.schema.columns.iter().map(|c| (c.name.clone(), c.column_type)).collect(),
            key: table.schema.primary_key.clone(),
            tree: key.is_none().then(|| hex(&tree_root(&hashes))),
            index: index as u64,
            tables,
            path: ProofPath(path),
        };
        let (commit, root) = (manifest.commit.clone(), root.to_owned());
        let mut proof = Proof { commit, root, version, table: proved, row: None, absent: None };
        if let Some(key) = key {
            let (columns, values): (Vec<usize>, Vec<_>) = key.into_iter().unzip();
            match KeyOrder::new(table, tree, connection, columns).find(&values)? {
                Place::Found(group, index) => {
                    let row = RowOfGroup { group: &group, index };
                    proof.row = Some(row.proved(&proof.table, &hashes)?);
                }
                Place::Between(before, after) => {
                    let [before, after] = [&before, &after].map(|place| {
                        place.as_ref().map(|(group, index)| RowOfGroup { group, index: *index })
                    });
                    proof.absent = Some(absence(table.rows, before, after, &hashes)?);
                }
            }
        }
        Response::document(serde_json::to_vec(&proof).map_err(Error::release)?, headers, &self.config)
    }
}

/// Where a table's leaf is.
struct PlaceOfTable<'a> {
    root: &'a str,
    version: Option<ProvedVersion>,
    index: usize,
    tables: u64,
    path: Vec<Hash>,
}

/// A row of a group of leaves.
#[derive(Clone, Copy)]
struct RowOfGroup<'a> {
    group: &'a GroupRows,
    index: usize,
}

impl RowOfGroup<'_> {
    /// Its place among all rows.
    fn place(self) -> u64 {
        (self.group.start + self.index) as u64
    }

    fn bytes(self) -> Result<Vec<u8>, Error> {
        self.group.rows.get(self.index).cloned().ok_or_else(unread)
    }

    /// Above the group, the path is that of the group among all.
    fn path(self, groups: &[Hash]) -> Vec<Hash> {
        let mut way = path(self.index, &self.group.leaves);
        way.extend(path(self.group.start / catalog::GROUP, groups));
        way
    }

    fn proved(self, table: &ProvedTable, groups: &[Hash]) -> Result<ProvedRow, Error> {
        let leaf = self.bytes()?;
        let values = read_canonical(&leaf).ok_or_else(unread)?;
        let values = row_values(&table.columns, &values).ok_or_else(unread)?;
        Ok(ProvedRow { values, leaf: Leaf(leaf), index: self.place(), path: ProofPath(self.path(groups)) })
    }
}

fn absence(
    rows: u64,
    before: Option<RowOfGroup<'_>>,
    after: Option<RowOfGroup<'_>>,
    groups: &[Hash],
) -> Result<Absence, Error> {
    let path = match (before, after) {
        (Some(before), Some(after)) => {
            pair_path(before.place(), rows, &before.path(groups), &after.path(groups))
        }
        (Some(one), None) | (None, Some(one)) => one.path(groups),
        (None, None) => vec![],
    };
    Ok(Absence {
        index: before.map_or(0, |before| before.place() + 1),
        before: before.map(|row| row.bytes().map(Leaf)).transpose()?,
        after: after.map(|row| row.bytes().map(Leaf)).transpose()?,
        path: ProofPath(path),
    })
}

fn earlier() -> Error {
    Error::new(Code::NoProof, "the release has no Merkle trees: an earlier version built it")
        .hint("build the release again")
}

fn unread() -> Error {
    Error::release("a row can't be read")
}

/// The table's place among all, and the roots of all; `None` where one has none.
fn tables(manifest: &Manifest, name: &str) -> Option<(usize, Vec<Hash>)> {
    // The builder wrote them in the order of their names.
    let index = manifest.tables.iter().position(|table| table.name == name)?;
    let roots = manifest.tables.iter().map(|table| parse_hash(table.root.as_deref()?));
    Some((index, roots.collect::<Option<_>>()?))
}
