import { SupportChat, useSupportChat } from 'deskbell/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

function App() {
  const { status, unreadCount } = useSupportChat()
  return (
    <main>
      <h1>A React app</h1>
      {status === 'signed_out' ? <p>Nobody has signed in.</p> : <p>{unreadCount} unread replies</p>}
      <form method="post" action="/sign-in">
        <button name="who" value="ada">
          Sign in as Ada, a customer
        </button>
        <button name="who" value="sam">
          Sign in as Sam, of staff
        </button>
      </form>
      <p>
        <a href="/support/dashboard">The dashboard</a>
      </p>
      <SupportChat heading="Talk to us" />
    </main>
  )
}

createRoot(document.getElementById('app')).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
