#!/bin/sh
# sqlmap (PyPI) against every place of a request that a client writes: it must find nothing. It is
# held against a server that can be injected (injectable.py), where it must find what there is.
#
# Only readers on 127.0.0.1 are asked, each place for a minute at the most.
set -eu
cd "$(dirname "$0")/../.."
. e2e/serve.sh

e2e/tools.sh sqlmap

# attack URL: sqlmap's words are in $log. `*` marks the place; --dbms saves it the other databases.
attack() {
    log=$work/sqlmap.log
    timeout 600 "$tools/sqlmap/bin/sqlmap" --url "$1" --batch --dbms sqlite --level 3 --risk 2 --technique BEUS \
        --flush-session --disable-coloring --timeout 10 --retries 0 --output-dir "$work/sqlmap" \
        >"$log" 2>&1 || true
}

failed=0
fail() {
    failed=1
    echo "FAILED $1" >&2
    tail -n 30 "$log" >&2
}

python3 e2e/security/injectable.py >"$work/injectable" &
servers="$servers $!"
until [ -s "$work/injectable" ]; do sleep 0.05; done
attack "$(sed -n 's/^serving on //p' "$work/injectable")/?name=eq.Gold*"
if grep -q 'identified the following injection point' "$log"; then
    echo "found where it can be injected"
else
    fail "sqlmap does not find what is there: what it does not find says nothing"
fi

release datasets
serve "$release"
for place in \
    '/elements?name=eq.Gold*' \
    '/elements?atomic_number=eq.79*' \
    '/elements?name=ilike.Gold*' \
    '/elements?name=in.(Gold*)' \
    '/elements?or=(name.eq.Gold*,symbol.eq.H)' \
    '/elements?name*=eq.Gold' \
    '/elements?select=symbol*' \
    '/elements?order=name*' \
    '/elements?limit=5*' \
    '/products?select=id,categories(name*)&limit=2' \
    '/elements?cursor=AAAA*' \
    '/-/changes/products?since=1.0.0*' \
    '/-/changes/products?change=added*' \
    '/-/changes/products?cursor=AAAA*' \
    '/-/changes/products*' \
    '/-/history/products/42*' \
    '/-/schema/products*' \
    '/-/proof/products/42*' \
    '/-/proof/products*' \
    '/-/at/1.0.0/-/proof/products/42*' \
    '/-/at/1.0.0/-/proof/products*' \
    '/-/at/1.0.0*/products' \
    '/-/at/1.0.0/products/42*' \
    '/-/at/1.0.0/products?price=gt.3*' \
    '/-/versions/products*' \
    '/elements/79*' \
    '/elements*'; do
    attack "$url$place"
    if grep -q 'identified the following injection point' "$log"; then
        fail "$place can be injected"
    elif grep -q 'tested parameters do not appear to be injectable' "$log"; then
        echo "nothing at $place"
    else
        fail "$place: sqlmap did not come to an end"
    fi
done
exit $failed
