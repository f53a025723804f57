/** Our own identities for what Octopus lists: they outlive its ids, and name topics and entities. */
import { newCar } from '../intelligent/state.ts'
import type { DeviceFacts } from '../intelligent/types.ts'
import { carName } from '../intelligent/view.ts'
import type { Meter } from '../meters/meter.ts'
import { type Devices, slugify } from '../store/devices.ts'
import type { ListedMeter } from './meter-list.ts'

export interface CarIdentity {
  readonly id: string
  readonly slug: string
  readonly deviceId: string
  readonly facts: DeviceFacts
}

export class Identities {
  readonly #devices: Devices
  readonly #account: string

  /** `account` is the account's number. */
  constructor(devices: Devices, account: string) {
    this.#devices = devices
    this.#account = account
  }

  account(): string {
    const account = this.#account
    return this.#devices.identify({ kind: 'account', account, octopusId: account }, ['account'], [account]).id
  }

  /** Of every car that Octopus lists now: one that was registered again keeps its identity under its new id. */
  cars(listed: readonly DeviceFacts[]): CarIdentity[] {
    const present = listed.map(({ deviceId }) => deviceId)
    return listed.map(facts => {
      const { deviceId, make, model, name } = facts
      const described = slugify(carName(newCar('', '', deviceId, facts)))
      const seen = { kind: 'car' as const, account: this.#account, octopusId: deviceId, make, model, name }
      const { id, slug } = this.#devices.identify(seen, [described || 'car'], present)
      return { id, slug, deviceId, facts }
    })
  }

  /** The first of its kind is called so, `electricity_import`; a second one has the end of its MPAN or MPRN behind that. */
  meter(listed: ListedMeter): Meter {
    const { kind, point, serial } = listed
    const octopusId = `${point}:${serial}`
    const slugs = [kind, `${kind}_${point.slice(-4)}`, `${kind}_${slugify(serial)}`]
    const { id, slug } = this.#devices.identify({ kind, account: this.#account, octopusId }, slugs, [octopusId])
    return { ...listed, id, slug }
  }
}
