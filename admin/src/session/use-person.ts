import type { Person } from './person'
import { useSession } from './session'

/** Who is at work here. Only pages that need a session use it. */
export function usePerson(): Person {
  const session = useSession()
  return 'person' in session ? session.person : { id: '', name: '', role: 'viewer' }
}
