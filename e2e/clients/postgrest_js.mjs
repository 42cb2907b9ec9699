// @supabase/postgrest-js against running readers, as its users call it: every answer in full.
//
//   node postgrest_js.mjs TOOLS DATASETS_URL [FIXTURES_URL]
//
// TOOLS is where npm put the client, DATASETS_URL a reader of datasets/. FIXTURES_URL is a reader of
// PostgREST's own fixture tables; without it the calls that need them are skipped, and it says so.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [tools, datasets, fixtures] = process.argv.slice(2)
const { PostgrestClient } = createRequire(join(tools, 'package.json'))('@supabase/postgrest-js')

let failures = 0
let calls = 0

/** Awaits a call; what it answers must be `expected`, over what every good answer has. */
async function check(name, call, expected) {
  calls += 1
  const wanted = { data: null, error: null, count: null, status: 200, ...expected }
  try {
    const { data, error, count, status } = await call
    const found = { data, error: error && plain(error), count, status }
    assert.deepStrictEqual(found, wanted)
  } catch (failure) {
    failures += 1
    console.error(`FAILED ${name}\n${failure.message}\n`)
  }
}

/** The four keys of an error, without the client's class around them. */
function plain({ code, message, details, hint }) {
  return { code, message, details, hint }
}

function error(code, message, details = null, hint = null) {
  return { code, message, details, hint }
}

const db = new PostgrestClient(datasets)
const elements = () => db.from('elements')
const products = () => db.from('products')

const [H, HE, LI] = ['H', 'He', 'Li'].map((symbol) => ({ symbol }))

