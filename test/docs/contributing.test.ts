/** The entity of CONTRIBUTING.md, put into the catalogue as it stands there. */
import { describe, expect, it } from '@jest/globals'
import { catalogue } from '../../src/entities/catalogue.ts'
import type { Entity } from '../../src/entities/entity.ts'
import { entitiesPage } from '../../src/entities/page.ts'
import { renderStates } from '../../src/entities/render.ts'
import { discoveryDocuments } from '../../src/home-assistant/discovery.ts'
import type { AccountView } from '../../src/snapshot.ts'
import { everythingKnown, knownAccount } from '../entities/snapshots.ts'
import { rules } from '../home-assistant/rules.ts'
import { settings } from '../home-assistant/settings.ts'
import { validateStates } from '../home-assistant/state-rules.ts'
import { validateDocuments } from '../home-assistant/validator.ts'
import { fences, pageText } from './pages.ts'

const [code] = fences(pageText('CONTRIBUTING.md')).filter(({ language }) => language === 'ts')
const lines = (code?.body ?? '').trimEnd().split('\n')
const row = new Function(`return (${lines.join('\n').replace(/,$/, '')})`)() as Entity<AccountView>

// Modules are each test file's own: no other test sees it.
;(catalogue.account as Entity<AccountView>[]).push(row)

const snapshot = { ...everythingKnown, account: knownAccount() }
const documents = discoveryDocuments(snapshot, settings)
const states = renderStates(snapshot, settings.base)

describe('an entity in ten lines', () => {
  it('has ten lines', () => {
    expect(lines).toHaveLength(10)
  })

  it('is announced as Home Assistant wants it', () => {
    const components = documents.flatMap(({ payload }) => Object.entries(payload.components))
    expect(components.map(([key]) => key).filter(key => key.includes(row.key))).toHaveLength(1)
    expect(validateDocuments(documents, rules)).toEqual([])
  })

  it('is published', () => {
    const topic = `${settings.base}/${snapshot.account.slug}/account/${row.key}`
    const [, message] = [...states].find(([at]) => at === topic) ?? []
    expect(message?.payload).toBe(String(snapshot.account.notices.length))
    expect(validateStates(documents, states, settings.base)).toEqual([])
  })

  it('is on the page of entities', () => {
    expect(entitiesPage()).toContain(`| \`${row.key}\` | ${row.name} |`)
  })
})
