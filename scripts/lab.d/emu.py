# SPDX-License-Identifier: GPL-2.0-or-later
"""The emulated controllers of a guest: processes beside its QEMU, started for it or asked for by it."""
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import time

USAGE = '''usage: emu start NAME [-n SOCKETS] [-p PORT] [OPTION of gmx-emu...]
       emu stop | cut | kill | restart NAME     orderly, as if the power went, SIGKILL
       emu blackout [MS]                        SIGKILL to all of them and QEMU, in so many ms: scripts/vm ends with 99
       emu plug NAME PORT [ID [FUNCTION]]       a device of QEMU's, ID is NAME if not said
       emu ctl NAME COMMAND [KEY=VALUE...]
       emu list
       emu usage [memory]                       as JSON: what QEMU and each emulator have used
'''


class EmuError(Exception):
    pass


class Blackout(Exception):
    """The guest wants its power cut."""


def memory_kib(pid, without):
    """Resident memory: all, the process's share of it, and what is mapped of neither the guest's memory nor drives"""
    rss = pss = own = 0
    mine = True
    with open(f'/proc/{pid}/smaps') as f:
        for line in f:
            word = line.split()
            if '-' in word[0] and not word[0].endswith(':'):
                mine = not any(w in line for w in without)
            elif word[0] == 'Rss:':
                rss += int(word[1])
                own += int(word[1]) if mine else 0
            elif word[0] == 'Pss:':
                pss += int(word[1])
    return {'rss_kib': rss, 'pss_kib': pss, 'own_kib': own}


