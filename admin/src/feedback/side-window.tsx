import './modal-styles'
import '@mantine/core/styles/Drawer.css'
import { Button, Drawer, Group } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { type FormEventHandler, type ReactNode, useEffect, useRef } from 'react'
import { words } from '../words'
import { Unsaved } from './unsaved'
import { useLayer } from './use-layer'
import { useReturnFocus } from './use-return-focus'
import { useUnsaved } from './use-unsaved'
import classes from './side-window.module.css'

type Props = {
  opened: boolean
  title: string
  size?: string
  busy: boolean
  /** Whether there is unsaved input. */
  dirty: boolean
  disabled?: boolean
  /** The label of the button that saves. The default is Save. */
  action?: string
  /** Shown to the left of the buttons, such as the number of selected rows. */
  note?: ReactNode
  onClose: () => void
  onSave: () => void
  children: ReactNode
}

/** A form at the side of the page. Its buttons are always visible. */
export function SideWindow(props: Props) {
  const {
    opened,
    title,
    size = 'md',
    busy,
    dirty,
    disabled,
    action = words.save,
    note,
    onClose,
    onSave,
    children,
  } = props
  useReturnFocus(opened)
  const isTop = useLayer(opened)
  const { asking, requestClose, keep, discard } = useUnsaved(opened && dirty, onClose)
  const form = useRef<HTMLFormElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useWindowEvent('keydown', (event) => {
    if (opened && isTop && !asking && isSaveKey(event)) form.current?.requestSubmit()
  })
  // A busy button is disabled and loses the focus. After a refusal it gets the focus back.
  useEffect(() => {
    if (!busy && document.activeElement === document.body) button.current?.focus()
  }, [busy])
  const submit: FormEventHandler = (event) => {
    event.preventDefault()
    // Keys submit the form even if the button is disabled.
    if (!busy && !disabled) onSave()
  }
  return (
    <Drawer
      opened={opened}
      onClose={requestClose}
      closeOnEscape={isTop && !asking && !busy}
      title={title}
      size={size}
      closeButtonProps={{ 'aria-label': words.close, disabled: busy }}
      classNames={{ content: classes.content, body: classes.body }}
      closeOnClickOutside={false}
    >
      <form className={classes.form} ref={form} onSubmit={submit} noValidate>
        <div className={classes.fields}>{children}</div>
        <Group className={classes.buttons} justify='flex-end' gap='sm'>
          <div className={classes.note}>{note}</div>
          <Button variant='default' onClick={requestClose} disabled={busy}>
            {words.cancel}
          </Button>
          <Button ref={button} type='submit' loading={busy} disabled={disabled ?? false}>
            {action}
          </Button>
        </Group>
      </form>
      <Unsaved opened={asking} onKeep={keep} onDiscard={discard} />
    </Drawer>
  )
}

/** Ctrl+Enter saves from every field, also where Enter has another meaning. */
const isSaveKey = ({ key, ctrlKey, metaKey, repeat }: KeyboardEvent) =>
  key === 'Enter' && (ctrlKey || metaKey) && !repeat
