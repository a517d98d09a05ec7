import { PageError } from '../api/errors'
import type { ChangedTerms } from '../api/types'
import { currentPerson } from '../session/session'
import { words } from '../words'
import type { Done } from './done'
import { type Entry, type HistoryPage, readHistory } from './history-data'

type Members = Required<Pick<Done, 'added' | 'removed' | 'terms'>>

/** The action is a recent one: after more than these, it is not looked for any longer. */
const mostPages = 5
const pageSize = 20

/**
 * What an answer does not tell: the terms before and after, from the newest action that concerns each customer. Those
 * whom someone has removed or added again since are left out, since nothing is left to undo. Refuses if someone else
 * has changed a membership since, or if the action is not found.
 */
export async function membersInHistory(groupId: string, done: Done): Promise<Members> {
  const { added = [], changed = [], removed = [] } = done
  const left = new Set([...added, ...changed, ...removed])
  const found: Members = { added: [], removed: [], terms: [] }
  for await (const action of actionsOf(groupId)) {
    const { inside, outside } = membersAfter(action)
    const took = (ids: string[], those: Set<string>) => new Set(ids.filter((id) => left.has(id) && those.has(id)))
    const here = took([...added, ...changed], inside)
    const gone = took(removed, outside)
    if (here.size > 0 && !isOwn(action)) break
    found.added.push(...added.filter((id) => here.has(id)))
    found.removed.push(...gone)
    found.terms.push(...termsOf(action, here, gone))
    for (const id of [...inside, ...outside]) left.delete(id)
    if (left.size === 0) return found
  }
  throw new PageError(words.undo.changedSince)
}

/** The newest actions first. */
async function* actionsOf(groupId: string): AsyncGenerator<Entry> {
  const { signal } = new AbortController()
  let cursor: string | null = ''
  for (let page = 0; page < mostPages && cursor !== null; page += 1) {
    const read: HistoryPage = await readHistory(groupId, pageSize, cursor, signal)
    yield* read.changes
    cursor = read.next_cursor
  }
}

/** Whom an action left with a membership, also one that begins later, and whom without. */
function membersAfter({ added, removed, terms }: Entry) {
  const inside = new Set([...added, ...idsIn(terms.filter((one) => one.new))])
  const outside = new Set([...removed, ...idsIn(terms)].filter((id) => !inside.has(id)))
  return { inside, outside }
}

const isOwn = ({ actor, reason }: Entry) => actor === currentPerson()?.id && !reason

const idsIn = (terms: ChangedTerms[]) => terms.flatMap((one) => one.customer_ids)

const termsOf = ({ terms }: Entry, here: Set<string>, gone: Set<string>) =>
  terms
    .map((one) => ({ ...one, customer_ids: one.customer_ids.filter((id) => (one.new ? here : gone).has(id)) }))
    .filter(({ customer_ids }) => customer_ids.length > 0)
