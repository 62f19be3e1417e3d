// Compiled, never run: what the description does not have is a mistake that the compiler finds.
import { createClient } from "leave-a-reply-client";

const client = createClient("https://comments.example", "lar_");

export async function right(): Promise<string | undefined> {
  const { data } = await client.GET("/api/v1/comments/{comment_id}", { params: { path: { comment_id: "1" } } });
  return data?.author_name;
}

export async function wrong(): Promise<void> {
  // @ts-expect-error There is no such path.
  await client.GET("/api/v1/nothing");
  // @ts-expect-error The text is missing.
  await client.POST("/api/v1/checks", { body: { items: [{}] } });
}
