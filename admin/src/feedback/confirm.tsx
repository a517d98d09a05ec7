import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { words } from '../words'
import { Problem } from './problem'
import { useReturnFocus } from './use-return-focus'

type Props = {
  opened: boolean
  title: string
  /** What will happen, a sentence a paragraph. */
  text: string[]
  /** The word on the button that does it. */
  action: string
  /** Then Enter alone must not do it: Cancel has the focus. */
  irreversible?: boolean
  busy: boolean
  error?: unknown
  children?: ReactNode
  onConfirm: () => void
  onCancel: () => void
}

/** A pop-up that asks before something that cannot be taken back. */
export function Confirm({
  opened,
  title,
  text,
  action,
  irreversible = false,
  busy,
  error,
  children,
  onConfirm,
  onCancel,
}: Props) {
  useReturnFocus(opened)
  return (
    <Modal opened={opened} onClose={onCancel} title={title} closeButtonProps={{ 'aria-label': words.close }}>
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
            {words.cancel}
          </Button>
          <Button color='red' onClick={onConfirm} loading={busy} data-autofocus={!irreversible || undefined}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
