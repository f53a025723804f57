/** docs/dispatch-truth.md, made of the situations: what is shown is what the test saw. */
import { SITUATIONS } from './situations.ts'
import { type Expected, type Situation, type Told, tell } from './story.ts'

const INTRO = `# What is true: situations

What the bridge shows in the situations that decide whether one can trust it. Every line of every table is a test
(\`test/intelligent/situations.ts\`); this page is made from it with \`npm run docs\` and checked to be current.

\`?\` is *unknown*: Home Assistant shows it so, and no automation should take it for OFF. Times are London's; \`+1\` is the
next day. Unless a situation says otherwise the contract is the one of 2026 with six hours of smart charging
(\`charge_cap\`), the night is 23:30–05:30, and a plan is believed for 30 minutes.
`

const EXTRA: readonly (readonly [keyof Expected, string])[] = [
  ['until', 'until'],
  ['expected', 'expected until'],
  ['boosting', 'boosting'],
  ['active2', 'second car'],
  ['used', 'half hours used'],
]

function row({ seen, expected, time }: Told, says: string): string {
  const extras = EXTRA.filter(([key]) => expected[key] !== undefined).map(
    ([key, name]) => `${name} ${String(seen[key])}`,
  )
  const why = expected.cheap === undefined && expected.reason === undefined ? '' : ` (${seen.reason})`
  const notes = extras.length === 0 ? '' : `, ${extras.join(', ')}`
  return `| ${time} | ${says} | ${seen.plugged} | ${seen.active} | ${seen.dispatching} | ${seen.cheap}${why}${notes} |`
}

const section = (situation: Situation, number: number): string =>
  [
    `## ${number + 1}. ${situation.title}`,
    '',
    situation.why,
    ...(situation.date ? ['', `On ${situation.date}.`] : []),
    '',
    '| time | what happens | plugged_in | dispatch_active | intelligent_dispatching | house_cheap |',
    '|---|---|---|---|---|---|',
    ...tell(situation).map((told, index) => row(told, situation.steps[index]?.[1]?.says ?? '')),
    '',
  ].join('\n')

export const situationsPage = (): string => `${INTRO}\n${SITUATIONS.map(section).join('\n')}`
