import { Confirm } from '../feedback/confirm'
import { done } from '../feedback/toast'
import { PortionsProgress } from '../membership/portions-progress'
import { usePortions } from '../membership/use-portions'
import { words } from '../words'
import { removeMembers } from './member-data'

type Props = {
  groupId: string
  groupName: string
  ids: string[]
  opened: boolean
  onClose: () => void
  onRemoved: () => void
  onSettled: () => void
}

/** Asks before the checked customers leave the group. */
export function RemoveMembers({ groupId, groupName, ids, opened, onClose, onRemoved, onSettled }: Props) {
  const { start, reset, isPending, ...state } = usePortions({
    apply: (portion) => removeMembers(groupId, portion),
    onDone: (count) => {
      done(words.members.removed(count))
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
      title={words.members.remove}
      text={words.members.removeText(ids.length, groupName)}
      action={words.members.continue}
      busy={isPending}
      onConfirm={() => start(ids)}
      onCancel={close}
    >
      <PortionsProgress {...state} />
    </Confirm>
  )
}
