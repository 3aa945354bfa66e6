/** 48 random bits name the database incarnation */
export const newEpoch = (): string => crypto.randomUUID().replaceAll('-', '').slice(0, 12)
