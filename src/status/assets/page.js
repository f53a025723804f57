/** The status page: hears the model, draws what has changed, and counts on by itself in between. */
import { dayBars, dayRows, LEVELS } from './bars.js'
import { follow } from './connection.js'
import { byId, h, pairs, part, say } from './dom.js'
import { callRows, dueWords, LEGEND, swatch, timelineRows, timelineStrips } from './timeline.js'
import { filterTopics, showTopics } from './topics.js'
import {
  date,
  duration,
  energy,
  plain,
  pounds,
  price,
  seconds,
  span,
  time,
  when,
  whyCheap,
  yesNo,
  zone,
} from './words.js'

/** Milliseconds. */
const REDRAW_LINE = 30_000
/** How long it is still said that Octopus was asked. */
const ASKED_SHOWN = 60_000

let model = null
let isLost = false
/** Until when what the button came to is said, at the bridge. */
let saidUntil = Number.POSITIVE_INFINITY

/** What the time was at the bridge when it told us, and by both clocks of the browser: one stands still while the machine sleeps, the other may be set. */
let told = { at: 0, steady: 0, wall: 0 }
const setClock = at => {
  told = { at, steady: performance.now(), wall: Date.now() }
}

/** The bridge's own time, which in the demo runs faster than ours. */
const now = () => told.at + Math.max(performance.now() - told.steady, Date.now() - told.wall) * model.speed

const widthOf = id => Math.max(260, Math.floor(byId(id).clientWidth))

// --- What the house pays now ---------------------------------------------------------------------

function headline({ account, health }) {
  if (account === null)
    return health.api_status === null ? 'Getting to know your account…' : 'Your account is not known yet'
  const { cheap, rate } = account
  if (cheap === null) return rate === null ? 'No price is known yet' : `Electricity costs ${price(rate.now)}`
  if (cheap.value === null) return 'Not known whether the cheap rate applies'
  if (!cheap.value) return 'Normal rate now'
  return cheap.until === null ? 'Cheap rate now' : `Cheap rate until ${when(cheap.until, now())}`
}

function why({ account, health }) {
  if (account === null)
    return health.api_status === null
      ? 'Octopus is being asked for it.'
      : `How Octopus does: ${plain(health.api_status)}. The log says more.`
  const { cheap } = account
  if (cheap === null) return 'The tariff has no cheap hours that are known.'
  const longer =
    cheap.value && cheap.expectedUntil !== null && cheap.expectedUntil > (cheap.until ?? 0)
      ? ` Expected to last until ${when(cheap.expectedUntil, now())}.`
      : ''
  return `Why: ${whyCheap(cheap.reason)}.${longer}`
}

function facts({ account, health, cars }) {
  const list = []
  if (account?.rate) {
    const { now: rate, next, changesAt } = account.rate
    list.push(['Price now', price(rate)])
    if (next !== null) list.push([`From ${when(changesAt, now())}`, price(next)])
  }
  if (cars.length > 0 && account !== null && account.smartHalfHours !== null)
    list.push(['Smart half hours since noon', `${account.smartHalfHours} of 12`])
  list.push(['Broker', health.broker_connected ? 'connected' : h('span', { class: 'old' }, 'away')])
  list.push(['Octopus', health.api_status === 'ok' ? 'answers' : plain(health.api_status)])
  if (health.status !== 'ok') list.push(['This bridge', h('span', { class: 'old' }, health.reasons.join('; '))])
  return pairs(list)
}

// --- Cars, notices, changes, ages ----------------------------------------------------------------

const mark = value => h('span', { class: value === true ? 'yes' : null }, yesNo(value))

