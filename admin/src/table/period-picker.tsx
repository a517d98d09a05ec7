import '../feedback/modal-styles'
import '@mantine/core/styles/Divider.css'
import { Button, Divider, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useLayer } from '../feedback/use-layer'
import { useReturnFocus } from '../feedback/use-return-focus'
import { words } from '../words'
import { daysOf, isPreset, type Period, presets, readPeriod } from './period'

type Props = { title: string; period: Period | null; onPick: (period: Period) => void; onClose: () => void }

/** A predefined period, or a first and last day. */
export default function PeriodPicker({ title, period: current, onPick, onClose }: Props) {
  useReturnFocus(true)
  useLayer(true)
  const days = daysOf(current ?? '..')
  const [from, setFrom] = useState(days.from)
  const [to, setTo] = useState(days.to)
  const isReversed = from !== '' && to !== '' && from > to
  const period = isReversed ? null : readPeriod(`${from}..${to}`)
  const pick = (picked: Period) => {
    onPick(picked)
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={title} size='xs' closeButtonProps={{ 'aria-label': words.close }}>
      <Stack gap='xs'>
        {presets.map((preset, at) => (
          <Button
            key={preset}
            variant={preset === current ? 'light' : 'default'}
            aria-pressed={preset === current}
            data-autofocus={(current && isPreset(current) ? preset === current : at === 0) || undefined}
            justify='flex-start'
            onClick={() => pick(preset)}
          >
            {words.filters.periods[preset]}
          </Button>
        ))}
        <Divider my={4} />
        <form
          onSubmit={(event) => {
            event.preventDefault()
            // This form may be inside a side window's form, which must not receive its submit event.
            event.stopPropagation()
            if (period) pick(period)
          }}
        >
          <Stack gap='xs'>
            <Group grow align='flex-start'>
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
                error={isReversed && words.limits.reversed}
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
