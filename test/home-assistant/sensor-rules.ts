/** What classes, units, options and templates of a sensor go together. */
import { when } from './findings.ts'
import type { Rules } from './rules.ts'

type Component = Readonly<Record<string, unknown>>

/** States of these are words or times: a unit makes every one of them an error. */
export const NON_NUMERIC = ['date', 'enum', 'timestamp', 'uptime']

/** Whether Home Assistant takes only numbers from it. */
export const isNumeric = (component: Component): boolean =>
  !NON_NUMERIC.includes(String(component.device_class)) &&
  ['device_class', 'state_class', 'unit_of_measurement', 'suggested_display_precision'].some(key => key in component)

function checkOptions(component: Component): string[] {
  const { options, device_class: deviceClass } = component
  if (options === undefined) return when(deviceClass === 'enum', 'an enum without options')
  return [
    ...when(deviceClass !== 'enum', 'options without device_class enum'),
    ...when(!Array.isArray(options) || options.length === 0, 'options are empty'),
    ...when('state_class' in component || 'unit_of_measurement' in component, 'options with state_class or unit'),
  ]
}

function checkNumbers(component: Component): string[] {
  const { device_class: deviceClass, suggested_display_precision: precision, unit_of_measurement: unit } = component
  const wordy = NON_NUMERIC.includes(String(deviceClass))
  return [
    ...when(wordy && unit !== undefined, `a unit on ${deviceClass}`),
    ...when(wordy && ('state_class' in component || precision !== undefined), `numbers on ${deviceClass}`),
    ...when(
      precision !== undefined && !(Number.isInteger(precision) && Number(precision) >= 0),
      `precision ${precision}`,
    ),
    ...when(typeof unit === 'string' && unit.trim() === '', 'a blank unit'),
    ...when(
      'last_reset_value_template' in component && component.state_class !== 'total',
      'last_reset_value_template without state_class total',
    ),
  ]
}

function checkTables(component: Component, rules: Rules): string[] {
  const { device_class: given, state_class: stateClass, unit_of_measurement: unit } = component
  const tables = rules.sensor
  const deviceClass = String(given)
  const units = tables.units_by_class[deviceClass]
  const stateClasses = tables.state_classes_by_class[deviceClass]
  return [
    ...when(
      stateClass !== undefined && !tables.state_classes.includes(String(stateClass)),
      `state_class ${stateClass}`,
    ),
    ...when(given !== undefined && units === undefined && stateClasses === undefined, `device_class ${deviceClass}`),
    ...when(Array.isArray(units) && !units.includes(String(unit)), `the unit ${unit} on ${deviceClass}`),
    ...when(
      stateClass !== undefined && stateClasses !== undefined && !stateClasses.includes(String(stateClass)),
      `state_class ${stateClass} on ${deviceClass}`,
    ),
    ...when(NON_NUMERIC.join() !== [...tables.non_numeric_classes].sort().join(), 'other classes are not numeric now'),
  ]
}

export const checkSensor = (component: Component, rules: Rules | null): string[] => [
  ...checkOptions(component),
  ...checkNumbers(component),
  ...(rules === null ? [] : checkTables(component, rules)),
]
