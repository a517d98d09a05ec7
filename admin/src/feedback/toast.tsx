import { Button, Group } from '@mantine/core'
import { type NotificationData, notifications } from '@mantine/notifications'
import { explain } from '../api/errors'
import { words } from '../words'
import { wantToasts } from './first-toast'

/** Long enough to read the message and click Undo. It stops while the pointer is on it. */
const shownFor = { plain: 5_000, withUndo: 10_000, problem: 10_000 }

let shown = 0

/** Shows a notification of an action, with Undo if possible. */
export function done(message: string, undo?: () => void) {
  if (!undo) return void show({ message, color: 'teal', autoClose: shownFor.plain })
  shown += 1
  const id = `done ${shown}`
  const takeBack = () => {
    notifications.hide(id)
    undo()
  }
  show({
    id,
    color: 'teal',
    autoClose: shownFor.withUndo,
    message: (
      <Group justify='space-between' gap='sm' wrap='nowrap'>
        {message}
        <Button size='compact-sm' variant='default' flex='none' onClick={takeBack}>
          {words.undo.action}
        </Button>
      </Group>
    ),
  })
}

export const failed = (error: unknown) => failedBecause(words.errors.title, explain(error))

export const failedBecause = (title: string, message: string) =>
  show({ title, message, color: 'red', autoClose: shownFor.problem })

function show(toast: NotificationData) {
  wantToasts()
  notifications.show({ ...toast, closeButtonProps: { 'aria-label': words.close } })
}
