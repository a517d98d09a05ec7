import { useState } from 'react'
import type { Customer } from '../api/types'
import { Confirm } from '../feedback/confirm'
import { done } from '../feedback/toast'
import { runUndo } from '../history/undo-toast'
import { PortionsProgress } from '../membership/portions-progress'
import { usePortions } from '../membership/use-portions'
import { words } from '../words'
import { removeFromGroups } from './customer-data'

type Props = {
  customer: Customer
  ids: string[]
  opened: boolean
  onClose: () => void
  onRemoved: () => void
}

export function RemoveGroups({ customer, ids, opened, onClose, onRemoved }: Props) {
  // The list goes on changing: those that are removed leave it, also when only some of them could be.
  const [begun, setBegun] = useState<string[] | null>(null)
  const chosen = begun ?? ids
  const { start, reset, isPending, ...state } = usePortions({
    apply: (portion) => removeFromGroups(customer.id, portion),
    onDone: (_answers, removed) => {
      const undo = async () => (await import('./undo-customer')).undoGroups(customer.id, { removed })
      done(words.customers.removedFrom(removed.length), () => void runUndo(undo))
      onRemoved()
      onClose()
    },
  })
  const close = () => {
    onClose()
    reset()
    setBegun(null)
  }
  const confirm = () => {
    // Someone else has removed the customer from all of them meanwhile.
    if (chosen.length === 0) return close()
    setBegun(chosen)
    start(chosen)
  }
  return (
    <Confirm
      opened={opened}
      title={words.customers.removeGroups}
      text={words.customers.removeGroupsText(customer.email ?? customer.id, chosen.length)}
      action={words.members.continue}
      busy={isPending}
      onConfirm={confirm}
      onCancel={close}
    >
      <PortionsProgress {...state} />
    </Confirm>
  )
}
