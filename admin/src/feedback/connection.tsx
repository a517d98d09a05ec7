import { Button, Group, Text } from '@mantine/core'
import { onlineManager, useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { explain, isTemporary } from '../api/errors'
import { useWaiting } from '../api/patience'
import { words } from '../words'
import classes from './connection.module.css'

/** A banner for the whole page: no connection, or a busy or unavailable server. */
export function Connection() {
  const cache = useQueryClient()
  const isOnline = useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
  )
  const isBusy = useWaiting()
  const problem = useSyncExternalStore(
    (listener) => cache.getQueryCache().subscribe(listener),
    () => cache.getQueryCache().getAll().find(isShownAndFailed)?.state.error ?? null,
  )
  const text = isOnline
    ? problem
      ? explain(problem)
      : isBusy
        ? words.connection.busy
        : null
    : words.connection.offline
  return (
    <div role='status' className={classes.place}>
      {text && (
        <Group className={classes.banner} justify='space-between' gap='sm' wrap='nowrap'>
          <Text size='sm'>{text}</Text>
          {isOnline && problem && (
            <Button
              size='xs'
              variant='default'
              flex='none'
              onClick={() => void cache.refetchQueries({ type: 'active' })}
            >
              {words.retry}
            </Button>
          )}
        </Group>
      )}
    </div>
  )
}

type Query = { isActive: () => boolean; state: { status: string; error: unknown; fetchStatus: string } }

const isShownAndFailed = (query: Query) => query.isActive() && isTemporary(query.state.error)
