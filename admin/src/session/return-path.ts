/** Where to go after signing in: a path on this site and nothing else, since the address can be anyone's. */
export function returnPath(wanted: string | null): string {
  return wanted?.startsWith('/') && !/^\/[/\\]/.test(wanted) ? wanted : '/customer-groups'
}
