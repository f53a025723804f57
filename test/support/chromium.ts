/** The browser that this machine has, for tests of the pages; none is brought along. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'

const PLACES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

export const chromiumPath = PLACES.find((path): path is string => path !== undefined && path !== '' && existsSync(path))

export const haveChromium = chromiumPath !== undefined
if (!haveChromium) console.warn('no Chromium here (CHROMIUM_PATH may name one): the pages are not tested in a browser')

/** To be closed by whoever opens it. */
export async function openBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  if (chromiumPath === undefined) throw new Error('there is no Chromium on this machine')
  // As root, which a container's tests are, Chromium has no sandbox; only our own page is looked at.
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] })
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/** What axe finds wrong with the page as it stands, one line for each place. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Evaluated and not added as a script: the page's policy lets no other script in, as it should.
  await page.evaluate(axeSource)
  const { violations } = (await page.evaluate('axe.run()')) as { violations: readonly Violation[] }
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`),
  )
}
