/** `${NAME}` in a value, filled from the environment after YAML was parsed, so that a value can never inject YAML. */

/** An unclosed one is taken to the end of the text, so that many of them are not each looked for to the end. */
const REFERENCE = /(\$?)\$\{([^}]*)(\}?)/g
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

const HOW = ': export it in this terminal; a new terminal, sudo or a service does not have it by itself'

/** The text with every `${NAME}` replaced (`$${NAME}` is a literal one), and what is wrong with it, if anything. */
export function substitute(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): { text: string; refused?: string } {
  const unset: string[] = []
  let malformed = false
  const filled = text.replace(REFERENCE, (whole: string, escaped: string, name: string, close: string) => {
    if (close === '') return whole
    if (escaped !== '') return whole.slice(1)
    if (!NAME.test(name)) malformed = true
    else if (env[name] === undefined) unset.push(name)
    else return env[name]
    return whole
  })
  if (malformed)
    return { text, refused: `expected \${NAME} with a plain name between the braces; a literal one is $\${NAME}` }
  if (unset.length === 0) return { text: filled }
  return { text, refused: `the environment variable ${unset.join(', ')} is not set${HOW}` }
}
