/** A blueprint with its inputs filled in, which triggers fire for a change, and what it then decides. */
import { type Instant, SECOND } from '../../src/clock.ts'
import type { States } from './house.ts'
import { type Job, render, renderedValue } from './jinja.ts'
import { Input, isTemplate, readYaml, textsIn } from './yaml.ts'

export interface InputRow {
  readonly name: string
  readonly description?: string
  readonly default?: unknown
  readonly selector: Readonly<Record<string, unknown>>
}

type Step = Readonly<Record<string, unknown>>
type Condition = string | Step

interface Trigger extends Step {
  readonly trigger: string
  readonly id: string
}

export interface Automation {
  readonly variables?: Step
  readonly trigger_variables?: Step
  readonly triggers: readonly Trigger[]
  readonly conditions?: readonly Condition[]
  readonly mode: string
  readonly max_exceeded?: string
  readonly actions: readonly Step[]
}

export interface Blueprint {
  readonly meta: Readonly<Record<string, unknown>>
  /** Sections flattened. */
  readonly inputs: ReadonlyMap<string, InputRow>
  readonly body: Step
}

const FOLDER = 'examples/home-assistant/blueprints/automation/octopus2mqtt'
export const BLUEPRINTS = ['home-battery', 'hot-water', 'late-data', 'no-plan'].map(name => `${FOLDER}/${name}.yaml`)

export function readBlueprint(name: string): Blueprint {
  const file = name.includes('/') ? name : `${FOLDER}/${name}.yaml`
  const { blueprint, ...body } = readYaml(file) as { blueprint: Record<string, unknown> } & Step
  const flat = (rows: Record<string, unknown>): [string, InputRow][] =>
    Object.entries(rows).flatMap(([key, row]) => {
      const { input } = row as { input?: Record<string, unknown> }
      return input === undefined ? [[key, row as InputRow] as [string, InputRow]] : flat(input)
    })
  return { meta: blueprint, inputs: new Map(flat(blueprint.input as Record<string, unknown>)), body }
}

/** Names of all inputs that are used. */
export function inputsUsed(value: unknown): string[] {
  if (value instanceof Input) return [value.name]
  return value === null || typeof value !== 'object' ? [] : Object.values(value).flatMap(inputsUsed)
}

/** As Home Assistant fills it; an input that has neither a value nor a default is an error. */
export function automationOf({ inputs, body }: Blueprint, given: Step): Automation {
  const filled = (value: unknown): unknown => {
    if (value instanceof Input) {
      const found = given[value.name] ?? inputs.get(value.name)?.default
      if (found === undefined) throw new Error(`the input ${value.name} has no value`)
      return found
    }
    if (Array.isArray(value)) return value.map(filled)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, filled(part)]))
  }
  return filled(body) as Automation
}

export interface Change {
  readonly entity: string
  readonly from: string
  readonly to: string
  /** For how long the new state has held, seconds. */
  readonly held?: number
}

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])
const seconds = (time: unknown): number => {
  const { seconds: s = 0, minutes = 0 } = (time ?? {}) as { seconds?: number; minutes?: number }
  return s + minutes * 60
}

/** Ids of the state triggers that fire, `held` seconds after the change. */
export const firedBy = ({ triggers }: Automation, { entity, from, to, held = 0 }: Change): string[] =>
  triggers
    .filter(
      row =>
        row.trigger === 'state' &&
        row.entity_id === entity &&
        (row.to === undefined || listed(row.to).includes(to)) &&
        (row.from === undefined || listed(row.from).includes(from)) &&
        (row.not_from === undefined || !listed(row.not_from).includes(from)) &&
        seconds(row.for) <= held,
    )
    .map(({ id }) => id)

export interface Case {
  readonly states: States
  readonly now: Instant
  /** As templates see it; `id` says which trigger it was. */
  readonly trigger: Step & { readonly id: string }
}

/** The delays at the beginning of the actions, milliseconds. */
const delayOf = ({ actions }: Automation): number => {
  const [first] = actions
  return typeof first?.delay === 'string' ? Number(first.delay.split(':')[2]) * SECOND : 0
}

const actionVariables = ({ actions }: Automation): [string, unknown][] =>
  actions.flatMap(step => Object.entries((step.variables ?? {}) as Step))

/** Templates of conditions and actions, each at its own time, for all cases at once. */
function jobsOf(automation: Automation, { states, now, trigger }: Case): Map<string, Job> {
  const common: [string, unknown][] = [['trigger', trigger], ...Object.entries(automation.variables ?? {})]
  const job = (template: string, variables: [string, unknown][], at: Instant): [string, Job] => [
    `${at}:${template}`,
    { template, variables, states, now: at },
  ]
  const later = now + delayOf(automation)
  return new Map([
    ...textsIn(automation.conditions ?? []).map(text => job(text, common, now)),
    ...textsIn(automation.actions).map(text => job(text, [...common, ...actionVariables(automation)], later)),
  ])
}

export interface Done {
  readonly action: string
  readonly [key: string]: unknown
}

/** What each case leads to: the actions, templates rendered; null where the conditions are against it. */
export function decide(automation: Automation, cases: readonly Case[]): (readonly Done[] | null)[] {
  const jobs = cases.map(one => jobsOf(automation, one))
  const all = jobs.flatMap(map => [...map].filter(([, { template }]) => isTemplate(template)))
  const results = render(all.map(([, job]) => job))
  let at = 0
  return cases.map((one, nth) => {
    const values = new Map<string, () => unknown>()
    for (const [key, { template }] of jobs[nth] ?? []) {
      const result = isTemplate(template) ? results[at++] : { value: template }
      values.set(key, () => renderedValue(result))
    }
    return run(automation, one, values)
  })
}

function run(automation: Automation, { now, trigger }: Case, values: ReadonlyMap<string, () => unknown>) {
  const later = now + delayOf(automation)
  const valueAt = (time: Instant, text: string): unknown => values.get(`${time}:${text}`)?.()
  const holds =
    (time: Instant) =>
    (condition: Condition): boolean => {
      if (typeof condition === 'string') return valueAt(time, condition) === true
      const parts = (condition.conditions ?? []) as Condition[]
      if (condition.condition === 'trigger') return listed(condition.id).includes(trigger.id)
      if (condition.condition === 'and') return parts.every(holds(time))
      if (condition.condition === 'or') return parts.some(holds(time))
      throw new Error(`a condition of an unknown kind: ${JSON.stringify(condition)}`)
    }
  if (!(automation.conditions ?? []).every(holds(now))) return null

  const filled = (value: unknown): unknown => {
    if (typeof value === 'string') return valueAt(later, value)
    if (Array.isArray(value)) return value.map(filled)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, filled(part)]))
  }
  const steps = (list: readonly Step[]): Done[] =>
    list.flatMap(step => {
      if ('action' in step) return [filled(step) as Done]
      if ('sequence' in step) return steps(step.sequence as Step[])
      if ('if' in step) return (step.if as Condition[]).every(holds(later)) ? steps(step.then as Step[]) : []
      if ('choose' in step) {
        const options = step.choose as { conditions: Condition[]; sequence: Step[] }[]
        const chosen = options.find(({ conditions }) => conditions.every(holds(later)))
        return steps(chosen?.sequence ?? ((step.default ?? []) as Step[]))
      }
      // The world of a case stands still: there is nothing to wait for.
      if ('delay' in step || 'wait_template' in step || 'variables' in step) return []
      throw new Error(`a step of an unknown kind: ${JSON.stringify(step)}`)
    })
  return steps(automation.actions)
}
