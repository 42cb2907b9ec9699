// The function that CloudFront runs on the header `Accept`, compared with a running reader: what it makes of a header gets
// the same answer as the header itself, and few values are left.
//
//   node accept.mjs READER_URL

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { runInNewContext } from 'node:vm'

const source = new URL('../../terraform/modules/service/accept.js', import.meta.url)
const code = readFileSync(source, 'utf8')
const handler = runInNewContext(`${code};handler`)
assert.ok(code.length < 10_240, 'CloudFront takes 10 KB')

const event = (accept) => ({ request: { method: 'GET', uri: '/', headers: accept === undefined ? {} : { accept: { value: accept } } } })
const canonical = (accept) => handler(event(accept)).headers.accept.value

const DATA = '*/*'
const PAGE = 'text/html,application/xhtml+xml,*/*;q=0.8'
const CANONICAL = {
  [DATA]: [
    undefined,
    '',
    '*/*',
    'application/json',
    'application/json, text/plain, */*', // axios
    'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', // Java
    'text/html, image/gif, image/jpeg, */*; q=0.2',
    'application/json,text/html,application/xhtml+xml', // Power Query
    'text/html;q=0.5,application/xhtml+xml;q=0.5,application/json',
    'text/html;q=0,application/xhtml+xml,*/*',
    'application/vnd.pgrst.array+json',
    'application/openapi+json;q=0.5, application/json',
  ],
  [PAGE]: [
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', // Firefox, Safari
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7', // Chromium
    'text/html, text/plain, text/sgml, text/css, application/xhtml+xml, */*;q=0.01', // Lynx
    'text/html,application/xhtml+xml,application/json;q=0.5',
  ],
  'text/csv': ['text/csv', ' text/csv ', 'text/csv, */*;q=0.1', 'text/csv,text/html,application/xhtml+xml', 'TEXT/CSV; charset=utf-8'],
  'application/x-ndjson': ['application/x-ndjson', 'application/ndjson', 'application/jsonl, */*'],
  'application/vnd.pgrst.object+json': ['application/vnd.pgrst.object+json', 'application/vnd.pgrst.object, application/json'],
  'application/vnd.pgrst.object+json;nulls=stripped': ['application/vnd.pgrst.object+json; nulls="stripped"'],
  'application/vnd.pgrst.array+json;nulls=stripped': ['application/vnd.pgrst.array+json;nulls=stripped'],
}
for (const [expected, headers] of Object.entries(CANONICAL)) {
  for (const accept of headers) assert.equal(canonical(accept), expected, accept)
}

const UNCHANGED = [
  'image/png',
  'text/html', // a page, but no JSON of what has no page
  'text/html, image/png;q=0.9',
  'text/html, application/openapi+json',
  'text/html,application/xhtml+xml',
  'text/html,application/xhtml+xml,text/csv;q=0.5',
  'application/openapi+json',
  'application/openapi+json, application/json',
  'text/csv;q=0.251, */*;q=0.25',
  'text/csv;q=high',
  'text/csv\u00a0',
]
for (const accept of UNCHANGED) assert.equal(canonical(accept), accept)

const twice = event('text/csv')
twice.request.headers.accept.multiValue = [{ value: 'text/csv' }, { value: 'application/json' }]
assert.deepEqual(handler(structuredClone(twice)), twice.request)

// Answers, from here on.
const url = process.argv[2]
const PATHS = ['/', '/elements?limit=2', '/elements/79', '/elements/none', '/elements.csv?limit=2', '/openapi.json', '/-/health', '/-/changes', '/-/changes.atom', '/-/datapackage.json', '/nothing', '/robots.txt', '/-/html/']

function answer(path, accept) {
  return new Promise((resolve, reject) => {
    // fetch would add a header of its own.
    const asked = request(new URL(path, url), { headers: accept === undefined ? {} : { accept } }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => {
        const { 'content-type': type, 'content-location': location, etag, link, vary } = response.headers
        resolve({ status: response.statusCode, type, location, etag, link, vary, body: Buffer.concat(chunks).toString() })
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}

// The same numbers in every run.
let seed = 1
const random = (below) => {
  seed = (seed * 48271) % 2147483647
  return seed % below
}
const one = (list) => list[random(list.length)]
const NAMES = [
  'text/html', 'application/xhtml+xml', 'text/html,application/xhtml+xml', 'application/json', 'application/*', '*/*', '*', '', 'text/*', 'text/csv',
  'application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/openapi+json', 'application/vnd.pgrst.object+json',
  'application/vnd.pgrst.object', 'application/vnd.pgrst.array+json', 'application/vnd.pgrst.array', 'application/xml', 'image/webp', 'Text/CSV', 'TEXT/HTML',
]
const PARAMETERS = ['', '', '', ';q=0.5', ';q=0.9', '; q=.2', ';Q=1.0', ';q=0', ';q=1.5', ';q=0.251', ';q=0.2509', ';q=', ';nulls=stripped', '; nulls = "stripped"', ';nulls=none', ';charset=utf-8', ';', ';v=b3;q=0.7', ';q=0.1;q=0.9']
const drawn = () => Array.from({ length: 1 + random(4) }, () => one(NAMES) + one(PARAMETERS)).join(one([',', ', ', ' , ']))

let changed = 0
const values = new Set()
const headers = [...Object.values(CANONICAL).flat(), ...UNCHANGED.slice(0, -1), ...Array.from({ length: 3000 }, drawn)]
for (const accept of headers) {
  const made = canonical(accept)
  if (made === accept) continue
  changed += 1
  values.add(made)
  // Each of the paths for what is real, one of them for what is drawn.
  for (const path of changed <= 40 ? PATHS : [one(PATHS)]) {
    assert.deepEqual(await answer(path, made), await answer(path, accept), `${path}: "${accept}" -> "${made}"`)
  }
}
assert.ok(changed > 1000, `${changed}`)
assert.deepEqual([...values].sort(), Object.keys(CANONICAL).sort())
console.log(`accept: ${changed} of ${headers.length} headers became one of ${values.size} values, with the same answers`)
