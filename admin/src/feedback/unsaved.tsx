import { words } from '../words'
import { Confirm } from './confirm'

type Props = { opened: boolean; onKeep: () => void; onDiscard: () => void }

/** Confirms that unsaved input is discarded. */
export function Unsaved({ opened, onKeep, onDiscard }: Props) {
  const { title, text, discard, keep } = words.unsaved
  return (
    <Confirm
      opened={opened}
      title={title}
      text={[text]}
      action={discard}
      cancel={keep}
      irreversible
      busy={false}
      onConfirm={onDiscard}
      onCancel={onKeep}
    />
  )
}
