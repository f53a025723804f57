/** From what zod found to problems a person can act on. */
import type { z } from 'zod'
import { suggestion } from './nearest.ts'
import type { Problems } from './problems.ts'
import { knownKeys, sectionOf } from './walk.ts'

type Issue = z.core.$ZodIssue
type Path = readonly (string | number)[]

/** Adds a problem for each issue; `base` is where the issues' own paths begin. */
export function addIssues(problems: Problems, issues: readonly Issue[], base: Path = []): void {
  for (const issue of issues) {
    const path = [...base, ...issue.path.map(step => (typeof step === 'number' ? step : String(step)))]
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) addUnknownKey(problems, [...path, key], knownKeys(path))
    } else if (issue.code === 'invalid_union') {
      const meant = issue.errors.find(option => !option.some(isOfAnotherKind))
      if (meant === undefined || meant.length === 0) problems.add(path, issue.message)
      else addIssues(problems, meant, path)
    } else {
      problems.add(path, issue.code === 'invalid_type' ? expectation(issue) : issue.message)
    }
  }
}

export function addUnknownKey(problems: Problems, path: Path, known: readonly string[]): void {
  const key = String(path.at(-1) ?? '')
  const section = path.length === 1 ? sectionOf(key) : undefined
  const hint = section === undefined ? suggestion(key, known) : `; it belongs under ${section}: indent it by two spaces`
  problems.add(path, `unknown key${hint}`)
}

/** An option of a union that was not meant at all: text where it wants a mapping, and so on. */
const isOfAnotherKind = (issue: Issue): boolean =>
  issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_union')

function expectation(issue: Extract<Issue, { code: 'invalid_type' }>): string {
  if (issue.expected !== 'object') return issue.message
  return 'expected a mapping ("key: value" lines below it)'
}
