/** What the blueprints decide, in every mixture of states: what is unknown starts nothing, and a restart finds its way back. */
import { describe, expect, it } from '@jest/globals'
import { HOUR, type Instant, MINUTE, SECOND } from '../../src/clock.ts'
import { automationOf, type Case, type Change, decide, firedBy, readBlueprint } from './blueprint.ts'
import type { States } from './house.ts'
import { itRenders, render, renderedValue } from './jinja.ts'

/** In a cheap half hour outside the night. */
const NOW: Instant = Date.parse('2026-11-24T13:05:00Z')
const iso = (at: Instant): string => new Date(at).toISOString().replace('.000', '')

const CHEAP = 'binary_sensor.octopus_house_cheap'
const UNTIL = 'sensor.octopus_house_cheap_until'
const DISPATCH = 'binary_sensor.octopus_dispatch_active'

const BINARY = ['on', 'off', 'unknown', 'unavailable', 'not there']
const ENDS = {
  'in 25 min': iso(NOW + 25 * MINUTE),
  'in 3 min': iso(NOW + 3 * MINUTE),
  'long past': iso(NOW - 2 * HOUR),
  unknown: 'unknown',
  unavailable: 'unavailable',
  'not there': 'not there',
}

const statesOf = (rows: Readonly<Record<string, string>>): States =>
  Object.fromEntries(
    Object.entries(rows).flatMap(([id, state]) => (state === 'not there' ? [] : [[id, { state, attributes: {} }]])),
  )

const triggerOf = (id: string, more: object = {}) => ({ id, from_state: null, to_state: null, ...more })

interface Mixture extends Case {
  readonly name: string
  readonly house: string
  readonly end: string
  readonly other: string
}

/** Every mixture of house_cheap, its end and a third entity, in front of each trigger that needs no change of its own. */
const mixtures = (third: string, thirdStates: readonly string[]): Mixture[] =>
  BINARY.flatMap(house =>
    Object.entries(ENDS).flatMap(([end, until]) =>
      thirdStates.flatMap(other =>
        ['cheap', 'not_cheap', 'unclear', 'ended', 'start', 'reloaded'].map(id => ({
          name: `${id}: ${house}, ends ${end}, ${other}`,
          ...{ house, end, other },
          states: statesOf({ [CHEAP]: house, [UNTIL]: until, [third]: other }),
          now: NOW,
          trigger: triggerOf(id),
        })),
      ),
    ),
  )

const isCheap = ({ house, end }: Mixture) => house === 'on' && (end === 'in 25 min' || end === 'in 3 min')