function card(car) {
  const list = [
    ['Plugged in', mark(car.pluggedIn)],
    ['Charging', car.tellsCharging ? mark(car.charging) : 'nothing tells'],
    ['Dispatching', mark(car.dispatching)],
    ['State', plain(car.state)],
  ]
  if (car.battery !== null) {
    const { value } = car.battery
    list.push([
      'Battery',
      `${value} %`,
      h('progress', { max: 100, value, class: 'battery', 'aria-label': `Battery of ${car.name}` }),
    ])
  }
  if (car.target !== null)
    list.push(['Target', `${car.target.value} %${car.readyBy === null ? '' : ` by ${car.readyBy.value}`}`])
  if (car.boosting) list.push(['Boost', mark(true)])
  if (car.suspended) list.push(['Smart charging', 'suspended'])
  list.push(['Now', car.current === null ? 'no dispatch' : `dispatch until ${when(car.current.end, now())}`])
  list.push(['Next', car.next === null ? 'none' : span(car.next, now())])
  if (car.plannedKwh !== null) list.push(['Planned', energy(car.plannedKwh)])
  return h('article', { class: 'card', 'aria-label': car.name }, h('h3', {}, car.name), h('dl', {}, pairs(list)))
}

const notice = ({ action, car, since, link, code }) =>
  h(
    'li',
    {},
    h('strong', {}, car === null ? '' : `${car.replaceAll('_', ' ')}: `, action),
    ' ',
    `Since ${when(since, now())}. `,
    h('a', { href: link, target: '_blank', rel: 'noopener noreferrer' }, `More about ${plain(code)}`),
  )

const change = ({ at, car, kind, previous, ...row }) =>
  h(
    'li',
    {},
    h('strong', {}, when(at, now())),
    ` ${car.replaceAll('_', ' ')}: ${span(row, at)} ${kind}`,
    previous === null ? '' : ` from ${span(previous, at)}`,
  )

const ageWords = at => (at === null ? 'nothing yet' : `${duration(now() - at)} ago`)

// --- Asking --------------------------------------------------------------------------------------

const meter = (label, used, most, more) => [
  h('p', {}, `${label}: ${used} of ${most} in the last hour. ${more}`),
  h('progress', { max: Math.max(1, most), value: used, 'aria-label': label }),
]

function budget({ dispatch, all, freesAt }) {
  const frees = freesAt === null ? '' : ` The oldest stops counting at ${time(freesAt)}.`
  return [
    ...meter(
      'Asked for dispatches',
      dispatch.used,
      dispatch.limit,
      `${Math.max(0, dispatch.limit - dispatch.used)} left.${frees}`,
    ),
    ...meter('Calls of every kind', all.used, all.limit, ''),
  ]
}

async function refresh() {
  const said = byId('refresh-said')
  if (model === null || byId('refresh').getAttribute('aria-disabled') === 'true') return
  say(said, 'Asking…')
  try {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch('api/refresh', { method: 'POST', headers, body: '{}' })
    const body = await answer.json().catch(() => ({}))
    if (!answer.ok) throw new Error(body.error ?? `the answer was ${answer.status}`)
    saidUntil = body.at + ASKED_SHOWN * model.speed
    const wait = body.at - now()
    say(
      said,
      wait < 1_500 * model.speed
        ? 'Octopus is asked now.'
        : `Octopus is asked at ${seconds(body.at)}, as soon as the limits allow.`,
    )
  } catch (error) {
    say(said, `That did not work: ${error.message}`)
  }
}

// --- Drawing -------------------------------------------------------------------------------------

function draw() {
  const { account, cars, timeline, day, notices, changes } = model
  // Words of another day name it.
  const today = date(now())
  say(byId('now-line'), headline(model))
  say(byId('now-why'), why(model))
  byId('now').classList.toggle('cheap', account?.cheap?.value === true)
  part('now-facts', [today, account, model.health, cars.length], () => facts(model))
  byId('notices').hidden = notices.length === 0
  part('notices-list', [today, notices], () => notices.map(notice))
  byId('cars-section').hidden = cars.length === 0
  say(byId('cars-title'), cars.length > 1 ? 'Cars' : 'Car')
  part('cars', [today, cars], () => cars.map(card))
  part('timeline-table', timeline, () => timelineRows(timeline, now()))
  part('calls', timeline.calls, () => callRows(timeline, now()))
  part('budget', model.budget, () => budget(model.budget))
  part('changes', [today, changes], () => (changes.length === 0 ? [h('li', {}, 'None yet.')] : changes.map(change)))
  byId('day-title').textContent = day === null || day.isYesterday ? 'Yesterday' : `The last complete day`
  byId('day-details').hidden = day === null
  byId('bars-legend').hidden = day === null
  say(byId('day-sum'), daySum(day))
  part('day-table', day, () => (day === null ? [] : dayRows(day)))
  byId('about').textContent = `octopus2mqtt ${model.version}. Times are London's (${zone(now())}).`
  showTopics(model.topics, text => say(byId('copied'), text))
  drawPictures()
  tick()
}

