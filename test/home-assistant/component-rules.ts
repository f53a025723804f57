/** The rules of one component. */
import { isRecord, unknownKeys, when } from './findings.ts'
import { render } from './jinja.ts'
import type { Rules } from './rules.ts'
import { checkSensor } from './sensor-rules.ts'

type Component = Readonly<Record<string, unknown>>

interface Seen {
  readonly ids: Set<string>
  readonly entityIds: Set<string>
}

function checkKeys(component: Component, platform: string, rules: Rules): string[] {
  const schema = rules.platforms[platform]
  if (schema === undefined) return [`the platform ${platform} is not one we may use`]
  const known = ['platform', ...Object.keys(rules.common_keys), ...schema.required, ...Object.keys(schema.optional)]
  return [
    ...unknownKeys(component, known, 'component'),
    ...schema.required.filter(key => !(key in component)).map(key => `component lacks ${key}`),
  ]
}

function once(seen: Set<string>, value: string, what: string): string[] {
  const twice = seen.has(value)
  seen.add(value)
  return when(twice, `${what} ${value} is used twice`)
}

function checkIdentity(component: Component, platform: string, deviceName: string, seen: Seen): string[] {
  const { unique_id: id, default_entity_id: entityId, name } = component
  return [
    ...(typeof id === 'string' && id !== '' ? once(seen.ids, `${platform} ${id}`, 'unique_id') : ['no unique_id']),
    ...(typeof entityId === 'string' ? once(seen.entityIds, entityId, 'default_entity_id') : ['no default_entity_id']),
    ...when(!new RegExp(`^${platform}\\.[a-z0-9]+(_[a-z0-9]+)*$`).test(String(entityId)), `entity id ${entityId}`),
    ...when(String(entityId).length > 255, 'an entity id that is too long'),
    ...when(typeof name !== 'string' || name.trim() === '', 'no name'),
    ...when(String(name).toLowerCase().startsWith(deviceName.toLowerCase()), `name ${name} begins with the device's`),
    ...when('object_id' in component, 'object_id is gone since 2026.4'),
  ]
}

function checkTopics(component: Component): string[] {
  const topics = Object.entries(component).filter(([key]) => key.endsWith('topic'))
  return [
    ...topics.flatMap(([key, topic]) =>
      when(
        typeof topic !== 'string' || topic === '' || /[+#\0]/.test(topic) || /\/\//.test(topic),
        `${key} is ${topic}`,
      ),
    ),
    ...when('command_topic' in component && component.retain === true, 'a command must not be retained'),
  ]
}

function checkAvailability(component: Component, rules: Rules | null): string[] {
  const { availability, availability_mode: mode } = component
  if (availability === undefined) return when(mode !== undefined, 'availability_mode without availability')
  if (!Array.isArray(availability)) return ['availability is no list']
  const known = ['topic', 'payload_available', 'payload_not_available', 'value_template']
  return [
    ...when('availability_topic' in component, 'availability and availability_topic exclude each other'),
    ...when(availability.length > 1 && mode !== 'all', 'several availability topics without the mode all'),
    ...when(
      mode !== undefined && !(rules?.discovery.availability_modes ?? ['all']).includes(String(mode)),
      `mode ${mode}`,
    ),
    ...availability.flatMap(entry => [
      ...when(typeof entry?.topic !== 'string' || /[+#\0]/.test(entry.topic), 'availability without a topic'),
      ...unknownKeys(entry, known, 'availability'),
    ]),
  ]
}

function checkTemplates(component: Component): string[] {
  const templates = Object.entries(component).filter(([key]) => key.endsWith('template'))
  return templates.flatMap(([key, template]) => {
    try {
      render(String(template), '{"value":1,"last_reset":"2026-11-23T00:00:00Z"}')
      return []
    } catch (error) {
      return [`${key}: ${String(error)}`]
    }
  })
}

/** Device classes by platform; a sensor's are in its own rules. */
function checkDeviceClass(component: Component, platform: string, rules: Rules): string[] {
  const { device_class: deviceClass } = component
  if (deviceClass === undefined || platform === 'sensor') return []
  const classes: Readonly<Record<string, readonly string[]>> = {
    binary_sensor: rules.binary_sensor_device_classes,
    button: rules.button_device_classes,
    event: rules.event_device_classes,
  }
  return when(!classes[platform]?.includes(String(deviceClass)), `device_class ${deviceClass} on ${platform}`)
}

function checkLooks(component: Component, platform: string): string[] {
  const { icon, entity_category: category, enabled_by_default: enabled, event_types: types } = component
  const categories = platform === 'sensor' || platform === 'binary_sensor' ? ['diagnostic'] : ['diagnostic', 'config']
  return [
    ...when(icon !== undefined && !/^[a-z]+:[a-z0-9-]+$/.test(String(icon)), `icon ${icon}`),
    ...when(category !== undefined && !categories.includes(String(category)), `entity_category ${category}`),
    ...when(enabled !== undefined && typeof enabled !== 'boolean', 'enabled_by_default is no boolean'),
    ...when(platform === 'event' && (!Array.isArray(types) || types.length === 0), 'an event without types'),
    ...when(platform !== 'sensor' && 'options' in component, 'options are for sensors'),
  ]
}

/** A component that is being removed has its platform and nothing else. */
export function checkComponent(component: unknown, deviceName: string, seen: Seen, rules: Rules | null): string[] {
  if (!isRecord(component)) return ['no object']
  const platform = String(component.platform)
  const supported = rules?.supported_components ?? ['sensor', 'binary_sensor', 'button', 'event']
  if (!supported.includes(platform)) return [`the platform ${platform} refuses the whole document`]
  if (Object.keys(component).length === 1) return []
  return [
    ...checkIdentity(component, platform, deviceName, seen),
    ...checkTopics(component),
    ...checkAvailability(component, rules),
    ...checkTemplates(component),
    ...checkLooks(component, platform),
    ...(platform === 'sensor' ? checkSensor(component, rules) : []),
    ...(rules === null
      ? []
      : [...checkKeys(component, platform, rules), ...checkDeviceClass(component, platform, rules)]),
  ]
}
