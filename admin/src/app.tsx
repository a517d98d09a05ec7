import { Center, DirectionProvider, Loader, MantineProvider } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { prefetchPage } from './pages'
import { useSession } from './session/session'
import { theme } from './theme'
import { prefetchWords } from './words/languages'

const SignInPage = lazy(() => import('./session/sign-in-page'))
const work = () => import('./work')
const Work = lazy(work)

/** Only renders the pages for users with a session. Others sign in first, at the requested address. */
export function App({ direction }: { direction: 'ltr' | 'rtl' }) {
  const session = useSession()
  const { state } = session
  return (
    <DirectionProvider initialDirection={direction} detectDirection={false}>
      <MantineProvider theme={theme} defaultColorScheme='auto' withCssVariables={false} withGlobalClasses={false}>
        <Suspense fallback={<Starting />}>
          {state === 'starting' && <Starting />}
          {state === 'signed-out' && <SignInPage onTyping={prefetchWork} />}
          {/* Of what somebody had open, nothing remains for the next user. */}
          {'person' in session && <Work key={session.person.id} />}
        </Suspense>
      </MantineProvider>
    </DirectionProvider>
  )
}

/** What follows the sign-in is loaded while the user types. */
function prefetchWork() {
  prefetchWords('pages')
  work().catch(() => null)
  prefetchPage(window.location.pathname)
}

function Starting() {
  return (
    <Center mih='100dvh'>
      <Loader />
    </Center>
  )
}
