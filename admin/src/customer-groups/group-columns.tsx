import type { CustomerGroupRow } from '../api/types'
import type { ListOptions } from '../table/address'
import type { Column } from '../table/columns'
import { RowLink } from '../table/row-link'
import { RowNote } from '../table/row-note'
import { words } from '../words'

export const groupList: ListOptions = {
  orders: ['name', 'created_at', 'updated_at'],
  order: '-created_at',
  filters: ['created', 'updated'],
}

const count: Column<CustomerGroupRow> = {
  id: 'customers',
  label: words.groups.customers,
  cell: (group) => words.number(group.customer_count),
}

/** Lists whose rows lead to the group's details page. */
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
    cell: (group) => words.day(group.created_at),
  },
  {
    id: 'updated_at',
    label: words.groups.updated,
    sorts: true,
    wide: true,
    cell: (group) => words.day(group.updated_at),
  },
]

/** Lists to pick from. */
export const pickGroupColumns = (noteOf: (id: string) => string | null): Column<CustomerGroupRow>[] => [
  {
    id: 'name',
    label: words.groups.name,
    sorts: true,
    cell: ({ id, name }) => <RowNote text={name} note={noteOf(id)} />,
  },
  count,
]
