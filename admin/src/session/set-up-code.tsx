import { Anchor, Code, Stack, Text } from '@mantine/core'
import '@mantine/core/styles/Code.css'
import { encode } from 'uqr'
import { signIn } from '../words/first/sign-in'
import classes from './sign-in-page.module.css'

/** The key for an authenticator app: as a code to scan, as a link, and as text. */
export default function SetUpCode({ secret, link }: { secret: string; link: string }) {
  const { data, size } = encode(link)
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return (
    <Stack align='center' gap='xs'>
      <svg className={classes.scan} viewBox={`0 0 ${size} ${size}`} role='img' aria-label={signIn.scan}>
        <path d={squares.join('')} />
      </svg>
      <Anchor href={link} size='sm'>
        {signIn.openApp}
      </Anchor>
      <Text size='sm' c='dimmed'>
        {signIn.typeKey}
      </Text>
      <Code className={classes.secret} dir='ltr'>
        {secret.match(/.{1,4}/g)?.join(' ')}
      </Code>
    </Stack>
  )
}
