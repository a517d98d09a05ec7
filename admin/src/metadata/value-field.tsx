import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { words } from '../words'
import classes from './metadata-rows.module.css'
import type { Field } from './rows'

type Props = { field: Field; label: string; error: string | undefined; onChange: (change: Partial<Field>) => void }

/** The value as text, in the format of its type. */
export function ValueField({ field, label, error, onChange }: Props) {
  const { kind, text, yes } = field
  if (kind === 'nothing') return <TextInput size='xs' aria-label={label} value={words.metadata.nothing} disabled />
  if (kind === 'yes-no') {
    return (
      <NativeSelect
        size='xs'
        aria-label={label}
        value={String(yes)}
        onChange={(event) => onChange({ yes: event.currentTarget.value === 'true' })}
        data={[
          { value: 'true', label: words.metadata.yes },
          { value: 'false', label: words.metadata.no },
        ]}
      />
    )
  }
  const common = { size: 'xs', 'aria-label': label, value: text, error, autoComplete: 'off' } as const
  if (kind === 'json' || kind === 'text') {
    return (
      <Textarea
        {...common}
        classNames={{ input: classes.growing }}
        rows={Math.min(10, text.split('\n').length)}
        data-lines={kind === 'json' || undefined}
        spellCheck={kind === 'text'}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
      />
    )
  }
  return (
    <TextInput {...common} inputMode='decimal' onChange={(event) => onChange({ text: event.currentTarget.value })} />
  )
}
