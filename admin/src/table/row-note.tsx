import { Text } from '@mantine/core'

/** A row's name, and below it why the row cannot be selected. */
export function RowNote({ text, note }: { text: string; note: string | null }) {
  return (
    <>
      {text}
      {note && (
        <Text size='xs' c='dimmed'>
          {note}
        </Text>
      )}
    </>
  )
}
