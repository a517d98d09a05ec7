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
  const { start, reset, isPending, ...state } = usePortions({
    apply: (portion) => removeFromGroups(customer.id, portion),
    onDone: () => {
      const undo = async () => (await import('./undo-customer')).undoGroups(customer.id, { removed: ids })
      done(words.customers.removedFrom(ids.length), () => void runUndo(undo))
      onRemoved()
      onClose()
    },
  })
  const close = () => {
    onClose()
    reset()
  }
  return (
    <Confirm
      opened={opened}
      title={words.customers.removeGroups}
      text={words.customers.removeGroupsText(customer.email ?? customer.id, ids.length)}
      action={words.members.continue}
      busy={isPending}
      onConfirm={() => start(ids)}
      onCancel={close}
    >
      <PortionsProgress {...state} />
    </Confirm>
  )
}
