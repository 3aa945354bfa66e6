// What somebody's page without a framework says to `deskbell/element`; it is compiled, not run.
import { loadWidget } from 'deskbell/element'

await loadWidget({ server: '/support', nonce: 'n' })
const chat = document.createElement('deskbell-chat')
chat.getToken = async () => (await fetch('/token')).text()
document.body.append(chat)
document.querySelector('deskbell-chat')?.open()
