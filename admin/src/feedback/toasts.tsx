import '@mantine/core/styles/Notification.css'
import '@mantine/notifications/styles.css'
import { Notifications } from '@mantine/notifications'

/** The position of toasts: not over the pager or the selection bar. */
export default function Toasts() {
  return <Notifications position='top-center' aria-live='polite' />
}
