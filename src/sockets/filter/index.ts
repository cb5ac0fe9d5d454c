// What other subjects use of filters.
export { prepareFilter } from '../prepare-filter.ts'
export { addressFilter, type AddressFilter } from './address-filter.ts'
export { filterRequest } from './filter-request.ts'
export { answerFilter, type SocketFilter } from './socket-filter.ts'