describe('home-battery', () => {
  const blueprint = readBlueprint('home-battery')
  const lists = {
    cheap_actions: [{ action: 'test.cheap' }],
    hold_actions: [{ action: 'test.hold' }],
    normal_actions: [{ action: 'test.normal' }],
  }
  const holding = automationOf(blueprint, { ...lists, use_hold: true })
  const plain = automationOf(blueprint, lists)
  const decided = (automation: typeof holding, cases: readonly Case[]) =>
    decide(automation, cases).map(done => (done === null ? 'nothing' : done.map(({ action }) => action).join()))

  itRenders('charges on a certain ON with time left, holds on a certain dispatch, and is normal otherwise', () => {
    const cases = mixtures(DISPATCH, BINARY)
    expect(cases.length).toBeGreaterThan(500)
    const expected = cases.map(one => {
      if (one.house === 'on' && one.end === 'in 25 min') return 'test.cheap'
      return one.other === 'on' ? 'test.hold' : 'test.normal'
    })
    expect(decided(holding, cases)).toEqual(expected)
    expect(decided(plain, cases)).toEqual(expected.map(name => (name === 'test.hold' ? 'test.normal' : name)))
  })

  itRenders('looks anew at a later end where the old one was too near to begin, or has passed', () => {
    const moved = (from: string, to: string): Case => ({
      states: statesOf({ [CHEAP]: 'on', [UNTIL]: to, [DISPATCH]: 'on' }),
      now: NOW,
      trigger: triggerOf('moved', { from_state: { state: from }, to_state: { state: to } }),
    })
    const later = iso(NOW + 25 * MINUTE)
    const cases = [
      // Enough was left: the first list runs already.
      [iso(NOW + 6 * MINUTE), later, 'nothing'],
      // The last list ran. A clock that is a second ahead of Home Assistant's tells before the old end, which then triggers nothing.
      [iso(NOW + 4 * MINUTE), later, 'test.cheap'],
      [iso(NOW + SECOND), later, 'test.cheap'],
      [iso(NOW), later, 'test.cheap'],
      [iso(NOW - HOUR), later, 'test.cheap'],
      ['unknown', later, 'test.cheap'],
      ['unavailable', later, 'test.cheap'],
      [iso(NOW - HOUR), 'unavailable', 'nothing'],
      [later, 'unknown', 'nothing'],
    ] as const
    expect(
      decided(
        plain,
        cases.map(([from, to]) => moved(from, to)),
      ),
    ).toEqual(cases.map(([, , done]) => done))
  })

  itRenders('a dispatch matters while the house is not cheap, and where holding is wanted', () => {
    const dispatch = (house: string, state: string): Case => ({
      states: statesOf({ [CHEAP]: house, [UNTIL]: 'unknown', [DISPATCH]: state }),
      now: NOW,
      trigger: triggerOf('dispatch'),
    })
    const cases = [
      dispatch('off', 'on'),
      dispatch('unknown', 'off'),
      dispatch('on', 'on'),
      dispatch('unavailable', 'on'),
    ]
    expect(decided(holding, cases)).toEqual(['test.hold', 'test.normal', 'nothing', 'nothing'])
    expect(decided(plain, cases)).toEqual(['nothing', 'nothing', 'nothing', 'nothing'])
  })

  const change = (entity: string, from: string, to: string, held?: number): Change => ({
    entity,
    from,
    to,
    ...(held !== undefined && { held }),
  })

  it('wakes when the house turns, and after what was away comes back', () => {
    expect(firedBy(plain, change(CHEAP, 'off', 'on'))).toEqual(['cheap'])
    expect(firedBy(plain, change(CHEAP, 'unavailable', 'on'))).toEqual(['cheap'])
    expect(firedBy(plain, change(CHEAP, 'on', 'off'))).toEqual(['not_cheap'])
    expect(firedBy(plain, change(CHEAP, 'unknown', 'off'))).toEqual(['not_cheap'])
    const kinds = plain.triggers.map(({ trigger, id }) => `${trigger} ${id}`)
    expect(kinds).toEqual(expect.arrayContaining(['time ended', 'homeassistant start', 'event reloaded']))
    expect(plain.triggers).toContainEqual({ trigger: 'time', id: 'ended', at: UNTIL })
  })

  it('takes no notice of what is away for a moment, and gives up after a minute', () => {
    for (const gone of ['unknown', 'unavailable']) {
      expect(firedBy(plain, change(CHEAP, 'on', gone))).toEqual([])
      expect(firedBy(plain, change(CHEAP, 'on', gone, 59))).toEqual([])
      expect(firedBy(plain, change(CHEAP, 'on', gone, 60))).toEqual(['unclear'])
      expect(firedBy(plain, change(DISPATCH, 'on', gone, 59))).toEqual([])
      expect(firedBy(plain, change(DISPATCH, 'on', gone, 60))).toEqual(['dispatch'])
    }
  })

  it('lets the newest state of affairs win', () => {
    expect(plain.mode).toBe('restart')
  })
})

describe('hot-water', () => {
  const heater = 'switch.immersion'
  const automation = automationOf(readBlueprint('hot-water'), { heater })
  const decided = (cases: readonly Case[]) =>
    decide(automation, cases).map(done =>
      done === null ? 'nothing' : done.map(({ action, target }) => `${action} ${JSON.stringify(target)}`).join(),
    )
  const call = (what: string) => `homeassistant.turn_${what} ${JSON.stringify({ entity_id: heater })}`

  itRenders('begins with enough cheap time left, ends when it is not certain, and says nothing twice', () => {
    const cases = mixtures(heater, ['on', 'off', 'unavailable'])
    const expected = cases.map(one => {
      if (isCheap(one)) return one.end === 'in 25 min' && one.other !== 'on' ? call('on') : ''
      return one.other === 'off' ? '' : call('off')
    })
    expect(decided(cases)).toEqual(expected)
  })

  itRenders('a later end may be enough to begin; an end that vanishes is left to patience', () => {
    const moved = (to: string): Case => ({
      states: statesOf({ [CHEAP]: 'on', [UNTIL]: to, [heater]: 'off' }),
      now: NOW,
      trigger: triggerOf('moved', { from_state: { state: iso(NOW + MINUTE) }, to_state: { state: to } }),
    })
    expect(
      decided([moved(iso(NOW + 25 * MINUTE)), moved(iso(NOW + 10 * MINUTE)), moved('unavailable'), moved('unknown')]),
    ).toEqual([call('on'), '', 'nothing', 'nothing'])
    expect(firedBy(automation, { entity: CHEAP, from: 'on', to: 'unavailable', held: 59 })).toEqual([])
    expect(firedBy(automation, { entity: CHEAP, from: 'on', to: 'unavailable', held: 60 })).toEqual(['unclear'])
    expect(firedBy(automation, { entity: CHEAP, from: 'unavailable', to: 'on' })).toEqual(['cheap'])
  })
})

