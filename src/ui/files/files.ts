// What the conversation uses of files. A chunk of its own, which imports nothing.
export { attachBox } from './attach-box.ts'
export { drawFiles } from './draw-files.ts'
