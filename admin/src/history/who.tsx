import { Anchor, Button, Loader, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { readCustomersByIds } from '../customers/find-customers'
import { Problem } from '../feedback/problem'
import { words } from '../words'
import classes from './history-section.module.css'

type Props = { label: string; ids: string[] }

const atOnce = 50

/** The customers of an entry. They are only loaded if the user opens them. */
export function Who({ label, ids }: Props) {
  const [opened, { toggle }] = useDisclosure(false)
  const [shown, setShown] = useState(atOnce)
  const some = ids.slice(0, shown)
  const { data, error } = useQuery({
    queryKey: ['customers', 'named', some],
    queryFn: () => readCustomersByIds(some),
    enabled: opened,
  })
  const emails = new Map(data?.map(({ id, email }) => [id, email]))
  return (
    <>
      <Button size='compact-xs' variant='subtle' aria-expanded={opened} onClick={toggle}>
        {label}
      </Button>
      {opened && (
        <div className={classes.who}>
          {!data && !error && <Loader size='xs' aria-label={words.loading} />}
          <Problem error={error} />
          {data && (
            <ul>
              {some.map((id) => (
                <li key={id}>
                  {emails.has(id) ? (
                    <Anchor component={Link} to={`/customers/${id}`} size='sm'>
                      {emails.get(id) ?? id}
                    </Anchor>
                  ) : (
                    <Text size='sm' c='dimmed'>
                      {words.history.gone(id)}
                    </Text>
                  )}
                </li>
              ))}
            </ul>
          )}
          {data && shown < ids.length && (
            <Button size='compact-xs' variant='subtle' onClick={() => setShown(shown + atOnce)}>
              {words.history.moreCustomers(ids.length - shown)}
            </Button>
          )}
        </div>
      )}
    </>
  )
}
