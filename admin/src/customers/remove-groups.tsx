import type { Customer } from '../api/types'
import { Confirm } from '../feedback/confirm'
import { done } from '../feedback/toast'
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
  onSettled: () => void
}

export function RemoveGroups({ customer, ids, opened, onClose, onRemoved, onSettled }: Props) {
  const { start, reset, isPending, ...state } = usePortions({
    apply: (portion) => removeFromGroups(customer.id, portion),
    onDone: (count) => {
      done(words.customers.removedFrom(count))
      onRemoved()
      onClose()
    },
    onSettled,
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
