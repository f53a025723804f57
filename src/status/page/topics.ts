/** What stands at the broker, with the names that the catalogue gives it. Pure. */
import { devicesOf } from '../../entities/catalogue.ts'
import type { EntityRow } from '../../entities/entity.ts'
import { ACCOUNT_DEVICE, attributesTopic, stateTopic } from '../../entities/topics.ts'
import type { PageInput } from './input.ts'
import type { TopicLine } from './model.ts'

/** Lists of half hours are long, and nobody reads them on a page that is sent anew every second. Characters. */
const LONGEST = 160

/** Discovery documents are Home Assistant's business and left out: they are most of all bytes. */
export function topicsOf({ topics, base, snapshot }: PageInput): TopicLine[] {
  const rows = new Map<string, { readonly row: EntityRow; readonly isAttributes: boolean }>()
  for (const { slug, rows: live } of snapshot === null ? [] : devicesOf(snapshot))
    for (const row of live) {
      const account = snapshot?.account.slug ?? ''
      rows.set(stateTopic(base, account, slug, row.key), { row, isAttributes: false })
      rows.set(attributesTopic(base, account, slug, row.key), { row, isAttributes: true })
    }
  return topics
    .filter(({ topic }) => topic.startsWith(`${base}/`))
    .map(({ topic, payload }) => {
      const known = rows.get(topic)
      return {
        topic,
        device: deviceIn(topic.slice(base.length + 1)),
        name: known === undefined ? null : known.isAttributes ? `${known.row.name}: attributes` : known.row.name,
        unit: known === undefined || known.isAttributes ? null : (known.row.unit ?? null),
        payload: payload.slice(0, LONGEST),
        isCut: payload.length > LONGEST,
      }
    })
}

/** `bridge/info` belongs to the bridge, `<account>/availability` to the account; all else has a segment of its own. */
function deviceIn(path: string): string {
  const [first = '', second = '', third] = path.split('/')
  if (third !== undefined) return second
  return first === 'bridge' ? first : ACCOUNT_DEVICE
}
