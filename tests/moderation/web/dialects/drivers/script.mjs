// What every driver says to the service: two comments, and where the service is.
import dns from "node:dns";

export const PORT = Number(process.env.PORT);
export const KEY = process.env.KEY;
export const BLOG = "https://gazette.example";
export const ADDRESS = "198.51.100.7";
export const AGENT = "Mozilla/5.0";
export const GOOD = "Thank you, this helped me to repair the roof.";
export const SPAM =
  "Buy cheap viagra and cialis online, no prescription, best price," +
  " click http://cheap-pills.example/buy now!!!";
export const INSULT = "You are a stupid idiot.";
export const TESTER = "akismet-guaranteed-spam";
export const WRONG_KEY = "abcabcabcabc";

// What a wildcard DNS entry does: KEY.akismet.test leads to the service.
const lookup = dns.lookup;
dns.lookup = (host, options, done) => {
  const [how, then] = typeof options === "function" ? [{}, options] : [options, done];
  return lookup(host.endsWith("akismet.test") ? "127.0.0.1" : host, how, then);
};

export const tell = (seen) => console.log(JSON.stringify(seen));
