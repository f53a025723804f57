/** Where the documentation explains an error. */
import { DOCS_URL } from '../about.ts'
import type { ErrorCode } from '../errors.ts'

export const docsOf = (code: ErrorCode | string): string => `${DOCS_URL}/errors.md#${code.toLowerCase()}`
