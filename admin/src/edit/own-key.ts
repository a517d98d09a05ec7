import { words } from '../words'

const longest = 128

/** The errors of a key. An empty key is valid. */
export const keyProblem = (key: string): string | null =>
  /^[A-Za-z0-9\-_.~]*$/.test(key.trim()) && key.trim().length <= longest ? null : words.groups.keyProblem(longest)
