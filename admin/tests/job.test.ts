import { describe, expect, test } from 'vitest'
import { ApiError } from '../src/api/errors'
import { selected } from '../src/jobs/all-that-match'
import { type Job, percent, stateOf } from '../src/jobs/job'
import { jobTitle } from '../src/jobs/job-title'
import { nextRequest } from '../src/jobs/next-request'
import { repairHint } from '../src/jobs/repair-hint'
import { took } from '../src/jobs/spent'
import { summary } from '../src/jobs/totals'
import { VIEW } from './a-view'

const job: Job = {
  id: 'job_1',
  type: 'change_members',
  status: 'running',
  dry_run: false,
  request: { action: 'add', customer_group_id: 'cusgroup_1' },
  customer_group_id: 'cusgroup_1',
  totals: { rows: 10_000, done: 2_510, added: 2_500, removed: 0, unchanged: 0, created: 0, refused: 10 },
  error: null,
  result: null,
  created_by: 'ada',
  created_by_name: null,
  created_at: '2026-11-24T12:00:00.000Z',
  started_at: '2026-11-24T12:00:01.000Z',
  cancel_requested_at: null,
  finished_at: null,
}
const nameOf = (id: string) => ({ cusgroup_1: 'VIP', cusgroup_2: 'Wholesale' })[id] ?? id

test('how far a job is', () => {
  expect(percent(job)).toBe(25)
  expect(percent({ ...job, totals: { ...job.totals, rows: 0, done: 0 } })).toBeNull()
  expect(percent({ ...job, totals: { ...job.totals, done: 10_000 } })).toBe(99)
  expect(percent({ ...job, status: 'succeeded', finished_at: job.created_at })).toBe(100)
})

test('a job that was told to stop is stopping until it has', () => {
  const told = { ...job, cancel_requested_at: job.created_at }
  expect(stateOf(told)).toBe('stopping')
  expect(stateOf({ ...told, status: 'cancelled', finished_at: job.created_at })).toBe('cancelled')
})

test('a job is requested ever less often, also while it cannot be read, and not again after a refusal', () => {
  const after = (error: unknown, dataUpdateCount: number, errorUpdateCount = 0) =>
    nextRequest({ error, dataUpdateCount, errorUpdateCount })
  expect([after(null, 0), after(null, 4), after(null, 1_000)]).toEqual([1_000, 2_000, 10_000])
  expect([after(new Error('offline'), 0, 4), after(new ApiError(503, {}), 2, 2)]).toEqual([2_000, 2_000])
  expect(after(new ApiError(429, {}), 4)).toBe(2_000)
  expect([after(new ApiError(404, {}), 0, 1), after(new ApiError(403, {}), 4, 1)]).toEqual([false, false])
})

test('what came of it, and how long it took', () => {
  expect(summary(job)).toBe('2,500 added, 10 refused')
  expect(summary({ ...job, type: 'export' })).toBe('2,510 rows')
  expect(took(job)).toBe('–')
  expect(took({ ...job, finished_at: '2026-11-24T12:00:01.200Z' })).toBe('1 s')
  expect(took({ ...job, finished_at: '2026-11-24T12:02:06.000Z' })).toBe('2 min 5 s')
})

test('the repaired rows of a group that was set are to be added: to set it to them would remove all others', () => {
  const hint = (action: string) => repairHint({ ...job, request: { ...job.request, action } })
  expect(hint('add')).toMatch(/import that file again/)
  expect(hint('remove')).toBe(hint('add'))
  expect(hint('set')).toMatch(/import that file with “Add these customers to the group”/)
})

test('all that match are selected as they are shown, also in a view without search and filters', () => {
  expect(selected(true, VIEW, [])).toEqual({ filter: {} })
  expect(selected(true, { ...VIEW, q: 'ada' }, [])).toEqual({ filter: { q: 'ada' } })
  expect(selected(false, VIEW, ['cus_1'])).toEqual({ ids: ['cus_1'] })
})

describe('what a job does', () => {
  const of = (type: Job['type'], request: Job['request'], dryRun = false) =>
    jobTitle({ ...job, type, request, dry_run: dryRun }, nameOf)
  test.each([
    [of('change_members', { action: 'set', customer_group_id: 'cusgroup_1' }), 'Set the customers of “VIP”'],
    [of('move_members', { from: 'cusgroup_1', to: 'cusgroup_2' }), 'Move customers from “VIP” to “Wholesale”'],
    [of('copy_group', { customer_group_id: 'cusgroup_1', name: 'VIP 2' }), 'Duplicate “VIP” as “VIP 2”'],
    [
      of('combine_groups', { customer_group_ids: ['cusgroup_1', 'cusgroup_3'], into: { name: 'Both' } }),
      'Combine 2 groups into “Both”',
    ],
    [of('export', {}), 'Export all customer groups'],
    [of('export', { customer_group_ids: null }), 'Export all customer groups'],
    [of('export', { customer_group_ids: ['cusgroup_2'] }), 'Export “Wholesale”'],
    [of('import', { upload_id: 'upload_1' }, true), 'Check: Import customer groups'],
  ])('%s', (title, expected) => {
    expect(title).toBe(expected)
  })
})
