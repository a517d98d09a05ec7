import { Link } from 'react-router'
import { words } from '../words'
import classes from './crumbs.module.css'

/** The breadcrumbs: the list, and the record. */
export function Crumbs({ to, list, name }: { to: string; list: string; name: string }) {
  return (
    <nav aria-label={words.navigation.crumbs}>
      <ol className={classes.crumbs}>
        <li>
          <Link to={to}>{list}</Link>
        </li>
        <li aria-current='page'>
          <bdi>{name}</bdi>
        </li>
      </ol>
    </nav>
  )
}
