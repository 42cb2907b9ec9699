//! Reference: the Lambda Runtime API spoken by hand over one blocking connection, rusqlite, and
//! nothing else. It is the least that a Rust function with SQLite in it can do.
//!
//! Deliberately absent: everything that makes a client safe to run (timeouts, reconnecting, error
//! reports). It answers `GET /products/<id>` and nothing else.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use rusqlite::{Connection, OpenFlags, Row};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    raw_path: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    status_code: u16,
    headers: Headers,
    body: String,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Headers {
    content_type: &'static str,
}

#[derive(Serialize)]
struct Product {
    id: i64,
    name: String,
    category: i64,
    price: f64,
    released: Option<String>,
    discontinued: bool,
    tags: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::var("AWS_LAMBDA_RUNTIME_API")?;
    let mut database = std::env::var("LAMBDA_TASK_ROOT")?;
    database.push_str("/data.db");
    let database = Connection::open_with_flags(
        format!("file:{database}?immutable=1"),
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    let mut connection = BufReader::new(TcpStream::connect(&address)?);
    connection.get_ref().set_nodelay(true)?;
    loop {
        let poll = format!("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nhost: {address}\r\n\r\n");
        connection.get_mut().write_all(poll.as_bytes())?;
        let (request_id, event) = read(&mut connection)?;
        let body = serde_json::to_vec(&answer(&database, &event)?)?;
        let mut request = format!(
            "POST /2018-06-01/runtime/invocation/{request_id}/response HTTP/1.1\r\nhost: {address}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(&body);
        connection.get_mut().write_all(&request)?;
        read(&mut connection)?;
    }
}

/// The request id (empty without one) and the body of the next HTTP response.
fn read(connection: &mut BufReader<TcpStream>) -> Result<(String, Vec<u8>), Box<dyn Error>> {
    let (mut request_id, mut length, mut line) = (String::new(), 0, String::new());
    loop {
        line.clear();
        if connection.read_line(&mut line)? == 0 {
            return Err("the Runtime API closed the connection".into());
        }
        let Some((name, value)) = line.split_once(':') else {
            match line.as_str() {
                "\r\n" => break,
                _ => continue,
            }
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse()?;
        } else if name.eq_ignore_ascii_case("lambda-runtime-aws-request-id") {
            request_id = value.trim().to_owned();
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    Ok((request_id, body))
}

fn answer(database: &Connection, event: &[u8]) -> Result<Response, Box<dyn Error>> {
    let event: Event = serde_json::from_slice(event)?;
    let id: i64 = event.raw_path.strip_prefix("/products/").ok_or("no such path")?.parse()?;
    let product = database
        .prepare_cached(
            "SELECT id, name, category, price, released, discontinued, tags FROM products WHERE id = ?1",
        )?
        .query_one([id], product)?;
    let headers = Headers { content_type: "application/json" };
    Ok(Response { status_code: 200, headers, body: serde_json::to_string(&product)? })
}

fn product(row: &Row<'_>) -> rusqlite::Result<Product> {
    Ok(Product {
        id: row.get(0)?,
        name: row.get(1)?,
        category: row.get(2)?,
        price: row.get(3)?,
        released: row.get(4)?,
        discontinued: row.get(5)?,
        tags: row.get(6)?,
    })
}
