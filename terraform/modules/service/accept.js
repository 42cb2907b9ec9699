// CloudFront runs this before it looks into its cache, whose key includes the header `Accept`. Browsers send a different
// one in almost every version, and programs send many that get the same: one value for each form of an answer makes them
// hit the same entries. `reader/src/request/media.rs` decides which form a header gets, and this repeats its rules.
// A header outside of them is left as it is: that costs a miss, and never a wrong form.

const HTML = 'text/html';
const XHTML = 'application/xhtml+xml';
const OPENAPI = 'application/openapi+json';

// Data for programs, and pages where there are some.
const JSON_DATA = '*/*';
const PAGE = 'text/html,application/xhtml+xml,*/*;q=0.8';

function handler(event) {
    const headers = event.request.headers;
    const accept = headers.accept;
    if (!accept) {
        headers.accept = { value: JSON_DATA };
    } else if (!accept.multiValue) {
        headers.accept = { value: canonical(accept.value) };
    }
    return event.request;
}

function canonical(accept) {
    // Outside of printable ASCII, what is a blank or a capital letter differs between languages.
    if (!/^[\t -~]*$/.test(accept)) {
        return accept;
    }
    const ranges = accept.split(',').map(parsed);
    // The reader takes any number that Rust takes; more than two decimals are rounded there.
    if (ranges.some((range) => range.quality === null)) {
        return accept;
    }
    if (best(ranges, (range) => range.name === OPENAPI || form(range) !== null) === OPENAPI) {
        return accept;
    }
    const wanted = best(ranges, (range) => form(range) !== null);
    if (isHtml(ranges)) {
        return wanted === JSON_DATA ? PAGE : accept;
    }
    return wanted === null ? accept : wanted;
}

// `text/csv;q=0.5` -> its name, its quality in hundredths or null, whether nulls are stripped, and how much it says.
function parsed(text) {
    const parts = text.split(';').map((part) => part.trim().toLowerCase());
    const name = parts[0];
    const range = { name: name, quality: 100, stripped: false, precision: 1 - name.split('*').length };
    parts.slice(1).forEach((part) => {
        const at = part.indexOf('=');
        const parameter = at < 0 ? '' : part.slice(0, at).trim();
        const value = part.slice(at + 1).trim();
        if (parameter === 'q') {
            range.quality = /^(0|1|0?\.[0-9]{1,2}|1\.0{1,2})$/.test(value) ? Math.round(Number(value) * 100) : null;
            return;
        }
        range.precision += 1;
        if (parameter === 'nulls') {
            range.stripped = value.replace(/^"+|"+$/g, '') === 'stripped';
        }
    });
    return range;
}

// The value that gets the same form as this media range, or null where the reader does not serve it.
function form(range) {
    switch (range.name) {
        case 'application/json':
        case 'application/*':
        case '*/*':
        case '':
            return JSON_DATA;
        case 'application/vnd.pgrst.array+json':
        case 'application/vnd.pgrst.array':
            return range.stripped ? 'application/vnd.pgrst.array+json;nulls=stripped' : JSON_DATA;
        case 'application/vnd.pgrst.object+json':
        case 'application/vnd.pgrst.object':
            return 'application/vnd.pgrst.object+json' + (range.stripped ? ';nulls=stripped' : '');
        case 'text/csv':
            return 'text/csv';
        case 'application/x-ndjson':
        case 'application/ndjson':
        case 'application/jsonl':
            return 'application/x-ndjson';
        default:
            return null;
    }
}

// The form of the range that the client prefers, of those that `counts` is true for; null where there is none.
function best(ranges, counts) {
    const first = ranges.reduce((before, range) => {
        if (range.quality === 0 || !counts(range)) {
            return before;
        }
        const better = before === null || range.quality > before.quality ||
            (range.quality === before.quality && range.precision > before.precision);
        return better ? range : before;
    }, null);
    if (first === null) {
        return null;
    }
    return first.name === OPENAPI ? OPENAPI : form(first);
}

// Whether a browser sent it: both kinds of HTML, and no data before them. HTML without XHTML is a page only where nothing
// is served as data, so `wanted` is null there, and the header stays as it is.
function isHtml(ranges) {
    const place = (name) => ranges.findIndex((range) => range.name === name && range.quality > 0);
    const html = place(HTML);
    if (html < 0 || place(XHTML) < 0) {
        return false;
    }
    return !ranges.some((range, at) => {
        const isData = range.name !== '' && range.name.indexOf('*') < 0 && form(range) !== null;
        return range.quality > 0 && isData && (at < html || range.quality > ranges[html].quality);
    });
}
