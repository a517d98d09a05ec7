import './work-styles'
import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense } from 'react'
import { BrowserRouter, Navigate, Route, Routes } from 'react-router'
import { cache } from './api/cache'
import { useFirstToast } from './feedback/first-toast'
import { useWatched } from './jobs/watched'
import { CustomerPage, CustomersPage, GroupPage, GroupsPage, JobPage, JobsPage, start, startAddresses } from './pages'
import { useSession } from './session/session'
import Layout from './shell/layout'
import { lazyCode } from './shell/lazy-code'

const SessionEnded = lazyCode(() => import('./session/session-ended'))
const NoPage = lazyCode(() => import('./shell/no-page'))
const WatchJobs = lazyCode(() => import('./jobs/watch-jobs'))
const Toasts = lazyCode(() => import('./feedback/toasts'))

/** The pages for signed-in users. */
export default function Work() {
  return (
    <QueryClientProvider client={cache}>
      <BrowserRouter>
        <Pages />
        <SessionEndedGate />
        <WatchJobsGate />
      </BrowserRouter>
      <ToastsGate />
    </QueryClientProvider>
  )
}

function Pages() {
  return (
    <Routes>
      <Route element={<Layout />}>
        {startAddresses.map((path) => (
          <Route key={path} path={path} element={<Navigate to={start} replace />} />
        ))}
        <Route path='/customer-groups' element={<GroupsPage />} />
        <Route path='/customer-groups/:id' element={<GroupPage />} />
        <Route path='/customers' element={<CustomersPage />} />
        <Route path='/customers/:id' element={<CustomerPage />} />
        <Route path='/jobs' element={<JobsPage />} />
        <Route path='/jobs/:id' element={<JobPage />} />
        <Route path='*' element={<NoPage />} />
      </Route>
    </Routes>
  )
}

function WatchJobsGate() {
  const ids = useWatched()
  return <Suspense>{ids.length > 0 && <WatchJobs ids={ids} />}</Suspense>
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
