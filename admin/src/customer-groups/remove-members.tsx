import { Confirm } from '../feedback/confirm'
import { doneWithUndo } from '../history/undo-toast'
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
}

/** Confirms the removal of the selected customers. */
export function RemoveMembers({ groupId, groupName, ids, opened, onClose, onRemoved }: Props) {
  const { start, reset, isPending, ...state } = usePortions({
    apply: (portion) => removeMembers(groupId, portion),
    onDone: (answers) => {
      const removed = answers.flatMap((answer) => answer.removed)
      doneWithUndo(words.members.removed(removed.length), groupId, { removed })
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
