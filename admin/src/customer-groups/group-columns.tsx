import type { CustomerGroupRow } from '../api/types'
import type { ListOptions } from '../table/address'
import type { Column } from '../table/columns'
import { Moment } from '../table/moment'
import { RowLink } from '../table/row-link'
import { RowNote } from '../table/row-note'
import { words } from '../words'

export const groupList: ListOptions = {
  orders: ['name', 'created_at', 'updated_at'],
  order: '-created_at',
  filters: ['created', 'updated'],
  optional: ['customers', 'created_at', 'updated_at'],
}

const count: Column<CustomerGroupRow> = {
  id: 'customers',
  label: words.groups.customers,
  kind: 'number',
  cell: (group) => words.number(group.customer_count),
}

/** For lists whose rows link to the group's page. */
export const groupColumns: Column<CustomerGroupRow>[] = [
  {
    id: 'name',
    label: words.groups.name,
    sorts: true,
    cell: ({ id, name }) => <RowLink to={`/customer-groups/${id}`}>{name}</RowLink>,
  },
  count,
  {
    id: 'created_at',
    label: words.groups.created,
    sorts: true,
    wide: true,
    kind: 'date',
    cell: (group) => <Moment at={group.created_at} />,
  },
  {
    id: 'updated_at',
    label: words.groups.updated,
    sorts: true,
    wide: true,
    kind: 'date',
    cell: (group) => <Moment at={group.updated_at} />,
  },
]

/** For lists in which rows are selected. */
export const pickGroupColumns = (noteOf: (id: string) => string | null): Column<CustomerGroupRow>[] => [
  {
    id: 'name',
    label: words.groups.name,
    sorts: true,
    cell: ({ id, name }) => <RowNote text={name} note={noteOf(id)} />,
  },
  count,
]