describe('no-plan', () => {
  const automation = automationOf(readBlueprint('no-plan'), { minutes: 45 })
  const told = (id: string, state: string, count: string, percent = 'unknown', target = 'unknown'): Case => ({
    states: statesOf({
      'binary_sensor.octopus_plugged_in': 'on',
      'sensor.octopus_planned_dispatch_count': count,
      'sensor.octopus_intelligent_state': state,
      'sensor.octopus_state_of_charge': percent,
      'sensor.octopus_charge_target': target,
    }),
    now: NOW,
    trigger: triggerOf(id),
  })
  const messages = (cases: readonly Case[]) =>
    decide(automation, cases).map(done =>
      done === null ? 'nothing' : done.map(({ data }) => String((data as { message: string }).message)).join(),
    )
  const CAPABLE = 'SMART_CONTROL_CAPABLE'

  itRenders('tells of no plan, with what to do', () => {
    const [capable, away, lost, known] = messages([
      told('plugged', CAPABLE, '0'),
      told('plugged', 'SMART_CONTROL_NOT_AVAILABLE', '0'),
      told('plugged', 'LOST_CONNECTION', '0', 'unavailable', 'unavailable'),
      told('again', CAPABLE, '0', '54.4', '80'),
    ])
    expect(capable).toMatch(/^The car has been plugged in for 45 minutes .* ready-by time in the Octopus app\.$/)
    expect(away).toContain('Octopus does not see the car')
    expect(lost).toContain('lost its link')
    expect(known).toContain('The battery is at 54 %.')
  })

  itRenders('tells nothing where there is a plan, none is known, none is to be expected, or the car is full', () => {
    const quiet = [
      told('plugged', CAPABLE, '2'),
      told('plugged', CAPABLE, 'unknown'),
      told('plugged', CAPABLE, 'unavailable'),
      told('plugged', CAPABLE, 'not there'),
      ...['BOOSTING', 'SMART_CONTROL_OFF', 'SMART_CONTROL_IN_PROGRESS', 'unknown', 'unavailable'].map(state =>
        told('plugged', state, '0'),
      ),
      told('plugged', CAPABLE, '0', '80', '80'),
      told('again', CAPABLE, '0', '81', '80'),
      told('again', CAPABLE, '0'),
    ]
    expect(messages(quiet)).toEqual(quiet.map(() => 'nothing'))
  })

  it('counts from the plugging in, and anew after a restart', () => {
    const entity = 'binary_sensor.octopus_plugged_in'
    expect(firedBy(automation, { entity, from: 'off', to: 'on', held: 44 * 60 })).toEqual([])
    expect(firedBy(automation, { entity, from: 'off', to: 'on', held: 45 * 60 })).toEqual(['plugged'])
    expect(firedBy(automation, { entity, from: 'unavailable', to: 'on', held: 45 * 60 })).toEqual(['again'])
    expect(firedBy(automation, { entity, from: 'on', to: 'off', held: 45 * 60 })).toEqual([])
  })
})

describe('late-data', () => {
  const blueprint = readBlueprint('late-data')
  const automation = automationOf(blueprint, { meter_too: true })
  const heardAt = (state: string) => statesOf({ 'sensor.octopus_data_last_retrieved': state })
  const [octopus, , meter] = automation.triggers

  itRenders('an answer older than 90 minutes is told, an unknown one is not', () => {
    const ages = [iso(NOW - 89 * MINUTE), iso(NOW - 91 * MINUTE), 'unknown', 'unavailable', 'not there']
    const template = String(octopus?.value_template)
    const variables = Object.entries(automation.trigger_variables ?? {})
    const results = render(ages.map(age => ({ template, variables, states: heardAt(age), now: NOW })))
    expect(results.map(renderedValue)).toEqual([false, true, false, false, false])

    const day = 'sensor.octopus_previous_accumulative_consumption'
    const late = [{ is_late: true }, { is_late: false }, {}].map(attributes => ({
      ...{ template: String(meter?.value_template), variables, now: NOW },
      states: { [day]: { state: '12.3', attributes } },
    }))
    expect(render(late).map(renderedValue)).toEqual([true, false, false])
  })

  itRenders('each has its own message', () => {
    const states: States = {
      ...heardAt(iso(NOW - 2 * HOUR)),
      'sensor.octopus_api_status': { state: 'unreachable', attributes: {} },
      'sensor.octopus_previous_accumulative_consumption': { state: '12.3', attributes: { date: '2026-11-22' } },
    }
    const messages = decide(
      automation,
      ['octopus', 'daemon', 'meter'].map(id => ({ states, now: NOW, trigger: triggerOf(id) })),
    ).map(done => String((done?.[0]?.data as { message?: string } | undefined)?.message))
    expect(messages[0]).toContain('is of 11:05. The state of its interface: unreachable.')
    expect(messages[1]).toContain('has been away')
    expect(messages[2]).toContain('The newest complete day is 2026-11-22.')
  })

  it('tells of the daemon when it or the broker is away for ten minutes, and of the meter only if asked', () => {
    const entity = 'binary_sensor.octopus_bridge_state'
    for (const to of ['off', 'unavailable', 'unknown']) {
      expect(firedBy(automation, { entity, from: 'on', to, held: 599 })).toEqual([])
      expect(firedBy(automation, { entity, from: 'on', to, held: 600 })).toEqual(['daemon'])
    }
    expect(automationOf(blueprint, {}).triggers.map(({ id, enabled }) => [id, enabled])).toEqual([
      ['octopus', undefined],
      ['daemon', undefined],
      ['meter', false],
    ])
  })
})
