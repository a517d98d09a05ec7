import { createContext, use } from 'react'
import type { Faults } from './faults'

type Building = {
  groupId: string
  faults: Faults
  /** The id of the condition that was added last. It gets the focus. */
  added: string | undefined
  onAdd: (id: string | undefined) => void
}

export const BuildingContext = createContext<Building | null>(null)

/** What all parts of the rule builder need, beside what react-querybuilder gives them. */
export function useBuilding(): Building {
  const building = use(BuildingContext)
  if (!building) throw new Error('This is only for the rule builder')
  return building
}