function daySum(day) {
  if (day === null) return 'No complete day with its prices is known yet: Octopus tells of a day during the next.'
  const { halfHours, kwh, total, standing, provisional } = day
  const cost =
    total === null
      ? ''
      : ` for ${pounds(total)}${standing === null ? '' : `, ${pounds(standing)} of it standing charge`}`
  const may = provisional ? ' The bill may still say otherwise.' : ''
  return `${date(halfHours[0].start)}: ${energy(kwh)}${cost}.${may}`
}

/** Pictures are drawn for the width that they have. */
function drawPictures() {
  const { timeline, day } = model
  const width = widthOf('timeline')
  const at = Math.floor(now() / (REDRAW_LINE * model.speed))
  part('timeline', [timeline, width, at], () => timelineStrips(timeline, width, now()))
  const bars = widthOf('bars')
  part('bars', [day, bars], () => (day === null ? [] : [dayBars(day, bars)]))
}

/** What time alone changes. */
function tick() {
  if (model === null) return
  say(byId('clock'), `${date(now())}, ${seconds(now())} ${zone(now())}`)
  const { ages, refresh: due } = model
  say(byId('due'), dueWords(due, now()))
  if (now() > saidUntil) {
    saidUntil = Number.POSITIVE_INFINITY
    say(byId('refresh-said'), '')
  }
  const lines = ages.map(({ what, at, isStale }) => [what, ageWords(at), isStale || isLost])
  part('ages', lines, () =>
    pairs(
      lines.map(([what, age, isOld]) => [
        what,
        h('span', { class: isOld ? 'old' : null }, isOld ? `${age}, old` : age),
      ]),
    ),
  )
  drawPictures()
}

// --- The connection ------------------------------------------------------------------------------

/** `deaf` is a word for why nothing is heard of the bridge; null while it is. */
function showConnection(deaf) {
  isLost = deaf !== null
  const live = byId('live')
  document.body.classList.toggle('lost-connection', isLost)
  live.className = isLost ? 'live lost' : 'live on'
  byId('refresh').setAttribute('aria-disabled', String(isLost))
  const of = model === null ? '' : ` What you see is of ${date(told.at)}, ${seconds(told.at)}.`
  say(live, isLost ? `${deaf}.${of} Trying again…` : 'Live')
  // It is read where the page is not seen, so it says nothing that may have passed.
  document.title = isLost || model === null ? 'octopus2mqtt' : `${headline(model)} – octopus2mqtt`
  tick()
}

function heard(text) {
  const next = JSON.parse(text)
  // Another version was started since: it may say other things than these files know of.
  if (model !== null && next.version !== model.version) return location.reload()
  model = next
  setClock(next.at)
  draw()
  showConnection(null)
}

function beat(at) {
  if (model === null) return
  setClock(Number(at))
  showConnection(null)
}

for (const [look, words] of LEGEND) byId('legend').append(h('li', {}, swatch(look), words))
for (const [look, words] of Object.entries(LEVELS)) byId('bars-legend').append(h('li', {}, swatch(look), words))
byId('refresh').addEventListener('click', refresh)
byId('filter').addEventListener('input', ({ target }) => filterTopics(target.value))
addEventListener('resize', () => model !== null && drawPictures())
setInterval(tick, 1_000)
follow({ onModel: heard, onBeat: beat, onDeaf: showConnection })
