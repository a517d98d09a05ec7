import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { words } from '../words'
import type { Field } from './rows'

type Props = { field: Field; label: string; error: string | undefined; onChange: (change: Partial<Field>) => void }

/** The value in the way its kind is written. */
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
  // A field of one line would drop the line breaks.
  if (kind === 'json' || text.includes('\n')) {
    return (
      <Textarea
        {...common}
        rows={Math.min(10, text.split('\n').length)}
        spellCheck={kind !== 'json'}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
      />
    )
  }
  return (
    <TextInput
      {...common}
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      onChange={(event) => onChange({ text: event.currentTarget.value })}
    />
  )
}
