export { compatGroups } from './groups.ts'
export { compatInterfaces } from './interfaces.ts'
export { compatRoutes } from './routes.ts'
export { compatStatistics } from './statistics.ts'
