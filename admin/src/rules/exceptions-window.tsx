import { Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { reads } from '../api/cache'
import { customerList, pickColumns } from '../customers/customer-columns'
import { customerKeys, readCandidates } from '../customers/customer-data'
import { findCustomers } from '../customers/find-customers'
import { FoundCustomers } from '../customers/found-customers'
import { PasteCustomers } from '../customers/paste-customers'
import { Conflict } from '../edit/conflict'
import type { Fields } from '../edit/merge'
import { useEdit } from '../edit/use-edit'
import { EmptyList } from '../feedback/empty-list'
import { Problem } from '../feedback/problem'
import { SideWindow } from '../feedback/side-window'
import { done } from '../feedback/toast'
import { runUndo } from '../history/undo-toast'
import { Choices } from '../jobs/choices'
import { List } from '../table/list'
import { useList } from '../table/use-list'
import { useWindowView } from '../table/use-window-view'
import { type Exceptions, idsOn, readExceptions, replaceExceptions, type Side } from './exceptions-data'
import { ListedCustomers } from './listed-customers'
import { words } from './words'

type Props = { groupId: string; exceptions: Exceptions; onClose: () => void }

/** The side window for the customers who are always or never in an automatic group. */
export default function ExceptionsWindow({ groupId, exceptions: opened, onClose }: Props) {
  const [sides, setSides] = useState(opened.sides)
  const [side, setSide] = useState<Side>('always')
  const edit = useEdit<Exceptions, Side>({
    opened,
    fieldsOf: (exceptions) => exceptions.sides,
    isSame: (one, other) => one === other,
    read: () => readExceptions(groupId),
    send: ({ etag }, fields) => replaceExceptions(groupId, etag, fields),
    onSaved: (saved, over) => {
      const undo = async () => void (await replaceExceptions(groupId, saved.etag, over.sides))
      done(words.exceptions.saved, () => void runUndo(undo))
      onClose()
    },
  })
  const { clashes } = edit
  const ids = idsOn(sides, side)
  const put = (chosen: string[]) => {
    const others = Object.entries(sides).filter(([id, its]) => its !== side && !chosen.includes(id))
    setSides(Object.fromEntries([...others, ...chosen.map((id) => [id, side] as const)]))
  }
  return (
    <SideWindow
      opened
      title={words.exceptions.title}
      size='xl'
      busy={edit.isPending}
      dirty={isChanged(opened.sides, sides)}
      disabled={clashes !== null}
      onClose={onClose}
      onSave={() => edit.save(sides)}
    >
      <Stack>
        {clashes && (
          <Conflict
            clashes={clashes}
            textOf={(its) => words.exceptions.sides[its]}
            onEdit={(theirs) => setSides(edit.decide(theirs))}
            onSave={edit.saveDecided}
          />
        )}
        <Problem error={edit.error} />
        <Text size='sm'>{words.exceptions.text}</Text>
        <Choices
          label={words.exceptions.list}
          value={side}
          choices={(['always', 'never'] as const).map((value) => ({
            value,
            label: `${words.exceptions.sides[value]} (${words.number(idsOn(sides, value).length)})`,
          }))}
          onChoose={setSide}
        />
        <ListedCustomers
          label={words.exceptions.sides[side]}
          ids={ids}
          onRemove={(id) => put(ids.filter((one) => one !== id))}
        />
        <PickCustomers key={side} side={side} sides={sides} onPick={put} />
      </Stack>
    </SideWindow>
  )
}

type PickProps = { side: Side; sides: Fields<Side>; onPick: (ids: string[]) => void }

/** All customers, of whom some can be put on a list. Those on the other list are marked, and cannot. */
function PickCustomers({ side, sides, onPick }: PickProps) {
  const [view, change] = useWindowView('-created_at')
  const answer = useList(customerKeys.candidates(view), (signal) => readCandidates(view, signal))
  const customers = answer.data?.customers
  const isOnOther = (id: string) => sides[id] !== undefined && sides[id] !== side
  const columns = useMemo(
    () =>
      pickColumns((id) => {
        const its = sides[id]
        return its && its !== side ? words.exceptions.sides[its] : null
      }),
    [sides, side],
  )
  const ids = idsOn(sides, side)
  const find = useMutation({
    ...reads,
    mutationFn: findCustomers,
    onSuccess: ({ ids: found }) => onPick([...new Set([...ids, ...found])]),
  })
  return (
    <Stack gap={0} role='group' aria-label={words.exceptions.add}>
      <Text size='sm' fw={500}>
        {words.exceptions.add}
      </Text>
      <PasteCustomers busy={find.isPending} onFind={find.mutate} />
      <FoundCustomers found={find.data ?? null} />
      <Problem error={find.error} />
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
          checked: ids,
          onCheck: onPick,
          nameOf: (id) => customers?.find((customer) => customer.id === id)?.email ?? id,
          isFixed: isOnOther,
        }}
        empty={<EmptyList title={words.customers.empty} text={words.customers.emptyText} />}
      />
    </Stack>
  )
}

const isChanged = (before: Fields<Side>, after: Fields<Side>) =>
  Object.keys({ ...before, ...after }).some((id) => before[id] !== after[id])
