//! `/-/proof/...`: a row's way to the release's root, or that of the rows around a key that none has. Also what a
//! client compares the root with: `/-/manifest.json` and `/-/attestation`.

use std::time::Duration;

use catalog::{
    Absence, Hash, Manifest, NextRow, Proof, ProvedRow, ProvedTable, Table, hex, parse_hash, path,
    read_canonical, row_values, tree_root,
};

use super::Reader;
use crate::error::{Code, Error};
use crate::plan::Plan;
use crate::query::{GroupRows, KeyOrder, Place};
use crate::request::{Headers, RawRequest, WantedDigest};
use crate::response::Response;

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
        if let Some(parameter) = raw.query.split(['&', '=']).find(|name| !name.is_empty()) {
            return Err(Error::new(
                Code::UnknownParameter,
                format!("unknown query parameter \"{parameter}\""),
            )
            .hint(format!(
                "a proof is of a whole row: use {}/-/proof/{name}/<key> without parameters",
                self.config.base_path
            )));
        }
        if raw.method == "OPTIONS" {
            return Ok(Response::options());
        }
        let key = key.map(|key| self.proved_key(&table, key)).transpose()?;
        let proof = self.proof_of(&table, key, time)?;
        Response::document(serde_json::to_vec(&proof).map_err(Error::release)?, &raw.headers, &self.config)
    }

    /// The columns of the key and their values.
    fn proved_key(&self, table: &Table, key: &str) -> Result<Vec<(usize, rusqlite::types::Value)>, Error> {
        if table.schema.primary_key.is_empty() {
            let base = &self.config.base_path;
            let message =
                format!("table '{}' has no primary key, so no single row can be proved", table.name);
            return Err(Error::new(Code::NoProof, message)
                .hint(format!("{base}/-/proof/{} proves the table as a whole", table.name)));
        }
        Plan::key(table, key, &self.config)
    }

    fn proof_of(
        &self,
        table: &Table,
        key: Option<Vec<(usize, rusqlite::types::Value)>>,
        time: Duration,
    ) -> Result<Proof, Error> {
        let manifest = self.release.manifest()?;
        let earlier = || {
            Error::new(Code::NoProof, "the release has no Merkle trees: an earlier version built it")
                .hint("build the release again")
        };
        let (Some(root), Some((index, roots))) = (&manifest.root, tables(manifest, &table.name)) else {
            return Err(earlier());
        };
        let (connection, _limited) = self.release.limited(time)?;
        let tree = catalog::row_tree(connection, &table.name)?.ok_or_else(earlier)?;
        let hashes = tree.hashes();
        let proved = ProvedTable {
            name: table.name.clone(),
            rows: table.rows,
            columns: table.schema.columns.iter().map(|c| (c.name.clone(), c.column_type)).collect(),
            key: table.schema.primary_key.clone(),
            tree: hex(&tree_root(&hashes)),
            index: index as u64,
            tables: roots.len() as u64,
            path: path(index, &roots).into_iter().map(Into::into).collect(),
        };
        let mut proof = Proof {
            commit: manifest.commit.clone(),
            root: root.clone(),
            table: proved,
            row: None,
            absent: None,
        };
        let Some(key) = key else { return Ok(proof) };
        let (columns, values): (Vec<usize>, Vec<_>) = key.into_iter().unzip();
        let row = |(group, index): &(GroupRows, usize)| proved_row(&proof.table, group, *index, &hashes);
        match KeyOrder::new(table, &tree, connection, columns).find(&values)? {
            Place::Found(group, index) => proof.row = Some(row(&(group, index))?),
            Place::Between(before, after) => {
                let before = before.as_ref().map(row).transpose()?;
                let after = after.as_ref().map(row).transpose()?;
                let after = after.map(|after| NextRow::new(after, before.as_ref()));
                proof.absent = Some(Absence { before, after });
            }
        }
        Ok(proof)
    }
}

/// The table's place among all, and the roots of all; `None` where one has none.
fn tables(manifest: &Manifest, name: &str) -> Option<(usize, Vec<Hash>)> {
    // The builder wrote them in the order of their names.
    let index = manifest.tables.iter().position(|table| table.name == name)?;
    let roots = manifest.tables.iter().map(|table| parse_hash(table.root.as_deref()?));
    Some((index, roots.collect::<Option<_>>()?))
}

/// The row with that place in its group. Above the group, the path is that of the group among all.
fn proved_row(
    table: &ProvedTable,
    group: &GroupRows,
    index: usize,
    groups: &[Hash],
) -> Result<ProvedRow, Error> {
    let unread = || Error::release("a row can't be read");
    let row = group.rows.get(index).ok_or_else(unread)?;
    let values = read_canonical(row).ok_or_else(unread)?;
    let values = row_values(&table.columns, &values).ok_or_else(unread)?;
    let mut way = path(index, &group.leaves);
    way.extend(path(group.start / catalog::GROUP, groups));
    Ok(ProvedRow::new(row, values, (group.start + index) as u64, &way))
}
