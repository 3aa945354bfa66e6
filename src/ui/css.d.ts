// Vite hands a style sheet over as text; it goes into a constructable style sheet.
declare module '*.css?inline' {
  const text: string
  export default text
}
