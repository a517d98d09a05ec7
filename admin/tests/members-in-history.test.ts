import { beforeEach, expect, test, vi } from 'vitest'
import { type Entry, type HistoryPage, readHistory } from '../src/history/history-data'
import { membersInHistory } from '../src/history/members-in-history'
import { signedIn } from '../src/session/session'
import { words } from '../src/words'

vi.mock('../src/history/history-data', () => ({ readHistory: vi.fn() }))

const ends = (ends_at: string | null, starts_at: string | null = null) => ({ starts_at, ends_at })
const terms = (previous: Entry['terms'][number]['previous'], now: typeof previous, ...customer_ids: string[]) => ({
  customer_ids,
  previous,
  new: now,
})

function action(what: Partial<Entry>): Entry {
  const none = { type: 'customers_added', at: '', actor_name: null, reason: null, version: null } as const
  return {
    ...none,
    id: '',
    action_id: '',
    actor: 'me',
    before: null,
    after: null,
    added: [],
    removed: [],
    terms: [],
    ...what,
  }
}

/** The history, with the actions of each page. */
function history(...pages: Entry[][]) {
  const answer = (_id: string, _limit: number, cursor: string): Promise<HistoryPage> => {
    const place = Number(cursor)
    return Promise.resolve({
      changes: pages[place] ?? [],
      next_cursor: place + 1 < pages.length ? `${place + 1}` : null,
    })
  }
  vi.mocked(readHistory).mockReset().mockImplementation(answer)
}

beforeEach(() => signedIn({ id: 'me', name: 'Me', role: 'editor' }))

test('the terms before an addition', async () => {
  const began = terms(ends(null, '2999-01-01'), ends(null), 'ada')
  const prolonged = terms(ends('2998-01-01'), ends('2999-01-01'), 'grace')
  const others = terms(null, ends('2999-01-01'), 'radia')
  history([action({ added: ['ada', 'hedy', 'radia'], terms: [began, prolonged, others] })])
  expect(await membersInHistory('group', { added: ['ada', 'hedy'], changed: ['grace'] })).toEqual({
    added: ['ada', 'hedy'],
    removed: [],
    terms: [began, prolonged],
  })
})

test('an end that passed just before the customer was added again is none of the addition', async () => {
  const expired = terms(ends('2020-01-01'), null, 'ada')
  history([action({ added: ['ada'], removed: ['ada'], terms: [expired] })])
  expect(await membersInHistory('group', { added: ['ada'] })).toEqual({ added: ['ada'], removed: [], terms: [] })
})

test('a removal is found on later pages, but not for ever', async () => {
  const left = terms(ends('2999-01-01'), null, 'ada')
  const removal = action({ removed: ['ada', 'grace'], terms: [left] })
  const other = action({ added: ['hedy'], actor: 'other' })
  history([other], [other, removal])
  const found = { added: [], removed: ['ada', 'grace'], terms: [left] }
  expect(await membersInHistory('group', { removed: ['ada', 'grace'] })).toEqual(found)
  history([other], [other], [other], [other], [other], [removal])
  await expect(membersInHistory('group', { removed: ['ada'] })).rejects.toThrow(words.undo.changedSince)
  expect(readHistory).toHaveBeenCalledTimes(5)
  history([other])
  await expect(membersInHistory('group', { removed: ['ada'] })).rejects.toThrow(words.undo.changedSince)
})

test('nothing is left to undo for those whom others removed or added again', async () => {
  history(
    [action({ actor: 'other', added: ['grace'], removed: ['ada'] })],
    [action({ added: ['ada'], removed: ['grace'] })],
  )
  expect(await membersInHistory('group', { added: ['ada'], removed: ['grace'] })).toEqual({
    added: [],
    removed: [],
    terms: [],
  })
})

test('what others changed since is not undone', async () => {
  const theirs = action({ actor: 'other', terms: [terms(ends(null), ends('2999-01-01'), 'ada')] })
  const mine = action({ added: ['ada'] })
  history([theirs, mine])
  await expect(membersInHistory('group', { added: ['ada'] })).rejects.toThrow(words.undo.changedSince)
  history([{ ...theirs, actor: 'me', reason: { type: 'job', id: 'job_1' } }, mine])
  await expect(membersInHistory('group', { added: ['ada'] })).rejects.toThrow(words.undo.changedSince)
})
