/** Text of the command line as the bytes of /proc are kept: one character a byte. */
export const toByteString = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
