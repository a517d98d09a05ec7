import { Button, Skeleton } from '@mantine/core'
import { useDisclosure, useSelection } from '@mantine/hooks'
import { Suspense, useMemo } from 'react'
import type { Customer } from '../api/types'
import { groupColumns } from '../customer-groups/group-columns'
import { EmptyList } from '../feedback/empty-list'
import { windowCode } from '../feedback/window-code'
import { SelectionBar } from '../membership/selection-bar'
import { useAction } from '../keys/actions'
import { mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { Section } from '../shell/section'
import { DataTable } from '../table/data-table'
import { useWindowView } from '../table/use-window-view'
import { words } from '../words'
import { sorted } from './sorted-groups'

const adds = windowCode(async () => ({ default: (await import('./add-groups')).AddGroups }))
const removes = windowCode(async () => ({ default: (await import('./remove-groups')).RemoveGroups }))

/** The customer's groups. They are part of the customer, so they are sorted here. */
export function GroupsSection({ customer }: { customer: Customer | undefined }) {
  const editor = mayEdit(usePerson())
  const [view, change] = useWindowView('name')
  const [ids, { setSelection, resetSelection }] = useSelection<string>({ data: [] })
  const [adding, add] = useDisclosure(false)
  const [removing, remove] = useDisclosure(false)
  const groups = useMemo(() => sorted(customer?.groups ?? [], view.order), [customer?.groups, view.order])
  useAction({ label: words.customers.addGroupsTitle, run: add.open }, editor && Boolean(customer))
  // Someone else may have removed the customer from a selected group meanwhile.
  const selected = useMemo(() => ids.filter((id) => groups.some((group) => group.id === id)), [ids, groups])
  const nameOf = (id: string) => groups.find((group) => group.id === id)?.name ?? id
  const { noGroups, noGroupsText, noGroupsTextViewer } = words.customers
  return (
    <Section
      title={words.customers.groups}
      actions={
        editor && (
          <Button size='sm' variant='default' onClick={add.open} disabled={!customer} {...adds.soon}>
            {words.customers.addGroups}
          </Button>
        )
      }
    >
      {!customer && <Skeleton height={14} m='md' width='40%' data-skeleton />}
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
          checks={editor ? { checked: selected, onCheck: setSelection, nameOf } : undefined}
        />
      )}
      <SelectionBar count={selected.length} onClear={resetSelection} onRemove={remove.open} removeSoon={removes.soon} />
      <Suspense>
        {customer && removing && (
          <removes.Window customer={customer} ids={selected} opened onClose={remove.close} onRemoved={resetSelection} />
        )}
        {customer && adding && <adds.Window customer={customer} onClose={add.close} />}
      </Suspense>
    </Section>
  )
}
