import { Center, Loader } from '@mantine/core'
import type { ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { words } from '../words'
import { useSession } from './session'

/** Lets only people with a session through; the others sign in first and come back to this very address. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { state } = useSession()
  const { pathname, search } = useLocation()
  if (state === 'starting') {
    return (
      <Center mih='100dvh'>
        <Loader aria-label={words.loading} />
      </Center>
    )
  }
  if (state === 'signed-out') {
    return <Navigate to={`/sign-in?return=${encodeURIComponent(pathname + search)}`} replace />
  }
  return children
}
