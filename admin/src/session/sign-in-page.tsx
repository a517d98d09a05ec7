import { Card, Center, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { Navigate, useSearchParams } from 'react-router'
import { words } from '../words'
import { returnPath } from './return-path'
import { useSession } from './session'
import { SignInForm } from './sign-in-form'
import classes from './sign-in-page.module.css'

export default function SignInPage() {
  const session = useSession()
  const [address] = useSearchParams()
  useDocumentTitle(words.pageTitle(words.signIn.title))
  if (session.state === 'signed-in') return <Navigate to={returnPath(address.get('return'))} replace />
  return (
    <Center component='main' className={classes.page}>
      <Card withBorder padding='xl' className={classes.card}>
        <Stack gap='lg'>
          <Stack gap={4} align='center'>
            <img src='/icon.svg' alt='' width={40} height={40} />
            <Title order={1} size='h3'>
              {words.signIn.title}
            </Title>
            <Text c='dimmed' size='sm'>
              {words.product}
            </Text>
          </Stack>
          <SignInForm />
        </Stack>
      </Card>
    </Center>
  )
}
