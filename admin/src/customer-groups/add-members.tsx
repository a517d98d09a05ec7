import { Stack } from '@mantine/core'
import { useSelection } from '@mantine/hooks'
import { useMemo } from 'react'
import { pickColumns } from '../customers/customer-columns'
import { customerKeys, readCandidates } from '../customers/customer-data'
import { EmptyList } from '../feedback/empty-list'
import { SideWindow } from '../feedback/side-window'
import { done } from '../feedback/toast'
import { PortionsProgress } from '../membership/portions-progress'
import { usePortions } from '../membership/use-portions'
import { List } from '../table/list'
import { useList } from '../table/use-list'
import { useWindowView } from '../table/use-window-view'
import { words } from '../words'
import { addMembers } from './member-data'

type Props = { groupId: string; onClose: () => void; onSettled: () => void }

/** The side window with all customers. Those already in the group are shown as such and cannot be picked. */
export function AddMembers({ groupId, onClose, onSettled }: Props) {
  const [view, change] = useWindowView('-created_at')
  const answer = useList(customerKeys.candidates(view), (signal) => readCandidates(view, signal))
  const [ids, { setSelection }] = useSelection<string>({ data: [] })
  const customers = answer.data?.customers
  const inside = useMemo(() => {
    const members = customers?.filter(({ groups }) => groups?.some(({ id }) => id === groupId))
    return new Set(members?.map(({ id }) => id))
  }, [customers, groupId])
  const columns = useMemo(() => pickColumns((id) => (inside.has(id) ? words.members.already : null)), [inside])
  const { start, isPending, ...state } = usePortions({
    apply: (portion) => addMembers(groupId, portion),
    onDone: (count) => {
      done(words.members.added(count))
      onClose()
    },
    onSettled,
  })
  return (
    <SideWindow
      opened
      title={words.members.addTitle}
      size='lg'
      busy={isPending}
      disabled={ids.length === 0}
      note={<span role='status'>{words.selection.selected(ids.length)}</span>}
      onClose={onClose}
      onSave={() => start(ids)}
    >
      <Stack gap={0}>
        <PortionsProgress {...state} />
        <List
          label={words.customers.title}
          searchLabel={words.customers.search}
          columns={columns}
          answer={answer}
          rowsOf={(page) => page.customers}
          view={view}
          onChange={change}
          filters={[]}
          checks={{
            checked: ids,
            onCheck: setSelection,
            nameOf: (id) => customers?.find((customer) => customer.id === id)?.email ?? id,
            isFixed: (id) => inside.has(id),
          }}
          empty={<EmptyList title={words.customers.empty} text={words.customers.emptyText} />}
        />
      </Stack>
    </SideWindow>
  )
}
