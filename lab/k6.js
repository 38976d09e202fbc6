// The shop's customers for k6: the same round as locustfile.py, one registered account for each virtual user.
import encoding from 'k6/encoding';
import http from 'k6/http';
import { sleep } from 'k6';

const shop = __ENV.HOST_URL;
const json = { headers: { 'Content-Type': 'application/json' } };
let account;

// A customer stays the same from round to round.
export const options = { noCookiesReset: true };

// A name for each route, so that ids do not make series of their own.
function named(name) {
  return Object.assign({}, json, { tags: { name } });
}

function register() {
  const username = `k${__VU}x${Date.now()}`;
  const told = { username, password: 'socks', email: `${username}@example.com` };
  const street = { street: 'High Street', number: '1', country: 'UK', city: 'London', postcode: 'N1' };
  const card = { longNum: '4111111111111111', expires: '12/30', ccv: '123' };
  http.post(`${shop}/register`, JSON.stringify(told), named('/register'));
  http.post(`${shop}/addresses`, JSON.stringify(street), named('/addresses'));
  http.post(`${shop}/cards`, JSON.stringify(card), named('/cards'));
  return { Authorization: `Basic ${encoding.b64encode(`${username}:socks`)}` };
}

function pause() {
  sleep(0.5 + Math.random());
}

export default function round() {
  account = account || register();
  http.get(`${shop}/`, named('/'));
  pause();
  const socks = http.get(`${shop}/catalogue`, named('/catalogue'));
  const id = socks.status === 200 && socks.json().length ? socks.json()[0].id : '1';
  pause();
  http.get(`${shop}/catalogue/${id}`, named('/catalogue/[id]'));
  pause();
  http.get(`${shop}/login`, { headers: account, tags: { name: '/login' } });
  pause();
  http.del(`${shop}/cart`, null, named('/cart'));
  pause();
  http.post(`${shop}/cart`, JSON.stringify({ id, quantity: 1 }), named('/cart'));
  pause();
  http.get(`${shop}/cart`, named('/cart'));
  pause();
  http.post(`${shop}/orders`, '{}', named('/orders'));
  pause();
  http.get(`${shop}/orders`, named('/orders'));
  pause();
}
