import type { Publication, PublishedTopic, Publisher } from '../../src/entries/core.ts'

/** A service that takes everything, and lets in whoever may listen */
export class RecordingPublisher implements Publisher {
  readonly service = 'recording'
  readonly maxData = 100_000
  readonly publications: Publication[] = []

  async publish(publication: Publication): Promise<void> {
    this.publications.push(publication)
  }

  listen(topic: PublishedTopic) {
    return { service: 'ably', channel: nameOf(topic), event: 'new-message' } as const
  }

  async authorize(topic: PublishedTopic) {
    return { token: nameOf(topic), expires_at: '2100-01-01T00:00:00.000Z' }
  }
}

export const nameOf = (topic: PublishedTopic): string => (topic.type === 'staff' ? 'staff' : topic.chatId)
