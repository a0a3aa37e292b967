/**
 * Stands in for the SDK's search for credentials in what is bundled: a function has those that Lambda puts into its
 * environment. The search knows some ten other places, and is a quarter of the SDK.
 */
export const defaultProvider = () => async () => ({
  accessKeyId: given('AWS_ACCESS_KEY_ID'),
  secretAccessKey: given('AWS_SECRET_ACCESS_KEY'),
  sessionToken: process.env.AWS_SESSION_TOKEN,
});

const given = (name: string): string => {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`${name} is missing, expected what Lambda gives each function`);
};
