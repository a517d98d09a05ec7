import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, body } from '../api/client'
import type { components } from '../api/schema'
import { isOver, type Job } from './job'
import { nextRequest } from './next-request'

export type StartJob = components['schemas']['StartJob']

export const jobKeys = {
  all: ['jobs'] as const,
  list: ['jobs', 'list'] as const,
  one: (id: string) => ['jobs', 'one', id] as const,
  groupNames: (ids: string[]) => ['customer-groups', 'names', ids] as const,
}

export const readJob = async (id: string, signal?: AbortSignal) =>
  (
    await body(
      api.GET('/admin/customer-group-jobs/{id}', {
        params: { path: { id }, query: { actor_names: true } },
        ...(signal && { signal }),
      }),
    )
  ).job

/** A job, requested again until it has finished. While the page is hidden, no requests are made. */
export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: jobKeys.one(id),
    queryFn: ({ signal }) => readJob(id, signal),
    refetchInterval: ({ state }) => !(state.data && isOver(state.data)) && nextRequest(state),
  })

export const jobsQuery = infiniteQueryOptions({
  queryKey: jobKeys.list,
  queryFn: ({ pageParam, signal }) =>
    body(
      api.GET('/admin/customer-group-jobs', {
        params: { query: { actor_names: true, ...(pageParam && { cursor: pageParam }) } },
        signal,
      }),
    ),
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
  refetchInterval: ({ state }) => !state.data?.pages.every(({ jobs }) => jobs.every(isOver)) && nextRequest(state),
})

/** Repeating a request with the same key starts only one job. */
export const startJob = async (job: StartJob, key: string) =>
  (await body(api.POST('/admin/customer-group-jobs', { body: job, params: { header: { 'Idempotency-Key': key } } })))
    .job

export const cancelJob = async (id: string): Promise<Job> =>
  (await body(api.POST('/admin/customer-group-jobs/{id}/cancel', { params: { path: { id } } }))).job

/** The names of groups by their ids. Deleted groups have none. */
export const groupNamesQuery = (ids: string[]) =>
  queryOptions({
    queryKey: jobKeys.groupNames(ids),
    queryFn: async ({ signal }) => {
      const query = { id: ids, fields: 'id,name', limit: ids.length }
      const page = await body(api.GET('/admin/customer-groups', { params: { query }, signal }))
      return new Map(page.customer_groups.map(({ id, name }) => [id, name ?? id]))
    },
    enabled: ids.length > 0,
    staleTime: 60_000,
  })
