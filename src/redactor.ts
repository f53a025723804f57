/**
 * Every secret is registered once and replaced in whatever is written, also URL-encoded and as Basic credentials; and in
 * whatever Octopus says, since a server may repeat what it was sent.
 */

const HIDDEN = '***'

/** Every form in which a secret could be written down. */
function formsOf(secret: string): string[] {
  const escaped = JSON.stringify(secret).slice(1, -1)
  return [
    secret,
    // Payloads are compared in lower case, and a line about one repeats it so.
    secret.toLowerCase(),
    escaped,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(`${secret}:`).toString('base64'),
  ].filter(form => form.length >= 4)
}

export class Redactor {
  readonly #forms = new Map<string, string>()

  /** From now on nobody reads it. `shown` stands in its place. */
  add(secret: string | null | undefined, shown = HIDDEN): void {
    if (!secret) return
    for (const form of formsOf(secret)) this.#forms.set(form, shown)
  }

  redact(text: string): string {
    let clean = text
    for (const [form, shown] of this.#forms) if (clean.includes(form)) clean = clean.replaceAll(form, shown)
    return clean
  }
}
