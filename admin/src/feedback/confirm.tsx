import './modal-styles'
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { words } from '../words'
import { Problem } from './problem'
import { useLayer } from './use-layer'
import { useReturnFocus } from './use-return-focus'

type Props = {
  opened: boolean
  title: string
  /** What will happen, one sentence per paragraph. */
  text: string[]
  /** The label of the confirming button. */
  action: string
  /** The label of the other button. The default is Cancel. */
  cancel?: string
  /** Cancel has the focus, so that Enter alone does not confirm. */
  irreversible?: boolean
  busy: boolean
  error?: unknown
  children?: ReactNode
  onConfirm: () => void
  onCancel: () => void
}

/** A dialog that confirms an action that cannot be undone. */
export function Confirm({
  opened,
  title,
  text,
  action,
  cancel = words.cancel,
  irreversible = false,
  busy,
  error,
  children,
  onConfirm,
  onCancel,
}: Props) {
  useReturnFocus(opened)
  useLayer(opened)
  return (
    <Modal
      opened={opened}
      onClose={() => busy || onCancel()}
      title={title}
      closeButtonProps={{ 'aria-label': words.close, disabled: busy }}
    >
      <Stack>
        {text.map((sentence) => (
          <Text key={sentence} size='sm'>
            {sentence}
          </Text>
        ))}
        {children}
        <Problem error={error} />
        <Group justify='flex-end' gap='sm'>
          <Button variant='default' onClick={onCancel} disabled={busy} data-autofocus={irreversible || undefined}>
            {cancel}
          </Button>
          <Button color='red' onClick={onConfirm} loading={busy} data-autofocus={!irreversible || undefined}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
