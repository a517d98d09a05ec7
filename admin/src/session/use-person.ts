import type { Person } from './person'
import { useSession } from './session'

/** The signed-in user. Only for pages that need a session. */
export function usePerson(): Person {
  const session = useSession()
  return 'person' in session ? session.person : { id: '', name: '', role: 'viewer' }
}
