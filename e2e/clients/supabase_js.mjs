// @supabase/supabase-js against a reader with COLDPRESS_BASE_PATH=/rest/v1, as its users create the client.
//
//   node supabase_js.mjs TOOLS URL
//
// TOOLS is where npm put the client, URL the reader's address without the base path.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [tools, url] = process.argv.slice(2)
const { createClient } = createRequire(join(tools, 'package.json'))('@supabase/supabase-js')
const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false }
// Nothing here is real time; the client wants a class for it on versions of Node that have none.
const realtime = { transport: globalThis.WebSocket ?? class {} }
const client = createClient(url, 'public', { auth, realtime })

const gold = await client.from('elements').select('symbol,name').eq('atomic_number', 79).single()
assert.deepStrictEqual([gold.status, gold.data], [200, { symbol: 'Au', name: 'Gold' }])

const unknown = await client.from('element').select()
assert.deepStrictEqual([unknown.status, unknown.error.code], [404, 'PGRST205'])

// Every page, by the links: they lead back under the base path.
let next = '/rest/v1/elements?select=symbol&limit=50'
const symbols = []
while (next) {
  const page = await fetch(new URL(next, url))
  assert.ok(page.headers.get('content-location').startsWith('/rest/v1/elements?'))
  symbols.push(...await page.json())
  next = page.headers.get('link')?.match(/<([^>]+)>; rel="next"/)?.[1]
}
assert.equal(symbols.length, 118)

const description = await (await fetch(new URL('/rest/v1/openapi.json', url))).json()
assert.deepStrictEqual(description.servers, [{ url: '/rest/v1' }])

console.log('supabase-js: all calls answered under /rest/v1')
