import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { words } from '../words'
import classes from './terms-fields.module.css'

/** Local times as the browser's fields have them, such as 2026-12-24T18:00. Empty if there is none. */
type Times = { begin: string; end: string }

const none: Times = { begin: '', end: '' }

/** When the memberships that are about to be created begin and end. */
export function useTerms() {
  const [times, setTimes] = useState(none)
  const { begin, end } = times
  const reversed = Boolean(begin && end && end <= begin)
  const past = Boolean(end) && new Date(end) <= new Date()
  return {
    times,
    setTimes,
    fault: reversed ? words.terms.reversed : past ? words.terms.past : null,
    /** In the format of the API. */
    terms: {
      ...(begin && { starts_at: new Date(begin).toISOString() }),
      ...(end && { ends_at: new Date(end).toISOString() }),
    },
  }
}

type Props = Pick<ReturnType<typeof useTerms>, 'times' | 'setTimes' | 'fault'> & { disabled?: boolean }

export function TermsFields({ times, setTimes, fault, disabled = false }: Props) {
  const field = (name: keyof Times) => ({
    type: 'datetime-local',
    label: words.terms[name === 'begin' ? 'begins' : 'ends'],
    description: words.terms[name === 'begin' ? 'beginsHint' : 'endsHint'],
    value: times[name],
    disabled,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => setTimes({ ...times, [name]: event.currentTarget.value }),
  })
  return (
    <div className={classes.fields}>
      <TextInput {...field('begin')} />
      <TextInput {...field('end')} error={fault} />
    </div>
  )
}
