import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { words } from '../words'
import classes from './terms-fields.module.css'

/** Local times as the browser's fields have them, such as 2026-12-24T18:00. Empty if there is none. */
type Times = { begin: string; end: string }

const none: Times = { begin: '', end: '' }

/** A field with a date and no time is empty for the browser. The input is shown as wrong when it is left. */
type Incomplete = Partial<Record<keyof Times, 'typing' | 'left'>>

/** When the memberships that are about to be created begin and end. */
export function useTerms() {
  const [times, setTimes] = useState(none)
  const [incomplete, setIncomplete] = useState<Incomplete>({})
  const { begin, end } = times
  const reversed = Boolean(begin && end && end <= begin)
  const past = Boolean(end) && new Date(end) <= new Date()
  return {
    times,
    setTimes,
    incomplete,
    setIncomplete,
    fault:
      incomplete.begin || incomplete.end
        ? words.terms.incomplete
        : reversed
          ? words.terms.reversed
          : past
            ? words.terms.past
            : null,
    /** In the format of the API. */
    terms: {
      ...(begin && { starts_at: new Date(begin).toISOString() }),
      ...(end && { ends_at: new Date(end).toISOString() }),
    },
  }
}

type Props = Omit<ReturnType<typeof useTerms>, 'terms'> & { disabled?: boolean }

export function TermsFields({ times, setTimes, incomplete, setIncomplete, fault, disabled = false }: Props) {
  const check = (name: keyof Times, { validity }: HTMLInputElement, state: 'typing' | 'left') =>
    setIncomplete((before) => ({ ...before, [name]: validity.badInput ? state : undefined }))
  const field = (name: keyof Times) => ({
    type: 'datetime-local',
    label: words.terms[name === 'begin' ? 'begins' : 'ends'],
    description: words.terms[name === 'begin' ? 'beginsHint' : 'endsHint'],
    value: times[name],
    disabled,
    error: incomplete[name] === 'left' && words.terms.incomplete,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => setTimes({ ...times, [name]: event.currentTarget.value }),
    onKeyUp: (event: React.KeyboardEvent<HTMLInputElement>) => check(name, event.currentTarget, 'typing'),
    onBlur: (event: React.FocusEvent<HTMLInputElement>) => check(name, event.currentTarget, 'left'),
  })
  const isComplete = !incomplete.begin && !incomplete.end
  return (
    <div className={classes.fields}>
      <TextInput {...field('begin')} />
      <TextInput {...field('end')} {...(isComplete && { error: fault })} />
    </div>
  )
}
