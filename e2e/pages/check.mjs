// The kinds of page, in light and dark, narrow and wide, with large text, printed, by keyboard alone: no finding of
// axe-core, valid HTML, few bytes, nothing that needs scrolling sideways but regions that a keyboard reaches.
// usage: check.mjs PACKAGES CHROMIUM DATASETS-URL EXAMPLES-URL ODD-URL PICTURES

import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'

const [packages, chromium, datasets, examples, odd, pictures] = process.argv.slice(2)
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
  ['texts', `${odd}/texts`, 200],
  ['text', `${odd}/texts/2`, 200],
  ['none', `${odd}/empty`, 200],
  ['changes', `${odd}/-/changes/texts`, 200],
  ['history', `${odd}/-/history/texts/1`, 200],
  ['then', `${odd}/-/at/2025-01-01/texts`, 200],
  ['then-row', `${odd}/-/at/2025-01-01/texts/1`, 200],
  ['then-columns', `${odd}/-/at/2025-01-01/-/columns/texts`, 200],
  ['then-front', `${odd}/-/at/2025-01-01/`, 200],
  // Beyond 1,000 columns a program has to name those that it wants; a page shows 100 of them.
  ['wide', `${odd}/wide`, 200],
  ['wider', `${odd}/wider`, 200],
]
const widths = [390, 1280]
const others = [320, 2560]
// At most this many bytes of gzip for a page of 50 rows; a form that lists 1,000 columns takes more.
const most = 10240
const large = ['wide', 'wider']
// At most this many of them before the body. A browser paints what it has read of that once it needs nothing else: there is
// neither a script nor anything to load. The time to the first paint depends on the machine: it is printed, as a multiple of
// that of a few bytes of text from the same server too, and not judged.
const mostBefore = 4096
const blocking = /<script(?! type="application\/ld\+json")|<link rel="(?:stylesheet|preload|import)"|@import|url\(|<(?:img|iframe|object|embed|video|audio)\b/

let failed = 0
const fail = (text) => {
  failed += 1
  console.error(`FAIL ${text}`)
}

// Nothing is wider than the window but regions of their own, which have a name and which a keyboard can scroll.
async function fits(page, where) {
  const wrong = await page.evaluate(() => {
    const found = []
    const root = document.documentElement
    if (root.scrollWidth > root.clientWidth) found.push('the page scrolls sideways')
    for (const element of document.querySelectorAll('body *')) {
      const scrolls = ['auto', 'scroll'].includes(getComputedStyle(element).overflowX)
      if (!scrolls || element.scrollWidth <= element.clientWidth) continue
      const label = element.getAttribute('aria-label') ?? document.getElementById(element.getAttribute('aria-labelledby'))?.textContent
      if (element.tabIndex !== 0 || element.getAttribute('role') !== 'region' || !label) {
        found.push(`a keyboard can't scroll ${element.outerHTML.slice(0, 80)}`)
      }
    }
    return found
  })
  for (const text of wrong) fail(`${where}: ${text}`)
}

// Milliseconds to the first contentful paint of a page that is loaded.
const painted = (page) => page.evaluate(() => new Promise((resolve) => {
  const seen = (list) => list.getEntriesByName('first-contentful-paint').forEach((entry) => resolve(entry.startTime))
  new PerformanceObserver(seen).observe({ type: 'paint', buffered: true })
}))

// The least of five, in pages of their own.
async function leastPaint(address) {
  const times = []
  for (let time = 0; time < 5; time += 1) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(address, { timeout: 120_000 })
    times.push(await painted(page))
    await page.close()
  }
  return Math.min(...times)
}

// The page with text of twice the size, printed, and by keyboard. Answers with the time to its first contentful paint.
async function alone(name, address) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(address, { timeout: 120_000 })
  const paint = await painted(page)
  await keyboard(page, name)
  await page.evaluate(() => { document.documentElement.style.fontSize = '200%' })
  await fits(page, `${name} with large text`)
  await page.screenshot({ path: `${pictures}/${name}-large.png` })
  await page.evaluate(() => { document.documentElement.style.fontSize = '' })
  await page.emulateMedia({ media: 'print' })
  const printed = await page.evaluate(() => {
    const seen = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility()).length
    return { controls: seen('form, nav, .skip'), heading: seen('h1'), text: document.querySelector('main').innerText.length }
  })
  if (printed.controls > 0 || printed.heading !== 1 || printed.text < 20) fail(`${name} printed: ${JSON.stringify(printed)}`)
  await page.screenshot({ path: `${pictures}/${name}-print.png` })
  await page.close()
  return paint.toFixed(0)
}

// The first key shows the link past the header, which leads into the main part; whatever has the focus shows it.
async function keyboard(page, name) {
  const focused = () => page.evaluate(() => {
    const element = document.activeElement
    const { top, left, width, height } = element.getBoundingClientRect()
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    return {
      what: element.outerHTML.slice(0, 80),
      skips: element.matches('a.skip'),
      inside: document.querySelector('main').contains(element),
      shown: width > 0 && height > 0 && left + width > 0 && top + height > 0 && top < innerHeight && left < innerWidth,
      outlined: outlineStyle !== 'none' && outlineWidth !== '0px',
    }
  })
  await page.keyboard.press('Tab')
  const first = await focused()
  if (!first.skips || !first.shown) fail(`${name}: the first stop is no visible link to the content: ${JSON.stringify(first)}`)
  await page.keyboard.press('Enter')
  for (let stop = 0; stop < 25; stop += 1) {
    await page.keyboard.press('Tab')
    const next = await focused()
    if (stop === 0 && !next.inside) fail(`${name}: the link to the content leads to ${next.what}`)
    if (!next.inside) break
    if (!next.shown || !next.outlined) fail(`${name}: the focus can't be seen on ${JSON.stringify(next)}`)
  }
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
  if (bytes > most && !large.includes(name)) fail(`${name}: ${bytes} bytes of gzip, more than ${most}`)
  const before = gzipSync(html.slice(0, html.indexOf('<body>'))).length
  if (before > mostBefore) fail(`${name}: ${before} bytes of gzip before the body, more than ${mostBefore}`)
  const blocks = blocking.exec(html)
  if (blocks) fail(`${name}: ${blocks[0]} keeps a browser from painting`)
  let requests = 0
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [...widths, ...(colorScheme === 'light' ? others : [])]) {
      const page = await browser.newPage({ colorScheme, viewport: { width, height: width < 500 ? 844 : 800 } })
      requests = 0
      page.on('request', (request) => { if (!request.url().startsWith('data:')) requests += 1 })
      const wrong = []
      page.on('console', (message) => { if (message.type() === 'error' && !/status of 4/.test(message.text())) wrong.push(message.text()) })
      await page.goto(address, { timeout: 120_000 })
      if (requests !== 1) fail(`${name}: ${requests} requests`)
      await fits(page, `${name} at ${width}`)
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
  const paint = await alone(name, address)
  console.log(`${name}: ${bytes} bytes of gzip, ${html.length} in all, first contentful paint after ${paint} ms`)
}
const [text, table] = [await leastPaint(`${datasets}/robots.txt`), await leastPaint(`${datasets}/products`)]
console.log(`first contentful paint, the least of five: ${table.toFixed(0)} ms of a table, ${text.toFixed(0)} ms of a few bytes of text, ${(table / text).toFixed(2)} x`)
await browser.close()
if (failed > 0) {
  console.error(`${failed} failed`)
  process.exit(1)
}
