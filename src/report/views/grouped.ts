/** `12 345`, with a narrow blank that does not break. */
export const grouped = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+$)/g, '\u202f')
