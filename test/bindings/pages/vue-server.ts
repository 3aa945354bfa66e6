// The same app, rendered by a server.
import { renderToString } from '@vue/server-renderer'
import { createPage } from './vue.ts'

export const asString = (): Promise<string> =>
  renderToString(createPage('all', { count: 2, token: null, heading: 'Heading 1' }, true))
