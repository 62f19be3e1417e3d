import createFetchClient, { type Client, type ClientOptions } from "openapi-fetch";
import type { components, paths } from "./schema.js";

export type { components, paths };
export type LeaveAReply = Client<paths>;
export type SiteComment = components["schemas"]["SiteComment"];

/** What the API refuses with (RFC 9457). */
export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
}

/** The API refused; `code` is what to compare. */
export class Refused extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(`${status}: ${problem.detail ?? problem.title ?? "refused"}`);
    this.name = "Refused";
    this.status = status;
    this.problem = problem;
  }

  /** The stable end of the problem's type. */
  get code(): string {
    return this.problem.type?.split(":").at(-1) ?? "";
  }
}

/** Return a client of the installation at an address, with a key of a site. Each call has the types of its path. */
export function createClient(address: string, key: string, options: ClientOptions = {}): LeaveAReply {
  const client = createFetchClient<paths>({ baseUrl: address.replace(/\/+$/, ""), ...options });
  client.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${key}`);
    },
    async onResponse({ response }) {
      if (!response.ok) throw new Refused(response.status, await problemOf(response));
    },
  });
  return client;
}

type Filters = NonNullable<paths["/api/v1/comments"]["get"]["parameters"]["query"]>;

/** Yield the site's comments, page after page. */
export async function* allComments(client: LeaveAReply, filters: Filters = {}): AsyncGenerator<SiteComment> {
  let query: Filters | null = filters;
  while (query) {
    const { data }: { data?: components["schemas"]["SiteCommentPage"] } = await client.GET("/api/v1/comments", {
      params: { query },
    });
    yield* data?.results ?? [];
    query = data?.next ? (Object.fromEntries(new URL(data.next).searchParams) as Filters) : null;
  }
}

/** A proxy in between may answer with something else than a problem. */
async function problemOf(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return { title: response.statusText };
  }
}
