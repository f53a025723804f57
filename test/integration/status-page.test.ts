/** The pages in a real browser, before a daemon that lives: what a person sees, reaches by keyboard, and hears read out. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Bridge } from '../../src/bridge.ts'
import { EXAMPLE, problemsOf } from '../../src/cli/setup.ts'
import { startStatusServer } from '../../src/status/server.ts'
import { closeEverything, startBroker } from '../support/broker.ts'
import { accessibilityProblems, haveChromium, openBrowser } from '../support/chromium.ts'
import { type House, openHouse } from './house.ts'
import { startProxy } from './page-proxy.ts'
import { pluggedIn, rowsAfter } from './scenes.ts'

const PATIENCE = 60_000
const inBrowser = haveChromium ? describe : describe.skip

/** Windows that begin in some minutes; a minute is a second here. */
const SCENE = pluggedIn(rowsAfter([12, 40], [8 * 60, 9 * 60]))
const SPEED = 60

let browser: Browser
let house: House
let bridge: Bridge
const url = () => `${bridge.statusUrl}/`
const ends: (() => unknown)[] = []

/** A page of a new browser context, which closes with the tests; what its console complains of is kept. */
async function look(at: string, options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options })
  ends.push(() => context.close())
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(error.message))
  await page.goto(at)
  return { page, complaints }
}

const isLive = (page: Page) => page.locator('#live.on').waitFor()
const textOf = (page: Page, selector: string) => page.locator(selector).innerText()

const openAll = (page: Page) =>
  page.locator('details').evaluateAll(all => {
    for (const each of all) each.setAttribute('open', '')
  })

