import { Anchor, List, Text } from '@mantine/core'
import '@mantine/core/styles/List.css'
import type { Reference } from '../api/types'
import { words } from '../words'
import classes from './used-by.module.css'

type Props = { references: Reference[]; count: number }

/** The references of a group, each with its link if it has one. */
export function UsedByList({ references, count }: Props) {
  const more = count - references.length
  return (
    <>
      <List className={classes.list ?? ''} size='sm' aria-label={words.usedBy.title}>
        {references.map(({ system, id, label, url }) => (
          <List.Item key={`${system} ${id}`}>
            {url ? (
              <Anchor href={url} target='_blank' rel='noreferrer' size='sm'>
                {label}
              </Anchor>
            ) : (
              label
            )}{' '}
            <Text component='span' size='xs' c='dimmed'>
              {system}
            </Text>
          </List.Item>
        ))}
      </List>
      {more > 0 && (
        <Text size='xs' c='dimmed'>
          {words.usedBy.more(more)}
        </Text>
      )}
    </>
  )
}
