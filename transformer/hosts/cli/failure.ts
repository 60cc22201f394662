/** What the user is told in one message, and then the command ends with status 2. */
export class Failure extends Error {}
