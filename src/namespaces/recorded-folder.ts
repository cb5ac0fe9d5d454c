/** Where a recording keeps what it holds of a namespace that no process is in: `netns/4026532208/net/tcp`. */
export const RECORDED_FOLDER = 'netns'
