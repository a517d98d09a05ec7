import { Notifications } from '@mantine/notifications'

/** Where toasts show. The page does not wait for it: nothing is done before something was shown. */
export default function Toasts() {
  return <Notifications position='bottom-right' aria-live='polite' />
}
