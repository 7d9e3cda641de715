// Starts the practice site for a test, on a free port and with a database in memory.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the site with these options; gives its address and a way to stop it. */
export async function startSite(...options) {
  const program = process.env.PRACTICE_SITE;
  const command = program
    ? [program, ...options]
    : ['cargo', 'run', '--quiet', '-p', 'countersign-practice', '--example', 'serve', '--', ...options];
  // A group of its own, as cargo has the site as its child.
  const child = spawn(command[0], command.slice(1), { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const base = await new Promise((resolve, reject) => {
    lines.once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the practice site ended with ${code}`)));
  });
  const stop = () => new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', resolve);
    process.kill(-child.pid);
  });
  return { base, stop };
}
