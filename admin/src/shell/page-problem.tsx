import { Button, Card, EmptyState, Title } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { forgetFailedCode, hasFailedCode } from './lazy-code'
import { words } from '../words'

type Props = { children: ReactNode }
type State = { error: unknown; tries: number }

/**
 * Stands in for a page that could not be shown, so that the rest of the app stays usable.
 *
 * Its code may not have come through: it is fetched again once the network is back. Where that does not help, it is a page
 * of an older release whose code is no longer there, and loading anew brings the newer one.
 */
export class PageProblem extends Component<Props, State> {
  override state: State = { error: null, tries: 0 }

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error }
  }

  override componentDidMount() {
    window.addEventListener('online', this.tryAgain)
  }

  override componentWillUnmount() {
    window.removeEventListener('online', this.tryAgain)
  }

  private readonly tryAgain = () => {
    if (!this.state.error) return
    if (this.state.tries > 0 || !forgetFailedCode()) return window.location.reload()
    this.setState({ error: null, tries: 1 })
  }

  override render() {
    if (!this.state.error) return this.props.children
    const heading = (
      <Title order={1} size='h4'>
        {words.errors.pageTitle}
      </Title>
    )
    const text = hasFailedCode() ? words.connection.noCode : words.errors.pageText
    return (
      <Card withBorder padding='xl' role='alert'>
        <EmptyState title={heading} description={text}>
          <Button variant='default' mt='sm' onClick={this.tryAgain}>
            {words.retry}
          </Button>
        </EmptyState>
      </Card>
    )
  }
}
