import { notifications } from '@mantine/notifications'
import { explain } from '../api/errors'
import { words } from '../words'

/** Says in passing that something was done. */
export const done = (message: string) =>
  notifications.show({ message, color: 'teal', closeButtonProps: { 'aria-label': words.close } })

export const failed = (error: unknown) =>
  notifications.show({
    title: words.errors.title,
    message: explain(error),
    color: 'red',
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': words.close },
  })
