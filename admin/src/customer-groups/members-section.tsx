import { Button, Text } from '@mantine/core'
import { useDisclosure, useSelection } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { Suspense } from 'react'
import { reads } from '../api/cache'
import type { CustomerGroup } from '../api/types'
import { customerList } from '../customers/customer-columns'
import { EmptyList } from '../feedback/empty-list'
import { failed } from '../feedback/toast'
import { windowCode } from '../feedback/window-code'
import { filterOf, isForJob, selected, useAllThatMatch } from '../jobs/all-that-match'
import { MembersMenu } from '../jobs/members-menu'
import { SelectionBar } from '../membership/selection-bar'
import { useAction } from '../keys/actions'
import { mayEdit } from '../session/person'
import { usePerson } from '../session/use-person'
import { Section } from '../shell/section'
import { List } from '../table/list'
import { countText } from '../table/paging'
import { useAddressView } from '../table/use-address-view'
import { useList } from '../table/use-list'
import type { ListOptions } from '../table/address'
import { useNextTerm } from './use-next-term'
import { isNarrowed } from '../table/view'
import { words } from '../words'
import { memberColumns } from './member-columns'
import { memberKey, readMemberIds, readMembers } from './member-data'

/** Fewer on a page than elsewhere, so that the sections below stay in sight. */
const memberList: ListOptions = {
  ...customerList,
  filters: [...customerList.filters, 'membership'],
  optional: [...(customerList.optional ?? []), 'membership'],
  size: 10,
}

const adds = windowCode(() => import('./add-members'))
const removes = windowCode(async () => ({ default: (await import('./remove-members')).RemoveMembers }))
const removesAll = windowCode(() => import('../jobs/remove-all'))
const moves = windowCode(() => import('../jobs/move-window'))

type Props = { groupId: string; group: CustomerGroup | undefined }

/**
 * The Customers section: who is in the group, Add, and Remove for those that are checked. The members of an automatic
 * group are only shown, because the service refuses other changes.
 */
export function MembersSection({ groupId, group }: Props) {
  const groupName = group?.name ?? ''
  const ruleStatus = group?.rule_status
  const person = usePerson()
  const editor = mayEdit(person) && !ruleStatus
  const [view, change] = useAddressView(memberList)
  const answer = useList(memberKey(groupId, view), (signal) => readMembers(groupId, view, signal))
  const [ids, { setSelection, resetSelection }] = useSelection<string>({ data: [] })
  const [adding, add] = useDisclosure(false)
  const [removing, remove] = useDisclosure(false)
  const [moving, move] = useDisclosure(false)
  const every = useAllThatMatch(view)
  const selectAll = useMutation({
    ...reads,
    mutationFn: () => readMemberIds(groupId, view),
    onSuccess: (all) => setSelection([...ids, ...all]),
    onError: failed,
  })
  const { data } = answer
  useNextTerm(data?.customers)
  const clear = () => {
    every.clear()
    resetSelection()
  }
  const check = (checked: string[]) => {
    every.clear()
    setSelection(checked)
  }
  const nameOf = (id: string) => data?.customers.find((customer) => customer.id === id)?.email ?? id
  useAction({ label: words.members.addTitle, run: add.open }, editor)
  const addButton = editor && (
    <Button size='sm' variant='default' onClick={add.open} {...adds.soon}>
      {words.members.add}
    </Button>
  )
  const { empty, emptyText, emptyTextViewer, byRule, ruleApplying } = words.members
  const rule = ruleStatus === 'applying' ? ruleApplying : byRule
  return (
    <Section
      title={words.members.title}
      note={
        ruleStatus &&
        Boolean(data?.count) && (
          <Text size='sm' c='dimmed'>
            {rule}
          </Text>
        )
      }
      actions={
        mayEdit(person) && (
          <>
            <MembersMenu
              group={{ id: groupId, name: groupName }}
              count={isNarrowed(view) ? null : (data?.count ?? 0)}
              changes={!ruleStatus}
            />
            {addButton}
          </>
        )
      }
    >
      <List
        label={words.members.title}
        searchLabel={words.customers.search}
        columns={memberColumns(data?.customers)}
        answer={answer}
        rowsOf={(members) => members.customers}
        view={view}
        onChange={change}
        filters={memberList.filters}
        {...(editor && {
          checks: { checked: every.isAll ? (data?.customers ?? []).map(({ id }) => id) : ids, onCheck: check, nameOf },
        })}
        optional={memberList.optional}
        empty={
          <EmptyList title={empty} text={editor ? emptyText : ruleStatus ? rule : emptyTextViewer}>
            {!ruleStatus && (
              <Button variant='subtle' onClick={() => change({ membership: 'scheduled' })}>
                {words.terms.later}
              </Button>
            )}
          </EmptyList>
        }
      />
      <SelectionBar
        count={ids.length}
        matches={data ?? null}
        isAll={every.isAll}
        onAll={() => (data && isForJob(data) ? every.mean() : selectAll.mutate())}
        onClear={clear}
        onRemove={remove.open}
        removeSoon={removes.soon}
        onMove={move.open}
        moveSoon={moves.soon}
      />
      <Suspense>
        {removing && every.isAll && data && (
          <removesAll.Window
            groupId={groupId}
            groupName={groupName}
            count={countText(data)}
            filter={filterOf(view)}
            onClose={remove.close}
          />
        )}
        {moving && data && (
          <moves.Window
            groupId={groupId}
            groupName={groupName}
            {...selected(every.isAll, view, ids)}
            count={every.isAll ? data : { count: ids.length }}
            onClose={move.close}
          />
        )}
        {removing && !every.isAll && (
          <removes.Window
            groupId={groupId}
            groupName={groupName}
            ids={ids}
            opened
            onClose={remove.close}
            onRemoved={resetSelection}
          />
        )}
        {adding && <adds.Window groupId={groupId} onClose={add.close} />}
      </Suspense>
    </Section>
  )
}
