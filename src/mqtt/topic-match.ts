const LONGEST_TOPIC = 65_535

/** Why a topic cannot be subscribed to as a signal's topic, or null when it can. `+` may stand for one level. */
export function filterProblem(filter: string): string | null {
  if (filter === '') return 'a topic cannot be empty'
  if (filter.includes('\0')) return 'a topic cannot hold a NUL character'
  if (filter.includes('#')) return '"#" is not allowed: name the topic, or use "+" for one level'
  if (Buffer.byteLength(filter) > LONGEST_TOPIC) return 'a topic cannot be longer than 65535 bytes'
  if (filter.split('/').some(level => level.includes('+') && level !== '+')) {
    return '"+" stands for one whole level, as in "cars/+/plugged"'
  }
  return null
}

/** Whether `topic` falls under `filter`, in which `+` stands for one level (MQTT 3.1.1, section 4.7). */
export function topicMatches(filter: string, topic: string): boolean {
  if (filter === topic) return true
  // A wildcard at the front must not find the broker's own topics ($SYS).
  if (topic.startsWith('$') && filter.startsWith('+')) return false
  const wanted = filter.split('/')
  const levels = topic.split('/')
  return wanted.length === levels.length && wanted.every((level, index) => level === '+' || level === levels[index])
}
