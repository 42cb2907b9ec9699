// @supabase/postgrest-js over a table of many pages: all rows, by ranges and by streams of lines.
//
//   node pages.mjs TOOLS URL ROWS

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'

const [tools, url, count] = process.argv.slice(2)
const rows = Number(count)
const { PostgrestClient } = createRequire(join(tools, 'package.json'))('@supabase/postgrest-js')
const sum = (rows * (rows + 1)) / 2

/** Every page, until one is not full. */
async function byRanges() {
  const client = new PostgrestClient(url)
  let found = 0
  let ids = 0
  for (;;) {
    const { data, error } = await client.from('big').select('id').range(found, found + 999)
    assert.equal(error, null)
    ids += data.reduce((total, { id }) => total + id, 0)
    found += data.length
    if (data.length < 1000) return { found, ids }
  }
}

/** The file, a line at a time. */
async function byLines() {
  const response = await fetch(`${url}/big.ndjson`)
  let found = 0
  let ids = 0
  for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
    ids += JSON.parse(line).id
    found += 1
  }
  return { found, ids }
}

assert.deepEqual(await byRanges(), { found: rows, ids: sum })
assert.deepEqual(await byLines(), { found: rows, ids: sum })
const { data, count: total } = await new PostgrestClient(url).from('big').select('id', { count: 'exact' })
assert.ok(data.length === 1000 || data.length === 100, 'a page is cut')
assert.equal(total, rows)
console.log(`postgrest-js: all ${rows} rows`)
