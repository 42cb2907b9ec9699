//! Reference: the stack that articles on SQLite in Lambda reach for: axum, an sqlx pool and
//! lambda_http on tokio's multi-threaded runtime, linked dynamically, with default settings.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};

#[derive(serde::Serialize, sqlx::FromRow)]
struct Product {
    id: i64,
    name: String,
    category: i64,
    price: f64,
    released: Option<String>,
    discontinued: bool,
    tags: Option<String>,
}

async fn product(State(pool): State<Arc<SqlitePool>>, Path(id): Path<i64>) -> Json<Product> {
    let row = sqlx::query_as::<_, Product>(
        "SELECT id, name, category, price, released, discontinued, tags FROM products WHERE id = ?",
    )
    .bind(id)
    .fetch_one(&*pool)
    .await
    .expect("the product exists");
    Json(row)
}

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    tracing_subscriber::fmt::init();
    let pool = SqlitePoolOptions::new().connect("sqlite:./data.db?mode=ro").await?;
    let app = Router::new().route("/products/{id}", get(product)).with_state(Arc::new(pool));
    lambda_http::run(app).await
}
