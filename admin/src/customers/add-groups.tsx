import { Stack } from '@mantine/core'
import { useSelection } from '@mantine/hooks'
import { useMemo } from 'react'
import type { Customer } from '../api/types'
import { pickGroupColumns } from '../customer-groups/group-columns'
import { groupKeys, readGroups } from '../customer-groups/group-list-data'
import { EmptyList } from '../feedback/empty-list'
import { SideWindow } from '../feedback/side-window'
import { done } from '../feedback/toast'
import { runUndo } from '../history/undo-toast'
import { PortionsProgress } from '../membership/portions-progress'
import { usePortions } from '../membership/use-portions'
import { List } from '../table/list'
import { useList } from '../table/use-list'
import { useWindowView } from '../table/use-window-view'
import { words } from '../words'
import { addToGroups } from './customer-data'

type Props = { customer: Customer; onClose: () => void }

/** The side window with all groups. Those the customer is in are shown as such and cannot be picked. */
export function AddGroups({ customer, onClose }: Props) {
  const [view, change] = useWindowView('name')
  const answer = useList(groupKeys.list(view), (signal) => readGroups(view, signal))
  const [ids, { setSelection }] = useSelection<string>({ data: [] })
  const inside = useMemo(() => new Set(customer.groups?.map(({ id }) => id)), [customer.groups])
  const columns = useMemo(() => pickGroupColumns((id) => (inside.has(id) ? words.customers.alreadyIn : null)), [inside])
  const { start, isPending, ...state } = usePortions({
    apply: (portion) => addToGroups(customer.id, portion),
    onDone: (_answers, added) => {
      // The API does not tell which were new; those that the customer was in could not be picked.
      const undo = async () => (await import('./undo-customer')).undoGroups(customer.id, { added })
      done(words.customers.addedTo(added.length), () => void runUndo(undo))
      onClose()
    },
  })
  const groups = answer.data?.customer_groups
  return (
    <SideWindow
      opened
      title={words.customers.addGroupsTitle}
      size='lg'
      busy={isPending}
      dirty={ids.length > 0}
      disabled={ids.length === 0}
      note={<span role='status'>{words.selection.selected(ids.length)}</span>}
      onClose={onClose}
      onSave={() => start(ids)}
    >
      <Stack gap={0}>
        <PortionsProgress {...state} />
        <List
          label={words.groups.title}
          searchLabel={words.groups.search}
          columns={columns}
          answer={answer}
          rowsOf={(page) => page.customer_groups}
          view={view}
          onChange={change}
          filters={[]}
          checks={{
            checked: ids,
            onCheck: setSelection,
            nameOf: (id) => groups?.find((group) => group.id === id)?.name ?? id,
            isFixed: (id) => inside.has(id),
          }}
          empty={<EmptyList title={words.groups.empty} text={words.groups.emptyText} />}
        />
      </Stack>
    </SideWindow>
  )
}
