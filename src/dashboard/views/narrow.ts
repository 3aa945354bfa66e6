/** List and chat are two pages, of which one is in front (the stylesheets have the same width) */
export const isNarrow = (): boolean => matchMedia('(max-width: 767px)').matches
