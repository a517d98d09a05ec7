import type { components } from '../api/schema'

export type Job = components['schemas']['Job']
export type Totals = components['schemas']['Totals']

/** The status of a job as shown. A job that is being stopped completes its current chunks. */
export type State = Job['status'] | 'stopping'

export const isOver = ({ finished_at }: Job) => finished_at !== null

export const stateOf = (job: Job): State => (job.cancel_requested_at !== null && !isOver(job) ? 'stopping' : job.status)

export const canBeCancelled = (job: Job) => !isOver(job) && job.cancel_requested_at === null

/** The percentage that is done. Null while the number of rows is unknown. */
export function percent(job: Job): number | null {
  if (isOver(job) && job.status === 'succeeded') return 100
  const { rows, done } = job.totals
  // The number can grow while the job is planned. 100 % is only shown when the job has finished.
  return rows === 0 ? null : Math.min(99, Math.floor((100 * done) / rows))
}

/** The duration in seconds. */
export const secondsTaken = ({ started_at, finished_at }: Job): number | null =>
  started_at && finished_at ? (Date.parse(finished_at) - Date.parse(started_at)) / 1_000 : null

/** The parts of the request that the page shows. Clients may have sent null for missing fields. */
type Request = {
  action?: 'add' | 'remove' | 'set' | null
  customer_group_id?: string | null
  customer_group_ids?: string[] | null
  from?: string | null
  to?: string | null
  name?: string | null
  into?: { name?: string | null; id?: string | null } | null
}

export const requestOf = (job: Job) => job.request as Request

/** The groups whose names are in the job's title. */
export function groupsOf(job: Job): string[] {
  const { customer_group_id, customer_group_ids, from, to, into } = requestOf(job)
  const few = customer_group_ids?.length === 1 ? customer_group_ids : []
  return [customer_group_id, from, to, into?.id, ...few].filter((id) => typeof id === 'string')
}
