/** What this program is called and where it comes from, as Octopus, brokers and people see it. */
import { readFileSync } from 'node:fs'

interface Package {
  readonly version: string
  readonly homepage: string
}

const about = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Package

export const VERSION = about.version

/** The project's page; also in the User-Agent, so that Octopus knows whom to talk to. */
export const HOMEPAGE = about.homepage

export const DOCS_URL = `${about.homepage}/blob/main/docs`
