import { queryOptions } from '@tanstack/react-query'
import { api, body } from '../api/client'
import type { components } from '../api/schema'
import { groupKeys } from '../customer-groups/group-list-data'
import type { Fields } from '../edit/merge'

export type Side = 'always' | 'never'

/** Which list each customer is on, by id. `etag` is what `If-Match` compares when the lists are replaced. */
export type Exceptions = { sides: Fields<Side>; etag: string }

type Answer = { data?: components['schemas']['ExceptionsAnswer']; response: Response }

export const readExceptions = (groupId: string, signal?: AbortSignal) =>
  tagged(
    api.GET('/admin/customer-groups/{id}/exceptions', {
      params: { path: { id: groupId } },
      ...(signal && { signal }),
    }),
  )

export const exceptionsQuery = (groupId: string) =>
  queryOptions({
    queryKey: [...groupKeys.all, 'exceptions', groupId],
    queryFn: ({ signal }) => readExceptions(groupId, signal),
  })

/** Replaces both lists, unless someone else has changed the group since. */
export const replaceExceptions = (groupId: string, etag: string, sides: Fields<Side>) =>
  tagged(
    api.PUT('/admin/customer-groups/{id}/exceptions', {
      params: { path: { id: groupId }, header: { 'If-Match': etag } },
      body: { always: idsOn(sides, 'always'), never: idsOn(sides, 'never') },
    }),
  )

export const idsOn = (sides: Fields<Side>, side: Side) => Object.keys(sides).filter((id) => sides[id] === side)

async function tagged(answer: Promise<Answer>): Promise<Exceptions> {
  const { always, never } = (await body(answer)).exceptions
  const sides = Object.fromEntries([
    ...always.map((id) => [id, 'always'] as const),
    ...never.map((id) => [id, 'never'] as const),
  ])
  return { sides, etag: (await answer).response.headers.get('ETag') ?? '' }
}
