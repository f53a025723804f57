// Draws docs/images/status-*.png anew: the demo's household at a fixed instant, in the browser that this machine has.
// The demo runs until the plan is there and the first window has begun, so what is drawn differs by seconds only.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { startScene } from './screenshot-scene.mjs'

const path = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  each => each && existsSync(each),
)
if (path === undefined) {
  console.log('no Chromium here (CHROMIUM_PATH may name one): the pictures stay as they are')
  process.exit(0)
}

const PICTURES = [
  { name: 'status-light', colorScheme: 'light', width: 1100, height: 1250 },
  { name: 'status-dark', colorScheme: 'dark', width: 1100, height: 1250 },
  { name: 'status-phone', colorScheme: 'light', width: 390, height: 1300 },
]

const scene = await startScene()
const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu'] })
try {
  for (const { name, colorScheme, width, height } of PICTURES) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' })
    await page.goto(scene.url)
    await page.locator('#live.on').waitFor()
    await page.locator('#bars svg').waitFor()
    await page.screenshot({ path: new URL(`../docs/images/${name}.png`, import.meta.url).pathname })
    await page.close()
    console.log(`docs/images/${name}.png`)
  }
  const page = await browser.newPage({ viewport: { width: 900, height: 900 }, colorScheme: 'light' })
  await page.goto(scene.setupUrl)
  await page.locator('#text').fill(`octopus:\n  api_key: \${OCTOPUS_API_KEY}\nmqtt:\n  url: mqtt//mosquitto:1883\n`)
  await page.locator('#problems li').waitFor()
  await page.screenshot({ path: new URL('../docs/images/setup.png', import.meta.url).pathname })
  console.log('docs/images/setup.png')
} finally {
  await browser.close()
  await scene.stop()
}
