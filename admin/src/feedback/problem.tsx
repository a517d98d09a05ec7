import { Button, Group, Text } from '@mantine/core'
import { explain } from '../api/errors'
import { words } from '../words'
import { Notice } from './notice'

type Props = { error: unknown; onRetry?: () => void }

/** Shows an error where it occurred. Input is kept. */
export function Problem({ error, onRetry }: Props) {
  if (!error) return null
  return (
    <Notice kind='problem' title={words.errors.title}>
      <Group justify='space-between' align='center'>
        <Text size='sm'>{explain(error)}</Text>
        {onRetry && (
          <Button size='xs' variant='default' onClick={onRetry}>
            {words.retry}
          </Button>
        )}
      </Group>
    </Notice>
  )
}
