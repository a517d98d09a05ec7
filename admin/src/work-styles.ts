// The styles of all pages after the sign-in, in Mantine's order. `styles.ts` is loaded before.
import '@mantine/core/styles/CloseButton.css'
import '@mantine/core/styles/Group.css'
import '@mantine/core/styles/InlineInput.css'
import '@mantine/core/styles/Checkbox.css'
import '@mantine/core/styles/EmptyState.css'
import '@mantine/core/styles/Pagination.css'
import '@mantine/core/styles/Skeleton.css'
