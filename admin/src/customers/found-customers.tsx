import { Code, Text } from '@mantine/core'
import '@mantine/core/styles/Code.css'
import { words } from '../words'
import type { Found } from './find-customers'

/** The number of pasted values that were found and selected, and the values that were not. */
export function FoundCustomers({ found }: { found: Found | null }) {
  if (!found) return null
  const { ids, missing } = found
  return (
    <div role='status'>
      <Text size='sm' px='md' py={4}>
        {words.picking.found(ids.length)}
        {missing.length > 0 && ` ${words.picking.missing(missing.length)}`}
      </Text>
      {missing.length > 0 && (
        <Code block mx='md' mb='xs' mah={120}>
          {missing.join('\n')}
        </Code>
      )}
    </div>
  )
}
