import { SupportChat } from 'deskbell/react'
import type { ReactNode } from 'react'

export const metadata = { title: 'A serverless Next.js app' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        {children}
        <SupportChat heading="Talk to us" />
      </body>
    </html>
  )
}
