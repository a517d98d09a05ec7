import '@mantine/core/styles/Notification.css'
import '@mantine/notifications/styles.css'
import { Notifications } from '@mantine/notifications'

/** Where toasts show. */
export default function Toasts() {
  return <Notifications position='bottom-right' aria-live='polite' />
}