inBrowser('the pages in a browser', () => {
  beforeAll(async () => {
    browser = await openBrowser()
    house = await openHouse({ broker: await startBroker(), scenario: SCENE, speed: SPEED })
    bridge = await house.startAndSettle({ energy: { history_days: 3, bill: false } })
    await house.shows('electricity_import/previous_accumulative_cost', /\d/)
  }, PATIENCE)

  afterAll(async () => {
    for (const end of ends.splice(0).reverse()) await end()
    await browser.close()
    await house.close()
    await closeEverything()
    house.expectPromisesKept()
  }, PATIENCE)

  it(
    'show the plan, and turn with an edge while one looks, without a word of complaint',
    async () => {
      const { page, complaints } = await look(url())
      await isLive(page)
      expect(await textOf(page, '#now-line')).toBe('Normal rate now')
      expect(await textOf(page, '#cars')).toMatch(/Family car[\s\S]*Plugged in\s*yes[\s\S]*smart control in progress/)
      expect(await page.locator('#timeline svg .planned').count()).toBeGreaterThanOrEqual(2)
      expect(await page.locator('#timeline-table').textContent()).toContain('planned smart dispatch')
      await page.locator('#now-line', { hasText: /^Cheap rate until \d\d:\d\d$/ }).waitFor()
      expect(await textOf(page, '#now-why')).toMatch(/smart-charging dispatch/)
      expect(await page.title()).toMatch(/^Cheap rate until/)
      await page.locator('#timeline svg .is').first().waitFor()
      expect(await page.locator('#calls').textContent()).toContain('started with no fresh answer')
      expect(await page.locator('#bars svg rect').count()).toBe(48)
      expect(await textOf(page, '#clock')).toMatch(/^Monday 23 November, \d\d:\d\d:\d\d GMT$/)
      expect(complaints).toEqual([])
    },
    PATIENCE,
  )

  it(
    'ask Octopus by the keyboard alone, when the limits allow, and say when that is',
    async () => {
      const { page, complaints } = await look(url())
      await isLive(page)
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the page')
      for (let tabs = 0; tabs < 40 && (await page.evaluate('document.activeElement.id')) !== 'refresh'; tabs += 1)
        await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.id')).toBe('refresh')
      const asked = house.polls.length
      await page.keyboard.press('Enter')
      await page.locator('#refresh-said', { hasText: /^Octopus is asked (now|at \d\d:\d\d:\d\d)/ }).waitFor()
      await house.next('account/data_last_retrieved', /./, PATIENCE)
      expect(house.polls.length).toBeGreaterThan(asked)
      // What changes around it takes the focus away from nobody.
      expect(await page.evaluate('document.activeElement.id')).toBe('refresh')
      for (let tabs = 0; tabs < 40 && (await page.evaluate('document.activeElement.id')) !== 'filter'; tabs += 1)
        await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.id')).toBe('filter')
      expect(complaints).toEqual([])
    },
    PATIENCE,
  )

  it(
    'copy a topic, and the whole of a payload that is shown cut',
    async () => {
      const { page, complaints } = await look(url(), { permissions: ['clipboard-read', 'clipboard-write'] })
      await isLive(page)
      const topic = house.topic('electricity_import/rates')
      await page.locator('#filter').fill('electricity_import/rates')
      const row = page.locator('.topic:not([hidden])', { has: page.getByText(topic, { exact: true }) })
      await row.getByRole('button', { name: `Copy topic ${topic}` }).click()
      await page.locator('#copied', { hasText: `Copied: ${topic}` }).waitFor()
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(topic)
      await row.getByRole('button', { name: `Copy payload ${topic}` }).click()
      await page.locator('#copied', { hasText: 'Copied: payload' }).waitFor()
      const copied = (await page.evaluate('navigator.clipboard.readText()')) as string
      expect(copied.length).toBeGreaterThan(500)
      expect(copied).toBe(house.newest('electricity_import/rates'))
      expect(complaints).toEqual([])
    },
    PATIENCE,
  )

  it.each(['light', 'dark'] as const)(
    'have nothing that axe finds wrong, in the %s, with everything open',
    async colorScheme => {
      const { page } = await look(url(), { colorScheme })
      await isLive(page)
      await openAll(page)
      expect(await accessibilityProblems(page)).toEqual([])
    },
    PATIENCE,
  )

  it(
    'fit on a phone, with everything open',
    async () => {
      const { page } = await look(url(), { viewport: { width: 360, height: 740 } })
      await isLive(page)
      await openAll(page)
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    },
    PATIENCE,
  )

  it.each([
    ['/octopus', '/octopus/', false],
    ['/api/hassio_ingress/a-B_1', '/api/hassio_ingress/a-B_1', true],
  ])(
    'live below %s as well',
    async (prefix, _, tells) => {
      const proxy = await startProxy(url(), prefix, { tells })
      ends.push(() => proxy.close())
      // Whoever says where it is may leave the slash out.
      const { page, complaints } = await look(tells ? proxy.url : `${proxy.url}/`)
      await isLive(page)
      await page.locator('#refresh').click()
      await page.locator('#refresh-said', { hasText: /^Octopus is asked/ }).waitFor()
      expect(complaints).toEqual([])
    },
    PATIENCE,
  )

  it(
    'live by asking where a proxy keeps the stream to itself',
    async () => {
      const proxy = await startProxy(url(), '/a', { holdsBack: true })
      ends.push(() => proxy.close())
      const { page, complaints } = await look(`${proxy.url}/`)
      await isLive(page)
      const told = await page.locator('#due').innerText()
      expect(told).not.toBe('')
      expect(complaints).toEqual([])
      await proxy.close()
      await page.locator('#live.lost').waitFor()
    },
    PATIENCE,
  )

  it(
    'say that the connection is lost and of when they are, and come back by themselves',
    async () => {
      const proxy = await startProxy(url(), '/a')
      const { page } = await look(`${proxy.url}/`)
      await isLive(page)
      await proxy.close()
      await page
        .locator('#live.lost', {
          hasText: /^Connection lost\. What you see is of [A-Z][a-z]+day \d+ [A-Z][a-z]+, \d\d:\d\d:\d\d/,
        })
        .waitFor()
      expect(await page.locator('#refresh').getAttribute('aria-disabled')).toBe('true')
      expect(await page.locator('#ages').innerText()).toContain('old')
      expect(await accessibilityProblems(page)).toEqual([])
      const again = await startProxy(url(), '/a', { port: Number(new URL(proxy.url).port) })
      ends.push(() => again.close())
      await isLive(page)
      expect(await page.locator('#ages').innerText()).not.toContain('old')
    },
    PATIENCE,
  )

  it(
    'check a first configuration while it is typed',
    async () => {
      const server = await startStatusServer({
        host: '127.0.0.1',
        port: 0,
        setup: { example: EXAMPLE, check: problemsOf },
      })
      ends.push(() => server.close())
      const { page, complaints } = await look(`${server.url}/`)
      await page.locator('#verdict', { hasText: 'Nothing is wrong with it.' }).waitFor()
      expect(await page.locator('#text').inputValue()).toBe(EXAMPLE)
      await page.locator('#text').fill('octopus:\n  api_kee: x\nmqtt:\n  url: mqtt://b\n')
      await page.locator('#problems', { hasText: 'api_kee' }).waitFor()
      await page.getByRole('button', { name: 'Go to line 2' }).click()
      expect(await page.evaluate('getSelection().toString()')).toBe('  api_kee: x')
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await accessibilityProblems(page)).toEqual([])
      }
      await page.setViewportSize({ width: 360, height: 740 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
      expect(complaints).toEqual([])
    },
    PATIENCE,
  )
})
