import { words } from '../words'
import type { Entry } from './history-data'

/** An action as a sentence. */
export function changeText(entry: Entry): string {
  const { type, before, after } = entry
  if (concernsMembers(type)) return membersText(entry)
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

type TypeOfMembers = Extract<Entry['type'], `customers_${string}` | 'terms_changed'>

const concernsMembers = (type: Entry['type']): type is TypeOfMembers =>
  type.startsWith('customers_') || type === 'terms_changed'

/** Such as "2 customers added, 1 customer removed". */
function membersText({ added, removed, terms }: Entry): string {
  const moved = new Set([...added, ...removed])
  const others = terms.filter(({ customer_ids }) => !customer_ids.some((id) => moved.has(id)))
  const parts = [
    added.length > 0 && words.history.added(added.length),
    removed.length > 0 && words.history.removed(removed.length),
    others.length > 0 && termsText(others),
  ]
  return parts.filter(Boolean).join(', ')
}

function termsText(terms: Entry['terms']): string {
  const count = terms.reduce((sum, { customer_ids }) => sum + customer_ids.length, 0)
  if (terms.every(({ previous }) => !previous)) return words.history.scheduled(count)
  return terms.every(({ new: now }) => !now) ? words.history.unscheduled(count) : words.history.termsChanged(count)
}
