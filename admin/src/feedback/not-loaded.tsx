import { Text } from '@mantine/core'
import { isPassing } from '../api/errors'
import { words } from '../words'
import { Problem } from './problem'

/**
 * Stands where something could not be read. What may pass by itself is told once for the whole page, by its banner; a
 * refusal is told here.
 */
export function NotLoaded({ error }: { error: unknown }) {
  if (!error) return null
  if (!isPassing(error)) return <Problem error={error} />
  return (
    <Text size='sm' c='dimmed'>
      {words.connection.notLoaded}
    </Text>
  )
}
