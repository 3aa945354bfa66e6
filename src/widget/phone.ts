/** Where the panel fills the screen; the same as in panel.css */
export const PHONE = '(max-width: 480px), (max-height: 480px) and (pointer: coarse)'
