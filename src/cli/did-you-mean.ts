/** The word that was probably meant. Pure. */
import { distance, nearest } from '../config/nearest.ts'

/** `, did you mean "check"?` where something is near, else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const best = nearest(word, known)
  const isNear = best !== undefined && distance(word.toLowerCase(), best) <= Math.max(1, Math.floor(best.length * 0.4))
  return isNear ? `, did you mean "${best}"?` : ''
}
