import type { Change } from '../api/types'
import { words } from '../words'

/** One change as a sentence. */
export function changeText({ type, before, after, added, removed }: Change): string {
  if (type === 'customers_added') return words.history.added(added?.length ?? 0)
  if (type === 'customers_removed') return words.history.removed(removed?.length ?? 0)
  if (type === 'updated') return updateText(before ?? {}, after ?? {})
  return words.history[type]
}

type Values = Record<string, unknown>

function updateText(before: Values, after: Values): string {
  if (typeof after.name === 'string' && after.name !== before.name) {
    return words.history.renamed(String(before.name), after.name)
  }
  if ('metadata' in after) {
    const keys = changedKeys(values(before.metadata), values(after.metadata))
    return keys.length > 0 ? words.history.metadataKeys(keys) : words.history.metadata
  }
  return words.history.updated
}

function changedKeys(before: Values, after: Values): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
}

const values = (metadata: unknown): Values => (metadata && typeof metadata === 'object' ? { ...metadata } : {})
