import { Button, Card, EmptyState } from '@mantine/core'
import { Link } from 'react-router'
import { Page } from './page'

type Props = { title: string; text: string; to: string; back: string }

/** Nothing is here, and this is the way back. */
export function DeadEnd({ title, text, to, back }: Props) {
  return (
    <Page title={title}>
      <Card withBorder padding='xl'>
        <EmptyState
          title={
            <h1 data-page-heading tabIndex={-1}>
              {title}
            </h1>
          }
          description={text}
        >
          <Button component={Link} to={to} variant='default' mt='sm'>
            {back}
          </Button>
        </EmptyState>
      </Card>
    </Page>
  )
}
