import type { CustomerRow } from '../api/types'
import type { ListOptions } from '../table/address'
import type { Column } from '../table/columns'
import { Moment } from '../table/moment'
import { RowLink } from '../table/row-link'
import { RowNote } from '../table/row-note'
import { words } from '../words'

export const customerList: ListOptions = {
  orders: ['email', 'created_at', 'updated_at'],
  order: '-created_at',
  filters: ['created', 'updated', 'account'],
  optional: ['name', 'company', 'created_at'],
}

type Named = Pick<CustomerRow, 'first_name' | 'last_name'>

export const fullName = ({ first_name, last_name }: Named) => [first_name, last_name].filter(Boolean).join(' ')

const others: Column<CustomerRow>[] = [
  { id: 'name', label: words.customers.name, wide: true, cell: (customer) => fullName(customer) || words.none },
  { id: 'company', label: words.customers.company, wide: true, cell: (row) => row.company_name || words.none },
  {
    id: 'created_at',
    label: words.customers.created,
    sorts: true,
    wide: true,
    kind: 'date',
    cell: (customer) => <Moment at={customer.created_at} />,
  },
]

/** For lists whose rows link to the customer's page. */
export const customerColumns: Column<CustomerRow>[] = [
  {
    id: 'email',
    label: words.customers.email,
    sorts: true,
    cell: ({ id, email }) => <RowLink to={`/customers/${id}`}>{email ?? id}</RowLink>,
  },
  ...others,
]

/** For lists in which rows are selected. */
export const pickColumns = (noteOf: (id: string) => string | null): Column<CustomerRow>[] => [
  {
    id: 'email',
    label: words.customers.email,
    sorts: true,
    cell: ({ id, email }) => <RowNote text={email ?? id} note={noteOf(id)} />,
  },
  ...others.slice(0, 1),
]