def cpu_us(stat):
    """User and kernel time of a task, from the file that the kernel keeps of it"""
    with open(stat) as f:
        field = f.read().rsplit(')', 1)[1].split()
    return [int(t) * 1000000 // os.sysconf('SC_CLK_TCK') for t in field[11:13]]


def usage(pid, cpus=()):
    user, system = cpu_us(f'/proc/{pid}/stat')
    with open(f'/proc/{pid}/status') as f:
        sleeps = re.search(r'^voluntary_ctxt_switches:\s*(\d+)', f.read(), re.M).group(1)
    return {'cpu_us': user + system, 'kernel_us': system, 'sleeps': int(sleeps),
            'guest_us': sum(sum(cpu_us(f'/proc/{pid}/task/{t}/stat')) for t in cpus)}


class Emulator:
    """One gmx-emu. Its files are /vm/NAME.*, its state outlives the process."""

    def __init__(self, binary, name, words):
        self.binary, self.name = binary, name
        self.sockets, self.port, self.options = 1, None, []
        words = list(words)
        try:
            while words:
                word = words.pop(0)
                if word == '-n':
                    self.sockets = int(words.pop(0))
                elif word == '-p':
                    self.port = words.pop(0)
                else:
                    self.options.append(word)
        except (IndexError, ValueError):
            raise EmuError(f'emu {name}: -n wants a number, -p a port')
        self.process = None

    def socket(self, function):
        return f'/vm/{self.name}.{function}.sock'

    @property
    def control(self):
        return f'/vm/{self.name}.control'

    def start(self, die_with_parent):
        if self.alive():
            raise EmuError(f'{self.name} runs already')
        args = [self.binary, '--state', f'/vm/{self.name}.state', '--control', self.control]
        for i in range(self.sockets):
            args += ['--socket', self.socket(i)]
        with open(f'/vm/{self.name}.log', 'ab') as log:
            self.process = subprocess.Popen(args + self.options, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            preexec_fn=die_with_parent, cwd='/vm')
        end = time.monotonic() + 30
        # its last step is to listen there
        while not self.listens():
            if self.process.poll() is not None:
                status, self.process = self.process.returncode, None
                raise EmuError(f'{self.name} does not start (status {status}): {self.last_words()}')
            if time.monotonic() > end:
                raise EmuError(f'{self.name} does not listen after 30 s: {self.last_words()}')
            time.sleep(0.01)

    def listens(self):
        with socket.socket(socket.AF_UNIX) as s:
            try:
                s.connect(self.control)
            except OSError:
                return False
            return True

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def last_words(self):
        with open(f'/vm/{self.name}.log', errors='replace') as f:
            return ' / '.join(line.strip() for line in f.readlines()[-3:])

    def end(self, number):
        """Ends it by this signal; an end that this signal does not explain is an error."""
        if self.process is None:
            raise EmuError(f'{self.name} does not run')
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(number)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise EmuError(f'{self.name} did not end within 30 s of {signal.Signals(number).name}')
            if process.returncode == (-number if number == signal.SIGKILL else 0):
                return
        raise EmuError(f'{self.name} ended with status {process.returncode}: {self.last_words()}')

    def device(self, port, identity, function=0):
        return {'driver': 'vfio-user-pci', 'id': identity, 'bus': port, 'socket': {'type': 'unix', 'path': self.socket(function)},
                # a register read that QEMU gives up makes its connection unusable for good
                'x-msg-timeout': 3600000}


class Emulators:
    def __init__(self, binary, specs, die_with_parent):
        self.binary, self.die_with_parent, self.all = binary, die_with_parent, {}
        self.monitor = self.qemu = None
        self.cut_at = None
        for words in map(shlex.split, specs):
            if words:
                self.start(*words)

    def start(self, name, *words):
        if not words and name in self.all:
            emulator = self.all[name]
        else:
            emulator = Emulator(self.binary, name, words)
        if name in self.all and self.all[name].alive():
            raise EmuError(f'{name} runs already')
        self.all[name] = emulator
        emulator.start(self.die_with_parent)

    def named(self, name):
        if name not in self.all:
            raise EmuError(f'there is no {name}; there are: {" ".join(self.all) or "none"}')
        return self.all[name]

    def cold_plugged(self):
        """What QEMU's command line gets"""
        out = []
        for e in self.all.values():
            if e.port:
                out += ['-device', json.dumps(e.device(e.port, e.name))]
        return out

    def hot_plug(self):
        for e in self.all.values():
            if e.port:
                self.plug(e.name, e.port)

    def plug(self, name, port, identity=None, function='0'):
        self.monitor.run('device_add', **self.named(name).device(port, identity or name, int(function)))

    def usage(self, memory):
        """Memory only if it is asked for: to sum it up takes the kernel milliseconds"""
        cpus = self.monitor.run('query-cpus-fast')
        pids = {'qemu': self.qemu} | {n: e.process.pid for n, e in self.all.items() if e.alive()}
        out = {'ns': time.monotonic_ns()}
        for name, pid in pids.items():
            out[name] = usage(pid, [c['thread-id'] for c in cpus] if name == 'qemu' else ())
            if memory:
                out[name] |= memory_kib(pid, ('memfd:memory-backend', '.img'))
        return out

    def request(self, words):
        """One call of the guest's: status, standard output, standard error"""
        verb, rest = (words[0], words[1:]) if words else ('', [])
        try:
            if verb == 'start':
                self.start(*rest)
            elif verb in ('stop', 'cut', 'kill'):
                name, = rest
                self.named(name).end({'stop': signal.SIGTERM, 'cut': signal.SIGQUIT, 'kill': signal.SIGKILL}[verb])
            elif verb == 'restart':
                name, = rest
                self.named(name).end(signal.SIGTERM)
                self.start(name)
            elif verb == 'plug':
                self.plug(*rest)
            elif verb == 'ctl':
                r = subprocess.run([self.binary, 'ctl', self.named(rest[0]).control] + rest[1:], capture_output=True,
                                   stdin=subprocess.DEVNULL, text=True, timeout=50)
                return r.returncode, r.stdout, r.stderr
            elif verb == 'blackout' and len(rest) < 2:
                self.cut_at = time.monotonic() + int(rest[0] if rest else 0) / 1000
            elif verb == 'usage' and rest in ([], ['memory']):
                return 0, json.dumps(self.usage(bool(rest))) + '\n', ''
            elif verb == 'list':
                return 0, ''.join(f'{n} {"runs" if e.alive() else "stopped"}\n' for n, e in self.all.items()), ''
            else:
                return 2, '', USAGE
        except EmuError as e:
            return 1, '', f'emu: {e}\n'
        except (TypeError, ValueError, IndexError):
            return 2, '', USAGE
        except Exception as e:  # the monitor's errors, a time-out: the guest shall hear of them
            return 1, '', f'emu: {e}\n'
        return 0, '', ''

    def until_cut(self):
        """Seconds, None: no power cut is asked for"""
        if self.cut_at is None:
            return None
        left = self.cut_at - time.monotonic()
        if left <= 0:
            raise Blackout
        return left

    def kill(self, qemu):
        """All at once, before any of them notices that another is gone"""
        processes = [e.process for e in self.all.values() if e.alive()] + [qemu]
        for p in processes:
            p.kill()
        for p in processes:
            p.wait()
        for e in self.all.values():
            e.process = None

    def close(self):
        """Ends all; what went wrong with one, now or before, as a text"""
        trouble = []
        for e in self.all.values():
            if e.process is not None:
                try:
                    e.end(signal.SIGTERM)
                except EmuError as error:
                    trouble.append(str(error))
        return '; '.join(trouble)


class Channel:
    """The guest's requests: a line of JSON each, answered by a line."""

    def __init__(self, sock, emulators):
        self.sock, self.emulators, self.buffer = sock, emulators, b''

    def receive(self):
        data = self.sock.recv(1 << 16)
        if not data:
            return False
        self.buffer += data
        while b'\n' in self.buffer:
            line, self.buffer = self.buffer.split(b'\n', 1)
            # half a line of a caller that was killed may stand before it
            at = line.rfind(b'{"id":')
            try:
                call = json.loads(line[at:])
            except ValueError:
                continue
            status, out, err = self.emulators.request(call['words'])
            self.sock.sendall(json.dumps({'id': call['id'], 'status': status, 'out': out, 'err': err}).encode() + b'\n')
        return True
