declare module 'sns-validator' {
  /** Checks messages of SNS whose certificates come from a host of this pattern */
  export default class MessageValidator {
    constructor(hostPattern?: RegExp)
    validate(message: object, done: (error: Error | null) => void): void
  }
}
