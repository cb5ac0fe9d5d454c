// What other commands use of this one.
export { lookHere } from './look-here.ts'
