import { Center, DirectionProvider, Loader, MantineProvider } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useSession } from './session/session'
import { theme } from './theme'

const SignInPage = lazy(() => import('./session/sign-in-page'))
const Work = lazy(() => import('./work'))

/** Only renders the pages for users with a session. Others sign in first, at the requested address. */
export function App({ direction }: { direction: 'ltr' | 'rtl' }) {
  const { state } = useSession()
  return (
    <DirectionProvider initialDirection={direction} detectDirection={false}>
      <MantineProvider theme={theme} defaultColorScheme='auto' withCssVariables={false} withGlobalClasses={false}>
        <Suspense fallback={<Starting />}>
          {state === 'starting' && <Starting />}
          {state === 'signed-out' && <SignInPage />}
          {(state === 'signed-in' || state === 'ended') && <Work />}
        </Suspense>
      </MantineProvider>
    </DirectionProvider>
  )
}

function Starting() {
  return (
    <Center mih='100dvh'>
      <Loader />
    </Center>
  )
}
