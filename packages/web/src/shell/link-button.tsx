import { Button } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ButtonProps } from '@mantine/core'
import type { AnchorHTMLAttributes, Ref } from 'react'

interface AnchorButtonProps extends ButtonProps, Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> {
  ref?: Ref<HTMLAnchorElement>
}

function AnchorButton({ ref, ...props }: AnchorButtonProps) {
  return <Button component="a" {...(ref ? { ref } : {})} {...props} />
}

/** A link within the app that looks like a button. */
export const LinkButton = createLink(AnchorButton)
