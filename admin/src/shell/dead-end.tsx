import { Button, Card, EmptyState, Title } from '@mantine/core'
import { Link } from 'react-router'
import { Page } from './page'

type Props = { title: string; text: string; to: string; back: string }

/** A page that does not exist, with a link back. */
export function DeadEnd({ title, text, to, back }: Props) {
  const heading = (
    <Title order={1} size='h4' tabIndex={-1} data-page-heading>
      {title}
    </Title>
  )
  return (
    <Page title={title}>
      <Card withBorder padding='xl'>
        <EmptyState title={heading} description={text}>
          <Button component={Link} to={to} variant='default' mt='sm'>
            {back}
          </Button>
        </EmptyState>
      </Card>
    </Page>
  )
}
