import { words } from '../words'
import { DeadEnd } from './dead-end'

export default function NoPage() {
  const { noPage, noPageText } = words.errors
  return <DeadEnd title={noPage} text={noPageText} to='/customer-groups' back={words.groups.back} />
}
