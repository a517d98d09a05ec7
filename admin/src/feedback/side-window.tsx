import '@mantine/core/styles/Drawer.css'
import { Button, Drawer, Group } from '@mantine/core'
import type { FormEventHandler, ReactNode } from 'react'
import { words } from '../words'
import { useReturnFocus } from './use-return-focus'
import classes from './side-window.module.css'

type Props = {
  opened: boolean
  title: string
  size?: string
  busy: boolean
  disabled?: boolean
  /** The word on the button that does it; Save if nothing else is said. */
  action?: string
  /** Stands left of the buttons, like how many are selected. */
  note?: ReactNode
  onClose: () => void
  onSave: () => void
  children: ReactNode
}

/** A form at the side of the page with its buttons always in sight. */
export function SideWindow(props: Props) {
  const { opened, title, size = 'md', busy, disabled, action = words.save, note, onClose, onSave, children } = props
  useReturnFocus(opened)
  const submit: FormEventHandler = (event) => {
    event.preventDefault()
    onSave()
  }
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      closeButtonProps={{ 'aria-label': words.close }}
      classNames={{ content: classes.content, body: classes.body }}
      closeOnClickOutside={false}
    >
      <form className={classes.form} onSubmit={submit} noValidate>
        <div className={classes.fields}>{children}</div>
        <Group className={classes.buttons} justify='flex-end' gap='sm'>
          <div className={classes.note}>{note}</div>
          <Button variant='default' onClick={onClose} disabled={busy}>
            {words.cancel}
          </Button>
          <Button type='submit' loading={busy} disabled={disabled ?? false}>
            {action}
          </Button>
        </Group>
      </form>
    </Drawer>
  )
}
