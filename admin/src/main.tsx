import './styles'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import { signedIn, signedOut } from './session/session'
import { connect, currentTokens } from './session/user-pool'

async function start() {
  await connect()
  const tokens = await currentTokens()
  if (tokens) signedIn(tokens.person)
  else signedOut()
}

// The user pool cannot be asked, so nobody is signed in as far as we know; the form says what is wrong.
start().catch(signedOut)

const place = document.getElementById('app')
if (place) {
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
