// What other subjects use of diagnoses.
export { diagnose, findAll, pidsToDescribe } from './conclude.ts'
export { describeProcess } from './look/describe.ts'
export { observeOnce } from './look/observe-once.ts'
export { observe } from './look/observe.ts'
