/** Between the main thread and a relay thread. `leg` numbers the legs of one thread. */
import type { Direction, MediaKind } from '../call/media.ts';
import type { InboundFlow, OutboundFlow, RelayEvent, RelayStats, RemoteAddress, Security } from '../ports/relay.ts';

export type ToThread =
  | {
      readonly kind: 'open';
      readonly leg: number;
      readonly address: string;
      readonly port: number;
      readonly latch: boolean;
      readonly media?: MediaKind;
      readonly silenceMs: number;
    }
  | { readonly kind: 'inside'; readonly leg: number; readonly port: number }
  | { readonly kind: 'remote'; readonly leg: number; readonly remote: RemoteAddress }
  | { readonly kind: 'inbound'; readonly leg: number; readonly flow: InboundFlow }
  | { readonly kind: 'outbound'; readonly leg: number; readonly flow: OutboundFlow }
  | { readonly kind: 'security'; readonly leg: number; readonly security: Security | undefined }
  | { readonly kind: 'direction'; readonly leg: number; readonly direction: Direction }
  | { readonly kind: 'dtmf'; readonly leg: number; readonly digit: string; readonly durationMs: number }
  | { readonly kind: 'stats'; readonly leg: number; readonly id: number }
  | { readonly kind: 'close'; readonly leg: number };

export type FromThread =
  /** The thread runs. `bellPort` on 127.0.0.1: where a datagram wakes it for a message. */
  | { readonly kind: 'ready'; readonly bellPort?: number }
  | { readonly kind: 'opened'; readonly leg: number; readonly insidePort: number }
  /** The sockets could not be bound; `code` as in `EADDRINUSE`. */
  | { readonly kind: 'refused'; readonly leg: number; readonly code: string }
  | { readonly kind: 'event'; readonly leg: number; readonly event: RelayEvent }
  | { readonly kind: 'stats'; readonly leg: number; readonly id: number; readonly stats: RelayStats }
  /** A packet or command met a fault of ours; the leg goes on. Told once a second at most. */
  | { readonly kind: 'fault'; readonly text: string };
