// The kinds of page, in light and dark, narrow and wide: no finding of axe-core, valid HTML, few bytes.
// usage: check.mjs PACKAGES CHROMIUM DATASETS-URL EXAMPLES-URL PICTURES

import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'

const [packages, chromium, datasets, examples, pictures] = process.argv.slice(2)
const require = createRequire(`${process.cwd()}/${packages.replace(`${process.cwd()}/`, '')}/`)
const { chromium: browsers } = require('playwright-core')
const { HtmlValidate, StaticConfigLoader } = require('html-validate')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

// name, address, status
const kinds = [
  ['front', `${datasets}/`, 200],
  ['table', `${datasets}/products`, 200],
  ['filtered', `${datasets}/products?price=lt.20&discontinued=is.false&order=price.desc`, 200],
  ['empty', `${datasets}/products?price=lt.0`, 200],
  ['row', `${datasets}/products/42`, 200],
  ['referred', `${datasets}/categories/3`, 200],
  ['columns', `${datasets}/-/columns/elements`, 200],
  ['wrong', `${datasets}/-/find/products?column=price&is=lt&value=cheap`, 400],
  ['missing', `${datasets}/produkts`, 404],
  ['embedded', `${examples}/authors?select=name,books(title)`, 200],
  ['nulls', `${examples}/books`, 200],
]
const widths = [390, 1280]
const others = [320, 2560]
// At most this many bytes of gzip for a page of 50 rows.
const most = 10240

let failed = 0
const fail = (text) => {
  failed += 1
  console.error(`FAIL ${text}`)
}

const validator = new HtmlValidate(new StaticConfigLoader({ extends: ['html-validate:standard'], rules: { 'long-title': 'off' } }))
const browser = await browsers.launch({ executablePath: chromium, args: ['--no-sandbox'] })
for (const [name, address, status] of kinds) {
  const response = await fetch(address, { headers: { accept: 'text/html,application/xhtml+xml' } })
  const html = await response.text()
  if (response.status !== status) fail(`${name}: status ${response.status}`)
  const report = await validator.validateString(html)
  for (const message of report.results.flatMap((result) => result.messages)) {
    fail(`${name}: html-validate ${message.ruleId}: ${message.message} (${message.selector})`)
  }
  const bytes = gzipSync(html).length
  if (bytes > most) fail(`${name}: ${bytes} bytes of gzip, more than ${most}`)
  let requests = 0
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [...widths, ...(colorScheme === 'light' ? others : [])]) {
      const page = await browser.newPage({ colorScheme, viewport: { width, height: width < 500 ? 844 : 800 } })
      requests = 0
      page.on('request', (request) => { if (!request.url().startsWith('data:')) requests += 1 })
      const wrong = []
      page.on('console', (message) => { if (message.type() === 'error' && !/status of 4/.test(message.text())) wrong.push(message.text()) })
      await page.goto(address)
      if (requests !== 1) fail(`${name}: ${requests} requests`)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
      if (wide) fail(`${name} at ${width}: the page scrolls sideways`)
      for (const text of wrong) fail(`${name}: ${text}`)
      const file = `${pictures}/${name}${colorScheme === 'dark' ? '-dark' : ''}${width === 1280 ? '' : `-${width}`}.png`
      await page.screenshot({ path: file })
      if (widths.includes(width)) {
        await page.evaluate(axe)
        const { violations } = await page.evaluate(() => window.axe.run())
        for (const { id, help, nodes } of violations) {
          fail(`${name} at ${width}, ${colorScheme}: axe ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | ')}`)
        }
      }
      await page.close()
    }
  }
  console.log(`${name}: ${bytes} bytes of gzip, ${html.length} in all`)
}
await browser.close()
if (failed > 0) {
  console.error(`${failed} failed`)
  process.exit(1)
}
