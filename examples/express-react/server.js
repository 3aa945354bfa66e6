import express from 'express'
import { signedIn } from './session.js'
import { deskbell, port } from './support.js'

const app = express()
app.use('/support', deskbell.listener)
app.use(express.urlencoded())
app.post('/sign-in', (request, response) => {
  response.setHeader('set-cookie', signedIn(request.body.who))
  response.redirect(303, '/')
})
app.use(express.static('dist'))

app.listen(port, () => console.log(`http://localhost:${port}`)).on('upgrade', deskbell.upgrade)
