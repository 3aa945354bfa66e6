import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'

async function signIn(form: FormData) {
  'use server'
  const who = form.get('who') === 'sam' ? 'sam' : 'ada'
  ;(await cookies()).set('who', who, { httpOnly: true, sameSite: 'lax' })
  redirect('/')
}

export default function Page() {
  return (
    <main>
      <h1>A serverless Next.js app</h1>
      <form action={signIn}>
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
    </main>
  )
}