await check('eq', elements().select('symbol,name').eq('atomic_number', 79), {
  data: [{ symbol: 'Au', name: 'Gold' }],
})
await check('every column, each of its type', products().select().eq('id', 3), {
  data: [{
    id: 3, name: 'Enamelled Wok, 34 cm', category: 1, price: 75.95, released: '2009-03-03', discontinued: false,
    tags: ['induction'],
  }],
})
await check('neq, lt', elements().select('symbol').neq('symbol', 'He').lt('atomic_number', 4), { data: [H, LI] })
await check('gt, lte', elements().select('symbol').gt('atomic_number', 1).lte('atomic_number', 3), {
  data: [HE, LI],
})
await check('gte with a limit', elements().select('symbol').gte('atomic_number', 117).limit(1), {
  data: [{ symbol: 'Ts' }],
})
await check('like', elements().select('symbol').like('name', 'Pro%'), { data: [{ symbol: 'Pm' }, { symbol: 'Pa' }] })
await check('like minds the case', elements().select('symbol').like('name', 'pro%'), { data: [] })
await check('ilike', elements().select('symbol').ilike('name', '%GOLD'), { data: [{ symbol: 'Au' }] })
await check('likeAnyOf', elements().select('symbol').likeAnyOf('name', ['Gol%', 'Silv%']), {
  data: [{ symbol: 'Ag' }, { symbol: 'Au' }],
})
await check('ilikeAllOf', elements().select('symbol').ilikeAllOf('name', ['%IUM', 'He%']), { data: [HE] })
await check('regexMatch', elements().select('symbol').regexMatch('symbol', '^[XY]'), {
  data: [{ symbol: 'Y' }, { symbol: 'Xe' }, { symbol: 'Yb' }],
})
await check('in', elements().select('symbol').in('symbol', ['H', 'Li']), { data: [H, LI] })
await check('in, with what has to be quoted', products().select('id').in('name', [
  'Enamelled Wok, 34 cm', 'Tern Oak Chest of Drawers (six drawers)',
]), {
  data: [{ id: 1 }, { id: 3 }],
})
await check('is null', elements().select('symbol').is('group', null).lt('atomic_number', 59), {
  data: [{ symbol: 'La' }, { symbol: 'Ce' }],
})
await check('is true', products().select('id').is('discontinued', true).limit(2), { data: [{ id: 1 }, { id: 4 }] })
await check('isDistinct', elements().select('symbol').isDistinct('group', 18).lt('atomic_number', 4), {
  data: [H, LI],
})
await check('not', elements().select('symbol').not('symbol', 'in', '(H,He)').lt('atomic_number', 4), { data: [LI] })
await check('or', elements().select('symbol').or('symbol.eq.He,and(period.eq.1,group.eq.1)'), { data: [H, HE] })
await check('match', elements().select('symbol').match({ period: 2, group: 1 }), { data: [LI] })
await check('filter', elements().select('symbol').filter('atomic_number', 'lt', 2), { data: [H] })
await check('contains', products().select('id').contains('tags', ['gift', 'led']).limit(1), { data: [{ id: 2 }] })
await check('containedBy', products().select('id').containedBy('tags', ['induction', 'gift']).order('id').limit(1), {
  data: [{ id: 3 }],
})
await check('overlaps', products().select('id').overlaps('tags', ['solid-wood', 'led']).limit(2), {
  data: [{ id: 1 }, { id: 2 }],
})
await check('order', elements().select('symbol').order('name', { ascending: false }).limit(1), {
  data: [{ symbol: 'Zr' }],
})
await check('order, nulls first, then', elements().select('symbol').order('group', { nullsFirst: true }).order('atomic_number', { ascending: false }).limit(1), {
  data: [{ symbol: 'Lr' }],
})
await check('range', elements().select('symbol').range(1, 2), { data: [HE, LI] })
await check('single', elements().select('name').eq('symbol', 'Fe').single(), { data: { name: 'Iron' } })
await check('single of none', elements().select('name').eq('symbol', 'Qq').single(), {
  error: error('PGRST116', 'Cannot coerce the result to a single JSON object', 'The result contains 0 rows'),
  status: 406,
})
await check('single of several', elements().select('name').eq('period', 1).single(), {
  error: error('PGRST116', 'Cannot coerce the result to a single JSON object', 'The result contains 2 rows'),
  status: 406,
})
await check('maybeSingle', elements().select('name').eq('symbol', 'Fe').maybeSingle(), { data: { name: 'Iron' } })
await check('maybeSingle of none', elements().select('name').eq('symbol', 'Qq').maybeSingle(), {})
await check('count', elements().select('symbol', { count: 'exact' }).eq('period', 1), { data: [H, HE], count: 2 })
await check('count of a page', products().select('id', { count: 'exact' }).limit(1), {
  data: [{ id: 1 }], count: 5000, status: 206,
})
await check('count alone', products().select('*', { count: 'exact', head: true }), { count: 5000, status: 206 })
await check('estimated count', elements().select('symbol', { count: 'estimated' }).eq('period', 1), {
  data: [H, HE], count: 2,
})
await check('csv', elements().select('symbol,name').lte('atomic_number', 2).csv(), {
  data: 'symbol,name\nH,Hydrogen\nHe,Helium',
})
await check('alias and cast', elements().select('weight:atomic_weight,n:atomic_number::text').eq('symbol', 'H'), {
  data: [{ weight: 1.008, n: '1' }],
})
await check('to-one', products().select('id,categories(name)').eq('id', 1), {
  data: [{ id: 1, categories: { name: 'Furniture' } }],
})
await check('to-one, aliased, spread', products().select('id,...categories(sort:name)').eq('id', 1), {
  data: [{ id: 1, sort: 'Furniture' }],
})
await check('to-many, ordered and limited', db.from('categories').select('name,products(id)').eq('id', 1)
  .order('id', { referencedTable: 'products' }).limit(2, { referencedTable: 'products' }), {
  data: [{ name: 'Cookware', products: [{ id: 3 }, { id: 8 }] }],
})
await check('inner', products().select('id,categories!inner(name)').eq('categories.name', 'Cookware').limit(1), {
  data: [{ id: 3, categories: { name: 'Cookware' } }],
})
await check('or in an embed', db.from('categories').select('id,products(id)').eq('id', 1)
  .or('id.eq.3,id.eq.8', { referencedTable: 'products' }), {
  data: [{ id: 1, products: [{ id: 3 }, { id: 8 }] }],
})
await check('count of an embed', db.from('categories').select('id,products(count)').eq('id', 1), {
  data: [{ id: 1, products: [{ count: 323 }] }],
})
await check('aggregates', products().select('count(),price.max(),price.min(),id.sum()'), {
  data: [{ count: 5000, max: 671, min: 2.45, sum: 12502500 }],
})
await check('aggregates by group', elements().select('block,n:count()').order('block'), {
  data: [{ block: 'd', n: 40 }, { block: 'f', n: 28 }, { block: 'p', n: 36 }, { block: 's', n: 14 }],
})
await check('stripNulls', elements().select('symbol,group,discovered').eq('symbol', 'Ce').stripNulls(), {
  data: [{ symbol: 'Ce', discovered: 1803 }],
})
await check('unknown column', elements().select('nome'), {
  error: error('42703', 'column elements.nome does not exist', null, 'Perhaps you meant to reference the column "elements.name".'),
  status: 400,
})
await check('unknown table', db.from('element').select(), {
  error: error('PGRST205', "Could not find the table 'element' in the schema cache", null, "Perhaps you meant the table 'elements'"),
  status: 404,
})
await check('wrong type', elements().select().eq('atomic_number', 'gold'), {
  error: error('22P02', 'invalid input syntax for type integer: "gold"'), status: 400,
})
await check('unknown embed', elements().select('products(id)'), {
  error: error('PGRST200', "Could not find a relationship between 'elements' and 'products' in the schema cache",
    "Searched for a foreign key relationship between 'elements' and 'products', but no matches were found."),
  status: 400,
})
await check('textSearch', elements().select().textSearch('name', 'gold'), {
  error: error('CP008', "a value of type text can't be searched", 'it has no search index', 'ilike and imatch find text in every column'),
  status: 400,
})
await check('a write', elements().insert({ symbol: 'Qq' }), {
  error: error('PGRST117', 'Unsupported HTTP method: POST', null, 'the data is read-only: GET, HEAD and OPTIONS are served'),
  status: 405,
})

if (fixtures) {
  const db = new PostgrestClient(fixtures)
  await check('many-to-many', db.from('users').select('name,tasks(id)').eq('id', 3), {
    data: [{ name: 'Dwight Schrute', tasks: [{ id: 1 }, { id: 5 }] }],
  })
  await check('nested', db.from('tasks').select('id,projects(name,clients(name))').eq('id', 1), {
    data: [{ id: 1, projects: { name: 'Windows 7', clients: { name: 'Microsoft' } } }],
  })
  await check('order by an embedded column', db.from('projects').select('id,clients(name)')
    .not('client_id', 'is', null).order('clients(name)').order('id').limit(1), {
    data: [{ id: 3, clients: { name: 'Apple' } }],
  })
  await check('filter through two embeds', db.from('clients').select('name,projects!inner(tasks!inner(id))').eq('projects.tasks.id', 8), {
    data: [{ name: 'Apple', projects: [{ tasks: [{ id: 8 }] }] }],
  })
  await check('embeds that are not there', db.from('projects').select('name,clients()').is('clients', null), {
    data: [{ name: 'Orphan' }],
  })
} else {
  console.log('skipped: the calls on PostgREST\'s fixture tables, which are absent')
}

console.log(`postgrest-js: ${calls} calls, ${failures} failures`)
process.exitCode = failures ? 1 : 0
