/** Whether anything may be coloured: the commands' own output and the log ask here. */
type Environment = Readonly<Record<string, string | undefined>>

/**
 * Colour is for a terminal, and not for someone who asked for none (no-color.org). `FORCE_COLOR` asks for it anywhere and has
 * the last word, as in Node itself; `FORCE_COLOR=0` is a no.
 */
export function wantsColour(isTerminal: boolean, env: Environment): boolean {
  const forced = env.FORCE_COLOR
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return isTerminal && !env.NO_COLOR && env.TERM !== 'dumb'
}
