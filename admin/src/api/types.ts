import type { Metadata } from '../metadata/value'
import type { Rule } from '../rules/rule'
import type { components, paths } from './schema'

type Asked<Path extends '/admin/customers' | '/admin/customer-groups'> = NonNullable<
  paths[Path]['get']['parameters']['query']
>
export type GroupOrder = NonNullable<Asked<'/admin/customer-groups'>['order']>
export type CustomerOrder = NonNullable<Asked<'/admin/customers'>['order']>

type Schemas = components['schemas']

/**
 * Everything but the relations is there unless `fields` leaves it out, and this app asks for what it shows.
 * The document cannot say so, because any client may ask for less.
 */
type Whole<Resource> = Required<Omit<Resource, 'groups' | 'customers'>>

export type ChangedTerms = Schemas['ChangedTermsOfCustomers']
export type CustomerChange = Schemas['CustomerChange']
export type Reference = Schemas['Reference']

export type CustomerGroupRow = Whole<Schemas['CustomerGroup']>
/** A single group is read without losing digits in its metadata and its rule (see `metadata/value.ts`). */
export type CustomerGroup = Omit<CustomerGroupRow, 'metadata' | 'rule'> & {
  metadata: Metadata | null
  rule: Rule | null
}

/** `groups` where they were asked for: whole, or their ids alone. */
export type CustomerRow = Whole<Schemas['Customer']> & { groups?: { id: string }[] }
/** `etag` is what `If-Match` compares when the customer is changed. */
export type Customer = Whole<Schemas['Customer']> & { groups: CustomerGroupRow[]; etag: string }

type History = paths['/admin/customer-groups/{id}/history']['get']['responses'][200]['content']['application/json']
export type Change = History['changes'][number]

/** How many there are; long lists are not counted to their end. */
export type Counted = { count: number; count_is_exact?: boolean }

/** What every list answers besides its items. */
export type Page = Counted & {
  offset: number
  limit: number
  next_cursor?: string | null
}
export type GroupsPage = Page & { customer_groups: CustomerGroupRow[] }
export type CustomersPage = Page & { customers: CustomerRow[] }

export type Membership = Schemas['Membership']
export type MemberRow = CustomerRow & { membership: Membership | null }
export type MembersPage = Page & { customers: MemberRow[] }
