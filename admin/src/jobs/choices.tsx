import '@mantine/core/styles/Radio.css'
import { Radio, Stack } from '@mantine/core'

type Choice<Value extends string> = { value: Value; label: string; description?: string }

type Props<Value extends string> = {
  label: string
  value: Value | null
  choices: Choice<Value>[]
  disabled?: boolean
  onChoose: (value: Value) => void
}

/** A choice between options with explanations. */
export function Choices<Value extends string>({ label, value, choices, disabled = false, onChoose }: Props<Value>) {
  return (
    <Radio.Group label={label} value={value} onChange={(chosen) => onChoose(chosen as Value)}>
      <Stack gap='xs' mt={6}>
        {choices.map((choice) => (
          <Radio key={choice.value} {...choice} disabled={disabled} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
