import './styles'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import { prefetchPage } from './pages'
import { currentTokens } from './session/current-tokens'
import { borrowSession, shareSession } from './session/other-tabs'
import { signedIn, signedOut } from './session/session'
import { isSessionKept, keptTokens } from './session/tokens'
import { directionOf, prefetchWords, wanted } from './words/languages'

/**
 * With valid tokens, the page is shown immediately. Otherwise the session of another tab is used, or the user pool is
 * asked for new tokens.
 */
async function continueSession() {
  if (!isSessionKept()) await borrowSession()
  if (isSessionKept()) prefetchWords('pages')
  const tokens = keptTokens() ?? (await currentTokens())
  if (tokens) signedIn(tokens.person)
  else signedOut()
}

shareSession()
// The user pool is not available. The sign-in form shows the error.
continueSession().catch(signedOut)

// Words and the page's code are loaded in parallel with everything else.
if (isSessionKept()) prefetchPage(window.location.pathname)
else prefetchWords('first')

const place = document.getElementById('app')
if (place) {
  createRoot(place).render(
    <StrictMode>
      <App direction={directionOf(wanted())} />
    </StrictMode>,
  )
}
