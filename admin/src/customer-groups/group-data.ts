import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, body } from '../api/client'
import type { CustomerGroup, GroupsPage } from '../api/types'
import { type Metadata, parseValue, valueText } from '../metadata/value'
import type { Rule } from '../rules/rule'
import { groupKeys } from './group-list-data'

export const readGroup = (id: string, signal?: AbortSignal) =>
  exactGroup(
    api.GET('/admin/customer-groups/{id}', { params: { path: { id } }, parseAs: 'text', ...(signal && { signal }) }),
  )

export const groupQuery = (id: string) =>
  queryOptions({ queryKey: groupKeys.one(id), queryFn: ({ signal }) => readGroup(id, signal) })

export const createGroup = (name: string) =>
  exactGroup(api.POST('/admin/customer-groups', { body: { name }, parseAs: 'text' }))

/** The attributes that the windows change. */
export type GroupValues = { name?: string; key?: string | null; rule?: Rule | null }

export const changeGroup = ({ id, version }: CustomerGroup, values: GroupValues) =>
  exactGroup(
    api.POST('/admin/customer-groups/{id}', {
      params: { path: { id }, header: ifMatch(version) },
      body: values,
      bodySerializer: (sent) => valueText(sent),
      parseAs: 'text',
    }),
  )

/** Sends the complete metadata with exact numbers. */
export const replaceMetadata = ({ id, version }: CustomerGroup, metadata: Metadata) =>
  exactGroup(
    api.PUT('/admin/customer-groups/{id}/metadata', {
      params: { path: { id }, header: ifMatch(version) },
      body: { metadata },
      bodySerializer: (sent) => valueText(sent),
      parseAs: 'text',
    }),
  )

/** `force` also deletes a group that other systems use. */
export const deleteGroup = (id: string, force: boolean) =>
  body(api.DELETE('/admin/customer-groups/{id}', { params: { path: { id }, query: { force } } }))

/** Removes a deleted group from every cached list, before the lists are loaded again. */
export function groupDeleted(cache: QueryClient, id: string) {
  cache.removeQueries({ queryKey: groupKeys.one(id) })
  cache.setQueriesData<GroupsPage>({ queryKey: [...groupKeys.all, 'list'] }, (page) => page && withoutGroup(page, id))
}

function withoutGroup(page: GroupsPage, id: string): GroupsPage {
  const rest = page.customer_groups.filter((group) => group.id !== id)
  return { ...page, customer_groups: rest, count: page.count - (page.customer_groups.length - rest.length) }
}

const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` })

/** Numbers in the metadata and the rule are exact. The group's own numbers are plain. */
async function exactGroup(answer: Promise<{ data?: string }>): Promise<CustomerGroup> {
  const text = await body(answer)
  const { customer_group: plain } = JSON.parse(text)
  const { customer_group: exact } = parseValue(text) as { customer_group: Pick<CustomerGroup, 'metadata' | 'rule'> }
  return { ...plain, metadata: exact.metadata, rule: exact.rule }
}
