/** The first word of a name; all of it where that is an abbreviation, such as `Dr.`, or where it has one word */
export const firstName = (name: string): string => /^\S*[^\s.](?=\s)/u.exec(name)?.[0] ?? name
