import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { isMomentText } from './draft'
import type { Editor, Kind } from './fields'
import { GroupFields } from './group-fields'
import { localMoment, momentOf } from './moments'
import classes from './rules.module.css'
import { words } from './words'

type Props = {
  editor: Editor
  kind: Kind
  /** The number of the condition. */
  number: string
  texts: string[]
  error: string | undefined
  onChange: (texts: string[]) => void
}

/** The fields for the value of a condition. */
export function ValueFields({ editor, kind, number, texts, error, onChange }: Props) {
  const [first = '', second = ''] = texts
  const { rules } = words
  const one = { kind, label: rules.valueOf(number), text: first, error, onChange: (text: string) => onChange([text]) }
  switch (editor) {
    case 'none':
    case 'kept':
      return null
    case 'groups':
      return <GroupFields number={number} ids={texts} error={error} onChange={onChange} />
    case 'yes-no':
      return (
        <NativeSelect
          aria-label={one.label}
          value={first}
          error={error}
          data={[
            { value: 'true', label: words.metadata.yes },
            { value: 'false', label: words.metadata.no },
          ]}
          onChange={(event) => onChange([event.currentTarget.value])}
        />
      )
    case 'list':
      return (
        <Textarea
          aria-label={rules.valuesOf(number)}
          placeholder={rules.oneInALine}
          className={classes.wide}
          rows={Math.min(8, Math.max(2, texts.length + 1))}
          value={texts.join('\n')}
          error={error}
          onChange={(event) => onChange(event.currentTarget.value.split('\n'))}
        />
      )
    case 'range':
      return (
        <div className={classes.range}>
          <OneValue
            {...one}
            label={rules.lowerOf(number)}
            error={Boolean(error)}
            onChange={(text) => onChange([text, second])}
          />
          <OneValue {...one} label={rules.upperOf(number)} text={second} onChange={(text) => onChange([first, text])} />
        </div>
      )
    case 'days':
      return <OneValue {...one} kind='number' label={rules.daysOf(number)} text={isMomentText(first) ? '' : first} />
    default:
      return <OneValue {...one} />
  }
}

type OneProps = {
  kind: Kind
  label: string
  text: string
  error: string | boolean | undefined
  onChange: (text: string) => void
}

function OneValue({ kind, label, text, error, onChange }: OneProps) {
  const common = { 'aria-label': label, error, autoComplete: 'off' }
  if (kind === 'moment') {
    return (
      <TextInput
        {...common}
        type='datetime-local'
        step='any'
        value={localMoment(text)}
        onChange={(event) => onChange(momentOf(event.currentTarget.value))}
      />
    )
  }
  return (
    <TextInput
      {...common}
      {...(kind === 'number' && { inputMode: 'decimal' as const })}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
