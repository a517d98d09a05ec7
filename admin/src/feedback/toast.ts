import { type NotificationData, notifications } from '@mantine/notifications'
import { explain } from '../api/errors'
import { words } from '../words'
import { wantToasts } from './first-toast'

/** Says in passing that something was done. */
export const done = (message: string) => show({ message, color: 'teal' })

export const failed = (error: unknown) =>
  show({ title: words.errors.title, message: explain(error), color: 'red', autoClose: 10_000 })

function show(toast: NotificationData) {
  wantToasts()
  notifications.show({ ...toast, closeButtonProps: { 'aria-label': words.close } })
}
