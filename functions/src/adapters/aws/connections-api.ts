import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { ConnectionId } from '@sylk/protocol/ids.ts';
import type { FrameSender } from '../../ports/frame-sender.ts';
import { patience } from './patience.ts';
import { untilAnswered } from './retries.ts';

/** How long a frame is offered to an API that has too much to do, in ms; below what a function keeps for its answer. */
const offerMs = 4_000;

/** The open connections of one WebSocket API of API Gateway: browsers', or edges'. */
export class ConnectionsApi implements FrameSender {
  readonly #client: ApiGatewayManagementApiClient;

  /** @param endpoint `https://<id>.execute-api.<region>.amazonaws.com/<stage>` */
  constructor(endpoint: string) {
    // The SDK rests so long between its tries that a client would have given up.
    this.#client = new ApiGatewayManagementApiClient({ endpoint, ...patience, maxAttempts: 1 });
  }

  /** @throws Error when the service refuses for another reason than that the connection is closed */
  async post(connection: ConnectionId, frame: string): Promise<'sent' | 'gone'> {
    return untilAnswered('a frame', offerMs, () => this.#post(connection, frame));
  }

  async #post(connection: ConnectionId, frame: string): Promise<'sent' | 'gone'> {
    try {
      await this.#client.send(new PostToConnectionCommand({ ConnectionId: connection, Data: frame }));
      return 'sent';
    } catch (error) {
      if (error instanceof GoneException || isNoConnection(error)) return 'gone';
      throw error;
    }
  }

  close(connection: ConnectionId): Promise<void> {
    return untilAnswered('the end of a connection', offerMs, () => this.#close(connection));
  }

  async #close(connection: ConnectionId): Promise<void> {
    try {
      await this.#client.send(new DeleteConnectionCommand({ ConnectionId: connection }));
    } catch (error) {
      if (!(error instanceof GoneException || isNoConnection(error))) throw error;
    }
  }
}

/** An id that never was one of a connection of this API; other bad requests are faults of ours. */
const isNoConnection = (error: unknown): boolean =>
  error instanceof Error && error.name === 'BadRequestException' && /connectionid/i.test(error.message);
