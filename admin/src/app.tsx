import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { BrowserRouter, Navigate, Route, Routes } from 'react-router'
import { ApiError } from './api/errors'
import { useFirstToast } from './feedback/first-toast'
import { useSession } from './session/session'
import { SessionGate } from './session/session-gate'
import { theme } from './theme'

// Each page is loaded when it is shown, and signing in does not wait for any of them.
const SignInPage = lazy(() => import('./session/sign-in-page'))
const SessionEnded = lazy(() => import('./session/session-ended'))
const Layout = lazy(() => import('./shell/layout'))
const NoPage = lazy(() => import('./shell/no-page'))
const Toasts = lazy(() => import('./feedback/toasts'))
const GroupsPage = lazy(() => import('./customer-groups/groups-page'))
const GroupPage = lazy(() => import('./customer-groups/group-page'))
const CustomersPage = lazy(() => import('./customers/customers-page'))
const CustomerPage = lazy(() => import('./customers/customer-page'))

const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays a refusal; only what may pass by itself is worth asking again.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
})

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme='auto' withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={cache}>
        <BrowserRouter>
          <Pages />
          <SessionEndedGate />
        </BrowserRouter>
        <ToastsGate />
      </QueryClientProvider>
    </MantineProvider>
  )
}

function Pages() {
  return (
    <Suspense>
      <Routes>
        <Route path='/sign-in' element={<SignInPage />} />
        <Route
          element={
            <SessionGate>
              <Layout />
            </SessionGate>
          }
        >
          <Route path='/' element={<Navigate to='/customer-groups' replace />} />
          <Route path='/customer-groups' element={<GroupsPage />} />
          <Route path='/customer-groups/:id' element={<GroupPage />} />
          <Route path='/customers' element={<CustomersPage />} />
          <Route path='/customers/:id' element={<CustomerPage />} />
          <Route path='*' element={<NoPage />} />
        </Route>
      </Routes>
    </Suspense>
  )
}

function ToastsGate() {
  const wanted = useFirstToast()
  return <Suspense>{wanted && <Toasts />}</Suspense>
}

function SessionEndedGate() {
  const { state } = useSession()
  if (state !== 'ended') return null
  return (
    <Suspense>
      <SessionEnded />
    </Suspense>
  )
}
