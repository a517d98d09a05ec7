import { Box, Stack } from '@mantine/core'
import { useSelection } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { type ClipboardEvent, useMemo, useState } from 'react'
import { reads } from '../api/cache'
import { customerList, pickColumns } from '../customers/customer-columns'
import { customerKeys, readCandidates, readCustomerIds } from '../customers/customer-data'
import { type Found, findCustomers } from '../customers/find-customers'
import { isList, valuesIn } from '../customers/pasted-list'
import { FoundCustomers } from '../customers/found-customers'
import { PasteCustomers } from '../customers/paste-customers'
import { EmptyList } from '../feedback/empty-list'
import { Problem } from '../feedback/problem'
import { SideWindow } from '../feedback/side-window'
import { doneWithUndo } from '../history/undo-toast'
import { filterOf, isForJob, useAllThatMatch } from '../jobs/all-that-match'
import { useStartJob } from '../jobs/use-start-job'
import { useToJob } from '../jobs/use-to-job'
import { PortionsProgress } from '../membership/portions-progress'
import { TermsFields, useTerms } from '../membership/terms-fields'
import { usePortions } from '../membership/use-portions'
import { List } from '../table/list'
import { countText } from '../table/paging'
import { SelectAll } from '../table/select-all'
import { useList } from '../table/use-list'
import { useWindowView } from '../table/use-window-view'
import { words } from '../words'
import { addMembers } from './member-data'

type Props = { groupId: string; onClose: () => void }

/** The side window with all customers. Members of the group are marked and cannot be selected. */
export default function AddMembers({ groupId, onClose }: Props) {
  const [view, change] = useWindowView('-created_at')
  const answer = useList(customerKeys.candidates(view), (signal) => readCandidates(view, signal))
  const [ids, { setSelection }] = useSelection<string>({ data: [] })
  const customers = answer.data?.customers
  const inside = useMemo(() => {
    const members = customers?.filter(({ groups }) => groups?.some(({ id }) => id === groupId))
    return new Set(members?.map(({ id }) => id))
  }, [customers, groupId])
  const columns = useMemo(() => pickColumns((id) => (inside.has(id) ? words.members.already : null)), [inside])
  const select = (more: string[]) => setSelection([...new Set([...ids, ...more.filter((id) => !inside.has(id))])])
  const selectAll = useMutation({ ...reads, mutationFn: () => readCustomerIds(view), onSuccess: select })
  const every = useAllThatMatch(view)
  const addEvery = useStartJob(useToJob())
  const check = (checked: string[]) => {
    every.clear()
    setSelection(checked)
  }
  const [found, setFound] = useState<Found | null>(null)
  const find = useMutation({
    ...reads,
    mutationFn: findCustomers,
    onSuccess: (result) => {
      every.clear()
      setFound(result)
      select(result.ids)
    },
  })
  const { terms, ...times } = useTerms()
  const { start, isPending, ...state } = usePortions({
    apply: (portion) => addMembers(groupId, portion, terms),
    onDone: (answers) => {
      const added = answers.flatMap((one) => one.added)
      // Members are selected by “Select all” and from a list. With terms, theirs are replaced.
      const changed = answers.flatMap((one) => one.changed)
      doneWithUndo(words.members.addedOrChanged(added.length, changed.length), groupId, { added, changed })
      onClose()
    },
  })
  const paste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain')
    if (!isList(text) || !(event.target instanceof HTMLInputElement)) return
    event.preventDefault()
    find.mutate(valuesIn(text))
  }
  const save = () => {
    if (!every.isAll) return start(ids)
    addEvery.mutate({
      type: 'change_members',
      customer_group_id: groupId,
      action: 'add',
      source: { filter: filterOf(view) },
      ...terms,
    })
  }
  const selected =
    every.isAll && answer.data
      ? words.picking.allSelected(countText(answer.data))
      : words.selection.selected(ids.length)
  return (
    <SideWindow
      opened
      title={words.members.addTitle}
      size='xl'
      busy={isPending || addEvery.isPending}
      dirty={ids.length > 0 || every.isAll}
      disabled={(ids.length === 0 && !every.isAll) || times.fault !== null}
      note={<span role='status'>{selected}</span>}
      onClose={onClose}
      onSave={save}
    >
      <Stack gap={0} onPaste={paste}>
        <PortionsProgress {...state} />
        <PasteCustomers busy={find.isPending} onFind={find.mutate} />
        <FoundCustomers found={found} />
        <Box px='md' pb='md'>
          <TermsFields {...times} />
        </Box>
        <Problem error={find.error ?? selectAll.error ?? addEvery.error} />
        <List
          label={words.customers.title}
          searchLabel={words.customers.search}
          searchFirst
          columns={columns}
          answer={answer}
          rowsOf={(page) => page.customers}
          view={view}
          onChange={change}
          filters={customerList.filters}
          checks={{
            checked: every.isAll ? (customers ?? []).map(({ id }) => id) : ids,
            onCheck: check,
            nameOf: (id) => customers?.find((customer) => customer.id === id)?.email ?? id,
            isFixed: (id) => inside.has(id),
          }}
          aboveTable={
            answer.data && (
              <SelectAll
                page={answer.data}
                busy={selectAll.isPending}
                onSelect={() => (answer.data && isForJob(answer.data) ? every.mean() : selectAll.mutate())}
              />
            )
          }
          empty={<EmptyList title={words.customers.empty} text={words.customers.emptyText} />}
        />
      </Stack>
    </SideWindow>
  )
}
