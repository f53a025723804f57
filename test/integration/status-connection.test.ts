/** The page that stays open for days: silence, other tabs, midnight and an update, in a real browser on a clock of its own. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { type Instant, SECOND } from '../../src/clock.ts'
import { pageOf } from '../../src/status/page/page-of.ts'
import { startStatusServer } from '../../src/status/server.ts'
import { knownAccount } from '../entities/snapshots.ts'
import { ManualClock } from '../mqtt/manual-clock.ts'
import { inputOf } from '../status/page-input.ts'
import { haveChromium, openBrowser } from '../support/chromium.ts'

const PATIENCE = 60_000
const inBrowser = haveChromium ? describe : describe.skip

/** What the page shows is set by hand, and told when a test says so. */
class Source {
  readonly clock = new ManualClock()
  at: Instant = Date.parse('2026-11-23T22:10:00Z')
  version = '1.0.0'
  #tell = () => {}

  readonly payload = () => null
  readonly onChange = (listener: () => void) => {
    this.#tell = listener
    return () => {}
  }
  refresh = () => this.at
  readonly model = () => {
    const notices = [{ code: 'plug_silent' as const, since: Date.parse('2026-11-23T21:05:00Z'), action: 'Look.' }]
    const snapshot = { at: this.at, account: knownAccount({ notices }), cars: [], meters: [] }
    return pageOf(inputOf({ at: this.at, version: this.version, snapshot }))
  }

  show(change: Partial<Pick<Source, 'at' | 'version'>>): void {
    Object.assign(this, change)
    this.#tell()
    this.clock.advance(SECOND)
  }
}

let browser: Browser
const ends: (() => unknown)[] = []

async function open(): Promise<{ page: Page; source: Source; streams: () => number }> {
  const source = new Source()
  const server = await startStatusServer({ host: '127.0.0.1', port: 0, page: source })
  ends.push(() => server.close())
  const context = await browser.newContext({ timezoneId: 'Pacific/Kiritimati' })
  ends.push(() => context.close())
  const page = await context.newPage()
  await page.clock.install()
  let streams = 0
  page.on('request', request => {
    if (request.url().endsWith('/api/events')) streams += 1
  })
  await page.goto(server.url)
  await isLive(page)
  return { page, source, streams: () => streams }
}

const isLive = (page: Page) => page.locator('#live.on').waitFor()
const setHidden = (page: Page, hidden: boolean) =>
  page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))`)

inBrowser('a page that stays open', () => {
  beforeAll(async () => {
    browser = await openBrowser()
  }, PATIENCE)
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  afterAll(() => browser.close())

  it(
    'takes a silence for a lost connection, says of when everything is, and listens anew until it hears something',
    async () => {
      const { page, streams } = await open()
      // A network that went away: the page that was asked for in its stead does not come either.
      await page.route('**/api/**', route => route.abort())
      await page.clock.fastForward(30 * SECOND)
      expect(streams()).toBe(1)
      await page.clock.fastForward(20 * SECOND)
      await page
        .locator('#live.lost', { hasText: 'Connection lost. What you see is of Monday 23 November, 22:10:00.' })
        .waitFor()
      expect(await page.title()).toBe('octopus2mqtt')
      await page.unroute('**/api/**')
      const again = page.waitForRequest('**/api/events')
      await page.clock.fastForward(20 * SECOND)
      await isLive(page)
      expect(await page.title()).toContain('rate')
      await again
    },
    PATIENCE,
  )

  it(
    'is told the time by each beat',
    async () => {
      const { page, source } = await open()
      source.clock.advance(15 * SECOND)
      const told = new Date(source.clock.now()).toISOString().slice(11, 18)
      await page.locator('#clock', { hasText: told }).waitFor()
    },
    PATIENCE,
  )

  it(
    'rests while nobody sees it',
    async () => {
      const { page, streams } = await open()
      await setHidden(page, true)
      expect(await page.locator('#live').textContent()).toMatch(/^Paused\. What you see is of/)
      expect(await page.title()).toBe('octopus2mqtt')
      await page.clock.fastForward(600 * SECOND)
      expect(streams()).toBe(1)
      await setHidden(page, false)
      await isLive(page)
      expect(streams()).toBe(2)
    },
    PATIENCE,
  )

  it(
    'names the day of what was yesterday, once it is midnight, and the date of what was long ago',
    async () => {
      const { page, source } = await open()
      const notice = (words: string) => page.locator('#notices-list', { hasText: words }).waitFor()
      await notice('Since 21:05.')
      source.show({ at: Date.parse('2026-11-24T00:00:01Z') })
      await notice('Since Mon 21:05.')
      source.show({ at: Date.parse('2026-12-03T12:00:00Z') })
      await notice('Since 23 Nov 21:05.')
    },
    PATIENCE,
  )

  it(
    'is loaded anew once another version runs',
    async () => {
      const { page, source } = await open()
      await page.evaluate('window.before = true')
      source.show({ version: '2.0.0' })
      await page.locator('#about', { hasText: 'octopus2mqtt 2.0.0' }).waitFor()
      expect(await page.evaluate('window.before')).toBeUndefined()
      await isLive(page)
    },
    PATIENCE,
  )

  it(
    'does not go on saying what the button came to',
    async () => {
      const { page } = await open()
      await page.locator('#refresh').click()
      await page.locator('#refresh-said', { hasText: 'Octopus is asked' }).waitFor()
      await page.clock.fastForward(35 * SECOND)
      await page.clock.fastForward(35 * SECOND)
      await page.locator('#refresh-said', { hasText: /^$/ }).waitFor({ state: 'attached' })
    },
    PATIENCE,
  )
})
