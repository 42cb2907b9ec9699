// A Data Package of tables that are hard to show: 1,000 and 2,000 columns, no rows, right-to-left text, long words, markup.
// usage: odd.mjs DIRECTORY

import { mkdirSync, writeFileSync } from 'node:fs'

const [directory] = process.argv.slice(2)
const wide = (columns) => {
  const names = Array.from({ length: columns }, (_, at) => `column_${at}`)
  return {
    fields: names.map((name) => ({ name, type: 'integer' })),
    rows: [0, 1, 2].map((row) => names.map((_, at) => row * at)),
  }
}
const tables = {
  wide: wide(1000),
  wider: wide(2000),
  empty: {
    fields: [{ name: 'id', type: 'integer' }, { name: 'name', type: 'string' }],
    rows: [],
  },
  texts: {
    title: 'نصوص',
    fields: [
      { name: 'id', type: 'integer' },
      { name: 'name', type: 'string', title: 'اسم' },
      { name: 'note', type: 'string', title: 'הערה', description: 'שורה מימין לשמאל' },
      { name: 'address', type: 'string', format: 'uri' },
    ],
    rows: [
      [1, 'مكتبة الإسكندرية، مصر (1974)', 'ספרייה, "ישנה" – 100%', 'https://example.org/%D9%85'],
      [2, 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(4), '<script>alert(1)</script>', ''],
      [3, 'A\u202eB\u200fC', '', 'https://example.org/'.padEnd(300, 'x')],
    ],
  },
}

const cell = (value) => `"${String(value).replaceAll('"', '""')}"`
mkdirSync(directory, { recursive: true })
const resources = Object.entries(tables).map(([name, { title, fields, rows }]) => {
  const lines = [fields.map((field) => field.name), ...rows].map((row) => row.map(cell).join(',') + '\n')
  writeFileSync(`${directory}/${name}.csv`, lines.join(''))
  const key = fields[0].name === 'id' ? { primaryKey: ['id'] } : {}
  return { name, title, type: 'table', path: `${name}.csv`, schema: { fields, ...key } }
})
writeFileSync(`${directory}/datapackage.json`, JSON.stringify({ name: 'odd', title: 'Odd tables', resources }))
