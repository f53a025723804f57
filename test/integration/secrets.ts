/** Looks for a secret in every form in which it could have been written down. */

/** The three ways in which base64 writes `secret` inside a longer text, without the characters that its neighbours share. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].map(before => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)])
    const whole = Math.floor(bytes.length / 3) * 3
    return bytes
      .subarray(0, whole)
      .toString('base64')
      .slice(before === 0 ? 0 : 4)
  })
}

const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('hex'),
  ...base64Forms(secret).flatMap(form => [form, form.replaceAll('+', '-').replaceAll('/', '_')]),
]

/** Octopus's tokens are of this form, whatever is in them. */
const TOKEN = /eyJ[\w-]{8,}\.eyJ[\w-]{8,}/

/** What of `secrets`, and of any token, stands in these texts. */
export function secretsIn(texts: readonly string[], secrets: readonly string[]): string[] {
  const forms = [...new Set(secrets.flatMap(formsOf))]
  return texts.flatMap(text => {
    const found = forms.filter(form => text.includes(form))
    if (TOKEN.test(text)) found.push('a token')
    return found.map(form => `${form} in ${text.slice(0, 200)}`)
  })
}
