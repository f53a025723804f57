/** `octopus2mqtt schema`: the JSON Schema of the configuration, for editors. */
import { jsonSchema } from '../config/schema.ts'
import { EXIT } from './exit.ts'

export function schema(): number {
  process.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`)
  return EXIT.done
}
