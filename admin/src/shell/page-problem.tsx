import { Button, Card, EmptyState, Title } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { words } from '../words'

/**
 * Stands in for a page that could not be shown, so that the rest of the app stays usable.
 *
 * Mostly it is a page of an older release whose code is no longer there; loading anew brings the newer one.
 */
export class PageProblem extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    const heading = (
      <Title order={1} size='h4'>
        {words.errors.pageTitle}
      </Title>
    )
    return (
      <Card withBorder padding='xl' role='alert'>
        <EmptyState title={heading} description={words.errors.pageText}>
          <Button variant='default' mt='sm' onClick={() => window.location.reload()}>
            {words.errors.reload}
          </Button>
        </EmptyState>
      </Card>
    )
  }
}
