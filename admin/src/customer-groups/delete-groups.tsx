import { useQueryClient } from '@tanstack/react-query'
import { isMissing } from '../api/errors'
import { Confirm } from '../feedback/confirm'
import { done } from '../feedback/toast'
import { PortionsProgress } from '../membership/portions-progress'
import { usePortions } from '../membership/use-portions'
import { words } from '../words'
import { deleteGroup, groupDeleted } from './group-data'
import classes from './selected-groups.module.css'

type Props = {
  ids: string[]
  nameOf: (id: string) => string
  onClose: () => void
  /** These are deleted, although others may have been refused. */
  onDeleted: (ids: string[]) => void
}

/** Lists the selected groups for confirmation, then deletes them one after the other. */
export default function DeleteGroups({ ids, nameOf, onClose, onDeleted }: Props) {
  const cache = useQueryClient()
  const { start, isPending, ...state } = usePortions({
    size: 1,
    apply: async ([id = '']) => {
      // A group in use is refused, and its page offers to force it. A group that is already deleted is not an error.
      await deleteGroup(id, false).catch((error: unknown) => {
        if (!isMissing(error)) throw error
      })
      groupDeleted(cache, id)
    },
    onDone: () => {
      done(words.groups.deletedMany(ids.length))
      onDeleted(ids)
      onClose()
    },
  })
  const cancel = () => {
    onDeleted(ids.slice(0, state.reached?.done ?? 0))
    onClose()
  }
  return (
    <Confirm
      opened
      title={words.groups.deleteManyTitle}
      text={words.groups.deleteManyText(ids.length)}
      action={words.groups.delete}
      irreversible
      busy={isPending}
      onConfirm={() => start(ids)}
      onCancel={cancel}
    >
      <ul className={classes.names}>
        {ids.map((id) => (
          <li key={id}>{nameOf(id)}</li>
        ))}
      </ul>
      <PortionsProgress {...state} />
    </Confirm>
  )
}
