/** What the driver's process says on its standard error when a load begins */
export const STARTED = 'started\n'
