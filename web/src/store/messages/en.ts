/** What a cause is about: whom was called, at which domain, and the name that the person knows. */
export interface Subject {
  /** Name or address of the other side. */
  readonly who: string;
  readonly address: string;
  readonly domain: string;
}

/** All sentences that the store makes, in English. Another language is an object of the same type. */
export const en = {
  cause: {
    theyHungUp: ({ who }: Subject) => `${who} hung up.`,
    youHungUp: 'You hung up.',
    cancelled: 'You cancelled.',
    declinedByYou: 'You declined.',
    missed: ({ who }: Subject) => `Missed call from ${who}.`,
    answeredElsewhere: ({ who }: Subject) => `The call from ${who} was answered on another device.`,
    continuedElsewhere: ({ who }: Subject) => `The call with ${who} goes on in another window.`,
    unknownAddress: ({ address }: Subject) => `No one has the address ${address}. Check the spelling.`,
    expired: 'That address was temporary and has expired.',
    away: ({ who }: Subject) => `${who} is not signed in anywhere right now.`,
    busy: ({ who }: Subject) => `${who} is busy.`,
    declined: ({ who }: Subject) => `${who} declined.`,
    noAnswer: ({ domain }: Subject) => `No answer from ${domain}. It may be down.`,
    nobodyAnswered: ({ who }: Subject) => `${who} did not answer.`,
    noCommonCodec: ({ who }: Subject) => `You and ${who} have no codec in common.`,
    needsAccount: ({ domain }: Subject) => `${domain} wants to know you first: sign in with an account there.`,
    forbidden: ({ domain }: Subject) => `${domain} does not accept calls from here.`,
    serverTrouble: ({ domain }: Subject, code: number) => `${domain} has a problem (${code}). Try again later.`,
    iceFailed: 'Your network blocks calls. UDP and TCP were tried, and nothing got through.',
    mediaLost: 'The connection to the call was lost and did not come back in time.',
    callLost: 'The call ended while you were not connected.',
    noService: ({ domain }: Subject) => `There is no service for calls at ${domain}.`,
    notSignedIn: 'Your own address was not accepted. Sign in again, or get a new one.',
    noMediaServer: 'The server cannot carry calls right now. Try again in a moment.',
    tooManyCalls: 'You have placed many calls in a short time. Wait a minute, then try again.',
    wrongAddress: ({ address }: Subject) => `${address} is not an address that can be called.`,
    broken: 'Something broke here.',
    brokenCall: (callId: string) => `Something broke here. To report it, name the call ${callId}.`,
  },
  error: {
    insecure: 'This page is not secure, so the browser gives it no microphone.',
    unsupported: 'This browser cannot make calls.',
    offline: 'You are offline.',
    serverGone: 'The server does not answer. Try again in a moment.',
    denied: 'The browser blocks your microphone or camera.',
    noMicrophone: 'No microphone was found.',
    noCamera: 'No camera was found.',
    deviceBusy: 'Another program is using your microphone or camera.',
    noScreen: 'The screen could not be shared.',
    emptyAddress: 'Write whom you want to call, like bob@example.org.',
    noOwnDomain: 'Write a whole address, like bob@example.org.',
    tooManyAtOnce: 'You are in too many calls already.',
    holdRefused: 'The call could not be put on hold.',
    resumeRefused: 'The call could not be taken off hold.',
    videoRefused: ({ who }: Pick<Subject, 'who'>) => `${who} did not take the video.`,
    busyChanging: 'This call is being changed already. Try again in a moment.',
    callGone: 'This call is over.',
    noLadder: 'The course of this call is not known any more.',
    nameTaken: (name: string) => `The name ${name} is taken. Choose another.`,
    nameRule: 'The name must be 3 to 32 letters a to z and digits, with single . _ - between them.',
    passwordRule: 'The password must be 8 to 128 characters.',
    wish: (what: string, rule: string) => `The ${what} must be ${rule}.`,
    tooManyAddresses: (minutes: number) =>
      `Too many addresses were made from here. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    addressRefused: 'This page may not get an address from the server.',
    wrongPassword: 'The address or the password is wrong.',
    addressGone: 'This address does not exist any more.',
    wrongDomain: (domain: string) => `Addresses of ${domain} cannot be used here.`,
    registrationFailed: (reason: string) => `Signing in did not work: ${reason}.`,
    server: (status: number) => `The server has a problem (${status}). Try again later.`,
  },
  notice: {
    blocked: ({ who }: Pick<Subject, 'who'>) => `${who} is blocked on this device.`,
    addressExpired: 'Your temporary address has expired.',
    withoutCamera: 'No camera could be used. You see the other side, they do not see you.',
    listening: 'No microphone can be used. The other side does not hear you.',
    unplugged: { microphone: 'The microphone was unplugged.', camera: 'The camera was unplugged.' },
    switched: (device: string) => `Now using ${device}.`,
    videoDeclined: ({ who }: Pick<Subject, 'who'>) => `${who} did not take your video.`,
  },
  quality: {
    good: 'The connection is good.',
    lossy: (percent: number) => `The connection is fair: ${percent} % is lost.`,
    slow: (ms: number) => `The connection is fair: sound takes ${ms} ms to the server and back.`,
    uneven: 'The connection is fair: it comes unevenly.',
    bad: (percent: number) => `The connection is weak: ${percent} % is lost.`,
    verySlow: (ms: number) => `The connection is weak: sound takes ${ms} ms to the server and back.`,
    nothing: 'Nothing arrives from the other side.',
  },
};

export type StoreMessages = typeof en;
