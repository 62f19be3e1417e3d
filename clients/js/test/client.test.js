// Against a running installation: its address and a key of the scopes comments and checks are in the environment.
import assert from "node:assert/strict";
import test from "node:test";
import { allComments, createClient, Refused } from "leave-a-reply-client";

const client = createClient(`${process.env.ADDRESS}/`, process.env.KEY);
const comment = {
  thread: { key: "from-js" },
  author_name: "Ann",
  author_email: "ann@reader.example",
  body: "Hello from JavaScript.",
};

test("a comment that is sent twice with one key is there once, and can be decided about and deleted", async () => {
  const request = { params: { header: { "Idempotency-Key": "once" } }, body: comment };
  const { data: posted } = await client.POST("/api/v1/comments", request);
  const { data: again } = await client.POST("/api/v1/comments", request);
  assert.equal(again.id, posted.id);
  const path = { comment_id: posted.id };
  await client.PATCH("/api/v1/comments/{comment_id}", { params: { path }, body: { verdict: "APPROVE" } });
  const found = [];
  for await (const one of allComments(client, { status: "approved", thread: "from-js" })) found.push(one.id);
  assert.deepEqual(found, [posted.id]);
  await client.DELETE("/api/v1/comments/{comment_id}", { params: { path } });
});

test("all pages are read", async () => {
  for (let number = 0; number < 60; number++)
    await client.POST("/api/v1/comments", { body: { ...comment, thread: { key: "long-from-js" }, body: `Number ${number}` } });
  const bodies = new Set();
  for await (const one of allComments(client, { thread: "long-from-js" })) bodies.add(one.body);
  assert.equal(bodies.size, 60);
});

test("texts are checked in their order", async () => {
  const { data } = await client.POST("/api/v1/checks", { body: { items: [{ text: "one" }, { text: "two" }] } });
  assert.equal(data.results.length, 2);
});

test("a refusal is an error with a code", async () => {
  await assert.rejects(client.GET("/api/v1/policy"), (error) => {
    assert.ok(error instanceof Refused);
    assert.deepEqual([error.status, error.code], [403, "scope-missing"]);
    return true;
  });
});
