import { Checkbox, NativeSelect, Stack } from '@mantine/core'
import { words } from './words'
import { Choices } from './choices'
import { type Preview, recognized } from './preview'

export type Options = {
  action: 'add' | 'remove' | 'set'
  createMissing: boolean
  /** The column that identifies the customer. Null for the recognized ones. */
  column: string | null
}

type Props = {
  preview: Preview
  options: Options
  mayCreate: boolean
  disabled: boolean
  onChange: (change: Partial<Options>) => void
}

/** The action for the customers of a file. */
export function ImportOptions({ preview, options, mayCreate, disabled, onChange }: Props) {
  const { importing } = words
  const { action, createMissing, column } = options
  const found = recognized(preview)
  const asFound = found.length > 0 ? importing.columnFound(words.list(found)) : importing.chooseColumn
  return (
    <Stack gap='md'>
      {(preview.columns.length > 1 || found.length === 0) && (
        <NativeSelect
          label={importing.column}
          value={column ?? ''}
          disabled={disabled}
          error={found.length === 0 && column === null ? importing.columnMissing : null}
          data={[{ value: '', label: asFound }, ...preview.columns.map(({ name }) => ({ value: name, label: name }))]}
          onChange={(event) => onChange({ column: event.currentTarget.value || null })}
        />
      )}
      <Choices
        label={importing.action}
        value={action}
        disabled={disabled}
        choices={(['add', 'remove', 'set'] as const).map((value) => ({ value, ...importing.actions[value] }))}
        onChoose={(chosen) => onChange({ action: chosen })}
      />
      {mayCreate && action !== 'remove' && (
        <Checkbox
          label={importing.createMissing}
          description={importing.createMissingHint}
          checked={createMissing}
          disabled={disabled}
          onChange={(event) => onChange({ createMissing: event.currentTarget.checked })}
        />
      )}
    </Stack>
  )
}
