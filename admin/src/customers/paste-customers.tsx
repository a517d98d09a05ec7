import { Button, Group, Stack, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconClipboardList } from '@tabler/icons-react'
import { useState } from 'react'
import { words } from '../words'
import { valuesIn } from './pasted-list'

type Props = { busy: boolean; onFind: (values: string[]) => void }

/** A field for pasting a list of ids and e-mail addresses. */
export function PasteCustomers({ busy, onFind }: Props) {
  const [opened, { open, close }] = useDisclosure(false)
  const [text, setText] = useState('')
  const values = valuesIn(text)
  if (!opened) {
    return (
      <Button
        size='compact-sm'
        variant='subtle'
        mx='xs'
        my={4}
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconClipboardList size={14} aria-hidden />}
        onClick={open}
      >
        {words.picking.paste}
      </Button>
    )
  }
  return (
    <Stack gap='xs' px='md' py='xs'>
      <Textarea
        label={words.picking.pasteLabel}
        description={words.picking.pasteHint}
        rows={4}
        value={text}
        autoFocus
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group gap='xs'>
        <Button size='xs' aria-busy={busy} disabled={values.length === 0} onClick={() => busy || onFind(values)}>
          {words.picking.find(values.length)}
        </Button>
        <Button size='xs' variant='default' onClick={close}>
          {words.close}
        </Button>
      </Group>
    </Stack>
  )
}
