// Keeps the pages of tickets at the door usable without the network. The page itself says what is to be kept.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && new URL(request.url).origin === location.origin) event.respondWith(answer(request));
});
// What is kept comes at once where the network does not answer within two seconds; what is fresh replaces it.
const answer = async (request) => {
  const cache = await caches.open('tickets-at-the-door');
  const kept = await cache.match(request, { ignoreVary: true });
  const fresh = fetch(request).then((response) => {
    if (kept && response.ok) cache.put(request, response.clone());
    return kept && response.status >= 500 ? kept : response;
  });
  if (!kept) return fresh;
  return Promise.race([fresh.catch(() => kept), new Promise((done) => { setTimeout(done, 2000, kept); })]);
};
