// One-time codes (RFC 6238: SHA-1, 6 digits, 30 seconds) of a key in Base32.
import { createHmac } from 'node:crypto';

/** The code at a time in Unix seconds. */
export function codeAt(key, seconds) {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567';
  const bits = [...key.replaceAll(' ', '').toLowerCase()]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const word = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, '0');
}
