import { Button, Divider, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useReturnFocus } from '../feedback/use-return-focus'
import { words } from '../words'
import { type Period, presets, readPeriod } from './period'

type Props = { title: string; onPick: (period: Period) => void; onClose: () => void }

/** A common period with one click, or two days. */
export default function PeriodPicker({ title, onPick, onClose }: Props) {
  useReturnFocus(true)
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const period = readPeriod(`${from}..${to}`)
  const pick = (picked: Period) => {
    onPick(picked)
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={title} size='xs' closeButtonProps={{ 'aria-label': words.close }}>
      <Stack gap='xs'>
        {presets.map((preset) => (
          <Button key={preset} variant='default' justify='flex-start' onClick={() => pick(preset)}>
            {words.filters.periods[preset]}
          </Button>
        ))}
        <Divider my={4} />
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (period) pick(period)
          }}
        >
          <Stack gap='xs'>
            <Group grow>
              <TextInput
                type='date'
                label={words.filters.from}
                value={from}
                onChange={(event) => setFrom(event.currentTarget.value)}
              />
              <TextInput
                type='date'
                label={words.filters.to}
                value={to}
                onChange={(event) => setTo(event.currentTarget.value)}
              />
            </Group>
            <Button type='submit' disabled={!period}>
              {words.filters.apply}
            </Button>
          </Stack>
        </form>
      </Stack>
    </Modal>
  )
}
