import { words } from '../words'

const longestName = 255

/** The errors of a name. Nothing is truncated. */
export function nameProblem(name: string): string | null {
  const length = [...name.trim()].length
  if (length === 0) return words.groups.nameMissing
  return length > longestName ? words.limits.tooLong(longestName, length) : null
}
