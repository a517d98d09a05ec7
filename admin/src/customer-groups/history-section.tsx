import '@mantine/core/styles/Timeline.css'
import { Button, Skeleton, Text, Timeline } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { api, body } from '../api/client'
import { EmptyList } from '../feedback/empty-list'
import { Problem } from '../feedback/problem'
import { usePerson } from '../session/use-person'
import { Section } from '../shell/section'
import { words } from '../words'
import { changeText } from './change-text'
import { groupKeys } from './group-list-data'
import classes from './history-section.module.css'

/** What happened to the group, newest first. */
export function HistorySection({ groupId }: { groupId: string }) {
  const { id: me } = usePerson()
  const history = useInfiniteQuery({
    queryKey: groupKeys.history(groupId),
    queryFn: ({ pageParam, signal }) =>
      body(
        api.GET('/admin/customer-groups/{id}/history', {
          params: { path: { id: groupId }, query: { limit: 10, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
  const changes = history.data?.pages.flatMap((page) => page.changes)
  return (
    <Section title={words.history.title}>
      <div className={classes.history}>
        {history.isPending && <Skeleton height={14} width='40%' />}
        <Problem error={history.error} onRetry={() => void history.refetch()} />
        {changes?.length === 0 && <EmptyList title={words.history.empty} text='' />}
        {changes && changes.length > 0 && (
          <Timeline bulletSize={12} lineWidth={2} active={-1}>
            {changes.map((change) => (
              <Timeline.Item key={change.id} title={changeText(change)}>
                <Text size='xs' c='dimmed'>
                  {words.history.by(change.actor === me ? words.history.you : change.actor, words.moment(change.at))}
                </Text>
              </Timeline.Item>
            ))}
          </Timeline>
        )}
        {history.hasNextPage && (
          <Button
            mt='md'
            variant='default'
            size='xs'
            loading={history.isFetchingNextPage}
            onClick={() => void history.fetchNextPage()}
          >
            {words.history.more}
          </Button>
        )}
      </div>
    </Section>
  )
}
