"""PyPI's `postgrest` against running readers, as its users call it: every answer in full.

    python postgrest_py.py DATASETS_URL [FIXTURES_URL]

DATASETS_URL is a reader of datasets/, FIXTURES_URL one of PostgREST's own fixture tables; without it
the calls that need them are skipped, and it says so.
"""

import sys

from postgrest import SyncPostgrestClient
from postgrest.exceptions import APIError

calls = failures = 0


def check(name, builder, data=None, count=None, error=None):
    """Executes a call: its data and count, or its error's four keys, are what is given."""
    global calls, failures
    calls += 1
    try:
        answer = builder.execute()
        found = (getattr(answer, "data", None), getattr(answer, "count", None), None)
    except APIError as raised:
        found = (None, None, (raised.code, raised.message, raised.details, raised.hint))
    if found != (data, count, error):
        failures += 1
        print(f"FAILED {name}\n  found    {found}\n  expected {(data, count, error)}", file=sys.stderr)


def error(code, message, details=None, hint=None):
    return (code, message, details, hint)


def on_datasets(url):
    db = SyncPostgrestClient(url)

    def elements(*columns, **options):
        return db.table("elements").select(*(columns or ("symbol",)), **options)

    def products(*columns, **options):
        return db.table("products").select(*(columns or ("id",)), **options)

    h, he, li = ({"symbol": symbol} for symbol in ("H", "He", "Li"))
    check("eq", elements("symbol", "name").eq("atomic_number", 79), [{"symbol": "Au", "name": "Gold"}])
    check("every column", products("*").eq("id", 3), [{
        "id": 3, "name": "Enamelled Wok, 34 cm", "category": 1, "price": 75.95, "released": "2009-03-03",
        "discontinued": False, "tags": ["induction"]}])
    check("neq, lt", elements().neq("symbol", "He").lt("atomic_number", 4), [h, li])
    check("gt, lte", elements().gt("atomic_number", 1).lte("atomic_number", 3), [he, li])
    check("gte with a limit", elements().gte("atomic_number", 117).limit(1), [{"symbol": "Ts"}])
    check("like", elements().like("name", "Pro%"), [{"symbol": "Pm"}, {"symbol": "Pa"}])
    check("ilike", elements().ilike("name", "*GOLD"), [{"symbol": "Au"}])
    check("like any of", elements().like_any_of("name", "Gol%,Silv%"), [{"symbol": "Ag"}, {"symbol": "Au"}])
    check("ilike all of", elements().ilike_all_of("name", "%IUM,He%"), [he])
    check("in", elements().in_("symbol", ["H", "Li"]), [h, li])
    check("in, with what has to be quoted",
          products().in_("name", ["Enamelled Wok, 34 cm", "Tern Oak Chest of Drawers (six drawers)"]),
          [{"id": 1}, {"id": 3}])
    check("is null", elements().is_("group", None).lt("atomic_number", 59), [{"symbol": "La"}, {"symbol": "Ce"}])
    check("is not null", elements().not_.is_("group", "null").gt("atomic_number", 117), [{"symbol": "Og"}])
    check("or", elements().or_("symbol.eq.He,and(period.eq.1,group.eq.1)"), [h, he])
    check("match", elements().match({"period": 2, "group": 1}), [li])
    check("filter", elements().filter("symbol", "match", "^[XY]"),
          [{"symbol": "Y"}, {"symbol": "Xe"}, {"symbol": "Yb"}])
    check("contains", products().contains("tags", ["gift", "led"]).limit(1), [{"id": 2}])
    check("contained by", products().contained_by("tags", ["induction", "gift"]).limit(1), [{"id": 3}])
    check("overlaps", products().overlaps("tags", ["solid-wood", "led"]).limit(2), [{"id": 1}, {"id": 2}])
    check("order", elements().order("name", desc=True).limit(1), [{"symbol": "Zr"}])
    check("order, nulls first, then",
          elements().order("group", nullsfirst=True).order("atomic_number", desc=True).limit(1), [{"symbol": "Lr"}])
    check("range", elements().range(1, 2), [he, li])
    check("offset", elements().limit(1).offset(2), [li])
    check("single", elements("name").eq("symbol", "Fe").single(), {"name": "Iron"})
    check("single of none", elements("name").eq("symbol", "Qq").single(), error=error(
        "PGRST116", "Cannot coerce the result to a single JSON object", "The result contains 0 rows"))
    check("maybe single", elements("name").eq("symbol", "Fe").maybe_single(), {"name": "Iron"})
    check("maybe single of none", elements("name").eq("symbol", "Qq").maybe_single())
    check("count", elements("symbol", count="exact").eq("period", 1), [h, he], 2)
    check("count of a page", products("id", count="exact").limit(1), [{"id": 1}], 5000)
    check("count alone", products("*", count="exact", head=True), [], 5000)
    check("csv", elements("symbol,name").lte("atomic_number", 2).csv(), "symbol,name\nH,Hydrogen\nHe,Helium")
    check("alias and cast", elements("weight:atomic_weight", "n:atomic_number::text").eq("symbol", "H"),
          [{"weight": 1.008, "n": "1"}])
    check("strip nulls", elements("symbol", "group", "discovered").eq("symbol", "Ce").strip_nulls(),
          [{"symbol": "Ce", "discovered": 1803}])
    check("to-one", products("id", "categories(name)").eq("id", 1), [{"id": 1, "categories": {"name": "Furniture"}}])
    check("spread", products("id", "...categories(sort:name)").eq("id", 1), [{"id": 1, "sort": "Furniture"}])
    check("to-many, ordered and limited",
          db.table("categories").select("name", "products(id)").eq("id", 1)
          .order("id", foreign_table="products").limit(2, foreign_table="products"),
          [{"name": "Cookware", "products": [{"id": 3}, {"id": 8}]}])
    check("inner", products("id", "categories!inner(name)").eq("categories.name", "Cookware").limit(1),
          [{"id": 3, "categories": {"name": "Cookware"}}])
    check("or in an embed",
          db.table("categories").select("id", "products(id)").eq("id", 1).or_("id.eq.3,id.eq.8", "products"),
          [{"id": 1, "products": [{"id": 3}, {"id": 8}]}])
    check("aggregates", products("count()", "price.max()", "price.min()", "id.sum()"),
          [{"count": 5000, "max": 671, "min": 2.45, "sum": 12502500}])
    check("aggregates by group", elements("block", "n:count()").order("block"),
          [{"block": "d", "n": 40}, {"block": "f", "n": 28}, {"block": "p", "n": 36}, {"block": "s", "n": 14}])
    check("unknown column", elements("nome"), error=error(
        "42703", "column elements.nome does not exist", None,
        'Perhaps you meant to reference the column "elements.name".'))
    check("unknown table", db.table("element").select("*"), error=error(
        "PGRST205", "Could not find the table 'element' in the schema cache", None,
        "Perhaps you meant the table 'elements'"))
    check("wrong type", elements().eq("atomic_number", "gold"), error=error(
        "22P02", 'invalid input syntax for type integer: "gold"'))
    check("unknown embed", elements("products(id)"), error=error(
        "PGRST200", "Could not find a relationship between 'elements' and 'products' in the schema cache",
        "Searched for a foreign key relationship between 'elements' and 'products', but no matches were found."))
    check("text search", elements().text_search("name", "gold", {"type": "web_search"}), error=error(
        "CP008", "a value of type text can't be searched", "it has no search index",
        "ilike and imatch find text in every column"))
    check("a write", db.table("elements").insert({"symbol": "Qq"}), error=error(
        "PGRST117", "Unsupported HTTP method: POST", None,
        "the data is read-only: GET, HEAD and OPTIONS are served"))


def on_fixtures(url):
    db = SyncPostgrestClient(url)
    check("many-to-many", db.table("users").select("name", "tasks(id)").eq("id", 3),
          [{"name": "Dwight Schrute", "tasks": [{"id": 1}, {"id": 5}]}])
    check("nested", db.table("tasks").select("id", "projects(name,clients(name))").eq("id", 1),
          [{"id": 1, "projects": {"name": "Windows 7", "clients": {"name": "Microsoft"}}}])
    check("order by an embedded column",
          db.table("projects").select("id", "clients(name)").not_.is_("client_id", "null")
          .order("clients(name)").order("id").limit(1),
          [{"id": 3, "clients": {"name": "Apple"}}])
    check("embeds that are not there", db.table("projects").select("name", "clients()").is_("clients", "null"),
          [{"name": "Orphan"}])


on_datasets(sys.argv[1])
if len(sys.argv) > 2:
    on_fixtures(sys.argv[2])
else:
    print("skipped: the calls on PostgREST's fixture tables, which are absent")
print(f"postgrest (Python): {calls} calls, {failures} failures")
sys.exit(1 if failures else 0)
