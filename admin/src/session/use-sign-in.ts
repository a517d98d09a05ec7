import { useState } from 'react'
import { signIn } from '../words/first/sign-in'
import { userPool } from './current-tokens'
import type { Person } from './person'
import { signedIn } from './session'
import { type FieldName, type Fault, faultOf } from './sign-in-fault'
import type { Step } from './user-pool'

/** The step of the form. `forgot` requests the e-mail address for a code, `reset` the code and a new password. */
export type Asked = 'password' | 'forgot' | 'reset' | 'new-password' | 'code' | 'set-up'

export type Answers = Record<FieldName, string>

/** Goes through the steps of the user pool. After an error, the step is repeated. */
export function useSignIn(onSignedIn?: (person: Person) => void) {
  const [asked, setAsked] = useState<Asked>('password')
  const [setUp, setSetUp] = useState<{ secret: string; link: string } | null>(null)
  const [fault, setFault] = useState<Fault | null>(null)
  const [busy, setBusy] = useState(false)

  const ask = (next: Asked) => {
    setFault(null)
    setAsked(next)
  }

  const follow = async (step: Step) => {
    if (step.asks === 'something-else') return setFault({ text: signIn.unknown })
    if (step.asks === 'set-up') setSetUp(step)
    if (step.asks !== 'nothing') return ask(step.asks === 'reset' ? 'forgot' : step.asks)
    const tokens = await (await userPool()).renewTokens(false)
    if (!tokens) return setFault({ text: signIn.failed })
    onSignedIn?.(tokens.person)
    signedIn(tokens.person)
  }

  const send = async (answers: Answers) => {
    const { username, password, newPassword, repeated, code } = answers
    const isNew = asked === 'new-password' || asked === 'reset'
    if (isNew && newPassword !== repeated) return setFault({ field: 'repeated', text: signIn.notTheSame })
    setBusy(true)
    setFault(null)
    try {
      const pool = await userPool()
      if (asked === 'password') await follow(await pool.sendPassword(username, password))
      else if (asked === 'reset') await follow(await pool.resetAndSignIn(username, code, newPassword))
      else if (asked !== 'forgot')
        await follow(await pool.sendAnswer(username, asked === 'new-password' ? newPassword : code))
      else {
        await pool.sendResetCode(username)
        ask('reset')
      }
    } catch (error) {
      setFault(faultOf(error))
    } finally {
      setBusy(false)
    }
  }

  return { asked, setUp, fault, busy, send, ask }
}
