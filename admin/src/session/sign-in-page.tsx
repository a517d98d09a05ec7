import { Card, Center, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { pageTitle, product } from '../words/brand'
import { signIn } from '../words/first/sign-in'
import { SignInForm } from './sign-in-form'
import classes from './sign-in-page.module.css'

/** Shown at the requested address until the user has signed in. */
export default function SignInPage({ onTyping }: { onTyping: () => void }) {
  useDocumentTitle(pageTitle(signIn.title))
  return (
    <Center component='main' className={classes.page}>
      <Card withBorder padding='xl' className={classes.card}>
        <Stack gap='lg'>
          <Stack gap={4} align='center'>
            <img src='/icon.svg' alt='' width={40} height={40} />
            <Title order={1} size='h3'>
              {signIn.title}
            </Title>
            <Text c='dimmed' size='sm'>
              {product}
            </Text>
          </Stack>
          <SignInForm onTyping={onTyping} />
        </Stack>
      </Card>
    </Center>
  )
}
