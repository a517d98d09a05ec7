import { conflict, limits, undo, unsaved } from './editing'
import { bulk } from './bulk'
import { customerHistory } from './customer-history'
import { customers } from './customers'
import { ago, bytes, day, list, localDay, moment, number, percent } from './formats'
import { groups, history, members } from './groups'
import { growth } from './growth'
import { historyFilters } from './history-filters'
import { keys } from './keys'
import { metadata } from './metadata'
import { connection, errors, navigation, shell } from './shell'
import { picking } from './picking'
import { usedBy } from './used-by'
import { filters, selection, table, views } from './table'
import { terms } from './terms'

/**
 * Every word on the screen, in the person's language, which is known before anything here is looked up.
 *
 * Where the user guide names a button, a page or a menu, the English word here is the guide's.
 */
export const words = {
  ...shell,
  number,
  percent,
  bytes,
  list,
  day,
  localDay,
  moment,
  ago,
  navigation,
  keys,
  errors,
  connection,
  conflict,
  limits,
  terms,
  unsaved,
  undo,
  table,
  views,
  filters,
  selection,
  picking,
  groups,
  members,
  metadata,
  history,
  historyFilters,
  growth,
  usedBy,
  customerHistory,
  customers,
  bulk,
}
