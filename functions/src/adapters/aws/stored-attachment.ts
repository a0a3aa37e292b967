import { type Attachment, attachment as attachmentSchema } from '@sylk/protocol/edge/commands.ts';
import { type Item, text, type Values } from './item.ts';

/** An attachment as attributes: whole as JSON, and the parts that conditions ask for. */
export const attachmentValues = (attachment: Attachment): Values => ({
  attachment: JSON.stringify(attachment),
  epoch: attachment.epoch,
});

export const attachmentOf = (item: Item): Attachment => attachmentSchema.parse(JSON.parse(text(item, 'attachment')));
