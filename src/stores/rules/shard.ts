/** Rows on which several processes count the same thing: each has one of them, by chance */
const SHARDS = 8

export const shardOfProcess = (): number => Math.floor(Math.random() * SHARDS)
