import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { ConnectionId } from '@sylk/protocol/ids.ts';
import type { FrameSender } from '../../ports/frame-sender.ts';
import { patience } from './patience.ts';

/** The open connections of one WebSocket API of API Gateway: browsers', or edges'. */
export class ConnectionsApi implements FrameSender {
  readonly #client: ApiGatewayManagementApiClient;

  /** @param endpoint `https://<id>.execute-api.<region>.amazonaws.com/<stage>` */
  constructor(endpoint: string) {
    this.#client = new ApiGatewayManagementApiClient({ endpoint, ...patience });
  }

  /** @throws Error when the service refuses for another reason than that the connection is closed */
  async post(connection: ConnectionId, frame: string): Promise<'sent' | 'gone'> {
    try {
      await this.#client.send(new PostToConnectionCommand({ ConnectionId: connection, Data: frame }));
      return 'sent';
    } catch (error) {
      if (error instanceof GoneException || isNoConnection(error)) return 'gone';
      throw error;
    }
  }

  async close(connection: ConnectionId): Promise<void> {
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
