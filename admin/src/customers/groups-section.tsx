import { Button, Skeleton } from '@mantine/core'
import { useDisclosure, useSelection } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Customer } from '../api/types'
import { groupColumns } from '../customer-groups/group-columns'
import { groupKeys } from '../customer-groups/group-list-data'
import { EmptyList } from '../feedback/empty-list'
import { SelectionBar } from '../membership/selection-bar'
import { mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { Section } from '../shell/section'
import { DataTable } from '../table/data-table'
import { useWindowView } from '../table/use-window-view'
import { words } from '../words'
import { AddGroups } from './add-groups'
import { customerKeys } from './customer-data'
import { RemoveGroups } from './remove-groups'
import { sorted } from './sorted-groups'

/** The groups the customer is in. They come with the customer, so they are sorted here. */
export function GroupsSection({ customer }: { customer: Customer | undefined }) {
  const editor = mayEdit(usePerson())
  const cache = useQueryClient()
  const [view, change] = useWindowView('name')
  const [ids, { setSelection, resetSelection }] = useSelection<string>({ data: [] })
  const [adding, add] = useDisclosure(false)
  const [removing, remove] = useDisclosure(false)
  const groups = useMemo(() => sorted(customer?.groups ?? [], view.order), [customer?.groups, view.order])
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: customerKeys.all })
    void cache.invalidateQueries({ queryKey: groupKeys.all })
  }
  const nameOf = (id: string) => groups.find((group) => group.id === id)?.name ?? id
  const { noGroups, noGroupsText, noGroupsTextViewer } = words.customers
  return (
    <Section
      title={words.customers.groups}
      actions={
        editor && (
          <Button size='sm' variant='default' onClick={add.open} disabled={!customer}>
            {words.customers.addGroups}
          </Button>
        )
      }
    >
      {!customer && <Skeleton height={14} m='md' width='40%' />}
      {customer && groups.length === 0 && (
        <EmptyList title={noGroups} text={editor ? noGroupsText : noGroupsTextViewer} />
      )}
      {groups.length > 0 && (
        <DataTable
          label={words.customers.groups}
          columns={groupColumns}
          rows={groups}
          view={view}
          onChange={change}
          busy={false}
          checks={editor ? { checked: ids, onCheck: setSelection, nameOf } : undefined}
        />
      )}
      <SelectionBar count={ids.length} matches={0} onAll={() => {}} onClear={resetSelection} onRemove={remove.open} />
      {customer && (
        <RemoveGroups
          customer={customer}
          ids={ids}
          opened={removing}
          onClose={remove.close}
          onRemoved={resetSelection}
          onSettled={refresh}
        />
      )}
      {adding && customer && <AddGroups customer={customer} onClose={add.close} onSettled={refresh} />}
    </Section>
  )
}
