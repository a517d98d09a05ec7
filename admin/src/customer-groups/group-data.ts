import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, body } from '../api/client'
import type { CustomerGroup, GroupsPage } from '../api/types'
import { type Metadata, parseValue, valueText } from '../metadata/value'
import { groupKeys } from './group-list-data'

export const groupQuery = (id: string) =>
  queryOptions({
    queryKey: groupKeys.one(id),
    queryFn: ({ signal }) =>
      exactGroup(api.GET('/admin/customer-groups/{id}', { params: { path: { id } }, parseAs: 'text', signal })),
  })

export const createGroup = (name: string) =>
  exactGroup(api.POST('/admin/customer-groups', { body: { name }, parseAs: 'text' }))

export const renameGroup = ({ id, version }: CustomerGroup, name: string) =>
  exactGroup(
    api.POST('/admin/customer-groups/{id}', {
      params: { path: { id }, header: ifMatch(version) },
      body: { name },
      parseAs: 'text',
    }),
  )

/** Sends the whole map, every number with the digits it has. */
export const replaceMetadata = ({ id, version }: CustomerGroup, metadata: Metadata) =>
  exactGroup(
    api.PUT('/admin/customer-groups/{id}/metadata', {
      params: { path: { id }, header: ifMatch(version) },
      body: { metadata },
      bodySerializer: (sent) => valueText(sent),
      parseAs: 'text',
    }),
  )

export const deleteGroup = (id: string) => body(api.DELETE('/admin/customer-groups/{id}', { params: { path: { id } } }))

/** After a change to a group: the answer is shown at once, and what else shows it is asked for again. */
export async function groupChanged(cache: QueryClient, group: CustomerGroup) {
  cache.setQueryData(groupKeys.one(group.id), group)
  await Promise.all([
    cache.invalidateQueries({ queryKey: groupKeys.history(group.id) }),
    cache.invalidateQueries({ queryKey: [...groupKeys.all, 'list'] }),
    cache.invalidateQueries({ queryKey: ['customers'] }),
  ])
}

/** A deleted group leaves every list at once, before they are asked for again. */
export function groupDeleted(cache: QueryClient, id: string) {
  cache.removeQueries({ queryKey: groupKeys.one(id) })
  cache.setQueriesData<GroupsPage>({ queryKey: [...groupKeys.all, 'list'] }, (page) => page && withoutGroup(page, id))
  void cache.invalidateQueries({ queryKey: [...groupKeys.all, 'list'] })
  void cache.invalidateQueries({ queryKey: ['customers'] })
}

function withoutGroup(page: GroupsPage, id: string): GroupsPage {
  const rest = page.customer_groups.filter((group) => group.id !== id)
  return { ...page, customer_groups: rest, count: page.count - (page.customer_groups.length - rest.length) }
}

const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` })

/** Numbers of the metadata keep their digits; the group's own are plain. */
async function exactGroup(answer: Promise<{ data?: string }>): Promise<CustomerGroup> {
  const text = await body(answer)
  const { customer_group: plain } = JSON.parse(text)
  const { customer_group: exact } = parseValue(text) as { customer_group: { metadata: Metadata | null } }
  return { ...plain, metadata: exact.metadata }
}
