import { Text } from '@mantine/core'
import { isTemporary } from '../api/errors'
import { words } from '../words'
import { Problem } from './problem'

/**
 * Shown instead of something that could not be read. The banner explains a temporary error once for the whole page.
 * Other errors are explained here.
 */
export function NotLoaded({ error }: { error: unknown }) {
  if (!error) return null
  if (!isTemporary(error)) return <Problem error={error} />
  return (
    <Text size='sm' c='dimmed'>
      {words.connection.notLoaded}
    </Text>
  )
}
