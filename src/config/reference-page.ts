/** docs/configuration.md, written from the schema. */
import { DEFAULT_PATHS } from './load.ts'
import { FIELDS, type Field, variableOf } from './walk.ts'

const INTRODUCTION = `# Configuration

<!-- Written from the schema in src/config; edit that. -->

octopus2mqtt reads one YAML file: \`--config FILE\`, else \`$OCTOPUS2MQTT_CONFIG\`, else ${DEFAULT_PATHS.map(path => `\`${path}\``).join(', else ')}.
Without a file the environment alone is enough. The smallest file:

\`\`\`yaml
octopus:
  api_key: \${OCTOPUS_API_KEY}
mqtt:
  url: mqtt://localhost:1883
\`\`\`

[config.example.yaml](../config.example.yaml) shows every section. \`octopus2mqtt schema\` prints the JSON Schema for an
editor, and \`octopus2mqtt check\` tries everything out. A mistake ends the start with exit code 2 and a list of all
mistakes, each with its line.

* **Environment.** Every key has a variable, named below, which beats the file. Lists are JSON: \`["on","1"]\`. A variable
  set to nothing counts as not set. \`OCTOPUS_API_KEY\` and \`MQTT_URL\` serve where neither the file nor an
  \`OCTOPUS2MQTT_\` variable gives the API key or the broker.
* **References.** \`\${NAME}\` in a value is replaced by that environment variable; one that is not set is a mistake.
  \`$\${NAME}\` is a literal \`\${NAME}\`.
* **Secrets.** \`api_key_file\` and \`password_file\` name a file that holds the secret, as container secrets do; giving
  both forms at once is a mistake. Spaces and line breaks around it are removed.
* **Durations** are \`500ms\`, \`30s\`, \`5m\`, \`2h\` or \`1h30m\`. **Times of day** are \`23:30\`, in London.
  **Energies** are \`0.5\` or \`0.5 kWh\`.
* **Files** are relative to the working directory.
`

const CAR_FORMS = `One car, with topics of your own:

\`\`\`yaml
ev:
  plugged: garage/charger/plugged
  charging:
    topic: garage/charger
    json: status.charging
    true_values: [charging, boosting]
\`\`\`

One car behind a known charger or program; the preset knows the topics, its parameters stand beside it, and a signal that
is given as well counts instead of the preset's:

\`\`\`yaml
ev:
  preset: evcc
  loadpoint: 1
\`\`\`

Several cars, each with its id or name at Octopus (\`octopus2mqtt discover\` shows them):

\`\`\`yaml
ev:
  - device: Garage
    plugged: garage/charger/plugged
  - device: Drive
    plugged: none
\`\`\`

A signal (\`plugged\`, \`charging\`, \`power\`, \`at_home\`, \`schedule_changed\`) is a topic, a mapping as above, or a list
of them, of which any is enough. Where a list also needs a key that belongs to the whole signal, it goes into \`sources\`:

\`\`\`yaml
ev:
  plugged:
    sources: [garage/left/plugged, garage/right/plugged]
    debounce_off: 2m
\`\`\`

Payloads and the values in \`true_values\` and \`false_values\` are compared as trimmed lower-case text, whatever YAML made
of them. The variables set the one mapping of one car; \`OCTOPUS2MQTT_EV\` takes all of \`ev\` as JSON, and the parameters
of a preset have variables too, such as \`OCTOPUS2MQTT_EV_LOADPOINT\`.
`

/** The whole page, Markdown. */
export function referencePage(): string {
  const sections = FIELDS.filter(field => field.form === undefined)
  return `${[INTRODUCTION, ...sections.map(section)].join('\n')}`
}

function section(field: Field): string {
  const title = `${'#'.repeat(Math.min(field.path.length + 1, 3))} \`${field.path.join('.')}\``
  const leaves = FIELDS.filter(
    ({ path, form }) =>
      form !== undefined &&
      path.length === field.path.length + 1 &&
      field.path.every((step, index) => path[index] === step),
  )
  const parts = [title, field.description]
  if (field.path.join('.') === 'ev') parts.push(CAR_FORMS.trim())
  if (field.flexible && field.path.length > 1) parts.push(`In short, or as JSON: \`${variableOf(field.path)}\`.`)
  if (leaves.length > 0)
    parts.push(['| key | type | default | environment | |', '|---|---|---|---|---|', ...leaves.map(row)].join('\n'))
  return `${parts.join('\n\n')}\n`
}

function row({ path, form, description, fallback }: Field): string {
  const shown = fallback === undefined ? (form?.without ?? '–') : `\`${asYaml(fallback)}\``
  const cells = [`\`${path.at(-1) ?? ''}\``, form?.type ?? '', shown, `\`${variableOf(path)}\``, description]
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

const asYaml = (value: unknown): string => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value))
