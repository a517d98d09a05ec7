import { Text } from '@mantine/core'

/** A row's name, and under it why the row cannot be picked. */
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
