import { words } from '../words'
import type { Entry } from './history-data'

/** An action as a sentence. */
export function changeText({ type, before, after, added, removed }: Entry): string {
  if (type === 'customers_added') return words.history.added(added.length)
  if (type === 'customers_removed') return words.history.removed(removed.length)
  if (type === 'customers_changed') return words.history.both(added.length, removed.length)
  if (type !== 'updated') return words.history[type]
  if (before?.name !== undefined && after?.name !== undefined) return words.history.renamed(before.name, after.name)
  if (after?.key !== undefined) return after.key === null ? words.history.keyTaken : words.history.keyed(after.key)
  if (after?.exceptions !== undefined) return words.history.exceptions
  if (after?.rule !== undefined) {
    return after.rule === null
      ? words.history.ruleRemoved
      : before?.rule
        ? words.history.ruleChanged
        : words.history.ruleSet
  }
  return after && 'metadata' in after ? words.history.metadata : words.history.updated
}
