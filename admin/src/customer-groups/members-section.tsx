import { Button } from '@mantine/core'
import { useDisclosure, useSelection } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { customerColumns, customerList } from '../customers/customer-columns'
import { EmptyList } from '../feedback/empty-list'
import { failed } from '../feedback/toast'
import { SelectionBar } from '../membership/selection-bar'
import { mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { Section } from '../shell/section'
import { List } from '../table/list'
import { useAddressView } from '../table/use-address-view'
import { useList } from '../table/use-list'
import { words } from '../words'
import { AddMembers } from './add-members'
import { groupKeys } from './group-list-data'
import { memberKey, readMemberIds, readMembers } from './member-data'
import { RemoveMembers } from './remove-members'

/** Fewer on a page than elsewhere, so that the sections below stay in sight. */
const memberList = { ...customerList, size: 10 }

type Props = { groupId: string; groupName: string }

/** The Customers section: who is in the group, Add, and Remove for those that are checked. */
export function MembersSection({ groupId, groupName }: Props) {
  const editor = mayEdit(usePerson())
  const cache = useQueryClient()
  const [view, change] = useAddressView(memberList)
  const answer = useList(memberKey(groupId, view), (signal) => readMembers(groupId, view, signal))
  const [ids, { setSelection, resetSelection }] = useSelection<string>({ data: [] })
  const [adding, add] = useDisclosure(false)
  const [removing, remove] = useDisclosure(false)
  const selectAll = useMutation({
    mutationFn: () => readMemberIds(groupId, view),
    onSuccess: (all) => setSelection([...ids, ...all]),
    onError: failed,
  })
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: groupKeys.all })
    void cache.invalidateQueries({ queryKey: ['customers'] })
  }
  const nameOf = (id: string) => answer.data?.customers.find((customer) => customer.id === id)?.email ?? id
  const addButton = editor && (
    <Button size='sm' variant='default' onClick={add.open}>
      {words.members.add}
    </Button>
  )
  const { empty, emptyText, emptyTextViewer } = words.members
  return (
    <Section title={words.members.title} actions={addButton}>
      <List
        label={words.members.title}
        searchLabel={words.customers.search}
        columns={customerColumns}
        answer={answer}
        rowsOf={(members) => members.customers}
        view={view}
        onChange={change}
        filters={memberList.filters}
        {...(editor && { checks: { checked: ids, onCheck: setSelection, nameOf } })}
        empty={<EmptyList title={empty} text={editor ? emptyText : emptyTextViewer} />}
      />
      <SelectionBar
        count={ids.length}
        matches={answer.data?.count ?? 0}
        onAll={() => selectAll.mutate()}
        onClear={resetSelection}
        onRemove={remove.open}
      />
      <RemoveMembers
        groupId={groupId}
        groupName={groupName}
        ids={ids}
        opened={removing}
        onClose={remove.close}
        onRemoved={resetSelection}
        onSettled={refresh}
      />
      {adding && <AddMembers groupId={groupId} onClose={add.close} onSettled={refresh} />}
    </Section>
  )
}
