#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""gmx-emu as the other end of its sockets meets it: a small vfio-user client drives the program itself. Prints TAP."""
import json
import mmap
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

EMU = sys.argv[1]
VERSION, DMA_MAP, DMA_UNMAP, INFO, REGION_INFO, _, IRQ_INFO, SET_IRQS, READ, WRITE, _, DMA_WRITE, RESET = range(1, 14)
BAR0, CONFIG = 0, 7
HEADER = struct.Struct('<HHIII')
count = failed = 0


def ok(good, name, got=''):
    global count, failed
    count += 1
    failed += not good
    print(('' if good else 'not ') + f'ok {count} - {name}')
    if not good:
        print(f'# got {got}')
    sys.stdout.flush()


class Emu:
    def __init__(self, folder, sockets=1, config=None, args=()):
        self.folder = folder
        self.paths = [f'{folder}/{i}.sock' for i in range(sockets)]
        words = [EMU, '--state', f'{folder}/state', '--control', f'{folder}/control']
        for p in self.paths:
            words += ['--socket', p]
        if config is not None:
            with open(f'{folder}/config', 'w') as f:
                json.dump(config, f)
            words += ['--config', f'{folder}/config']
        self.log = open(f'{folder}/log', 'ab')
        self.process = subprocess.Popen(words + list(args), stderr=self.log, stdin=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while not self.ctl('{"command":"status"}')[1]:
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f'Bail out! gmx-emu does not start: {open(folder + "/log").read()}')
            time.sleep(0.01)

    def ctl(self, *words):
        r = subprocess.run([EMU, 'ctl', f'{self.folder}/control', *words], capture_output=True, text=True)
        return r.returncode, r.stdout

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        status = self.process.wait(30)
        self.log.close()
        return status


class Client:
    """What QEMU's vfio-user-pci does, without QEMU"""

    def __init__(self, path, version=True):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(path)
        self.id, self.messages, self.memory = 0, [], None
        if version:
            self.call(VERSION, struct.pack('<HH', 0, 1) + b'{"capabilities":{"max_msg_fds":8}}\0')

    def take(self, size):
        data = b''
        while len(data) < size:
            more = self.sock.recv(size - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def message(self):
        ident, command, size, flags, error = HEADER.unpack(self.take(HEADER.size))
        return ident, command, flags, error, self.take(size - HEADER.size)

    def call(self, command, body=b'', reply=True, fds=()):
        self.id = (self.id + 1) & 0xffff
        data = HEADER.pack(self.id, command, HEADER.size + len(body), 0 if reply else 0x10, 0) + body
        if fds:
            socket.send_fds(self.sock, [data], list(fds))
        else:
            self.sock.sendall(data)
        while reply:
            ident, got, flags, error, body = self.message()
            if flags & 0xf == 1:
                assert ident == self.id and got == command, (ident, got)
                if flags & 0x20:
                    raise OSError(error, os.strerror(error))
                return body
            self.messages.append((got, flags, body))

    def read(self, region, offset, size):
        return self.call(READ, struct.pack('<QII', offset, region, size))[16:]

    def read32(self, region, offset):
        return struct.unpack('<I', self.read(region, offset, 4))[0]

    def write(self, region, offset, data, post=False):
        self.call(WRITE, struct.pack('<QII', offset, region, len(data)) + data, reply=not post)

    def write32(self, region, offset, value, post=False):
        self.write(region, offset, struct.pack('<I', value), post)

    def share(self, address, size):
        fd = os.memfd_create('guest')
        os.ftruncate(fd, size)
        self.memory, self.base = mmap.mmap(fd, size), address
        self.call(DMA_MAP, struct.pack('<IIQQQ', 32, 3, 0, address, size), fds=[fd])
        os.close(fd)

    def find(self, cap):
        at = self.read(CONFIG, 0x34, 1)[0]
        for _ in range(48):
            ident, following = self.read(CONFIG, at, 2)
            if ident == cap:
                return at
            at = following
            if not at:
                return 0

    def interrupts(self, seconds=5):
        """Messages that have come: (address, data)"""
        if not self.messages and select.select([self.sock], [], [], seconds)[0]:
            ident, command, flags, error, body = self.message()
            self.messages.append((command, flags, body))
        out = [struct.unpack('<QQI', body) for command, flags, body in self.messages if command == DMA_WRITE and flags & 0x10]
        self.messages = []
        return [(address, data) for address, size, data in out]

    def enable(self):
        """Bus master, MSI-X vector 0, admin queues of 16 entries at 1000h and 2000h of the shared memory"""
        self.call(RESET)
        self.write(CONFIG, 4, b'\x06\x04')
        table = self.read32(CONFIG, self.find(0x11) + 4)
        self.write(BAR0, table, struct.pack('<QII', 0xfee00000, 0x1234, 0))
        self.write(CONFIG, self.find(0x11) + 2, b'\0\x80')
        self.write32(BAR0, 0x24, 15 << 16 | 15)
        self.write(BAR0, 0x28, struct.pack('<Q', self.base + 0x1000))
        self.write(BAR0, 0x30, struct.pack('<Q', self.base + 0x2000))
        self.write32(BAR0, 0x14, 6 << 16 | 4 << 20)
        self.write32(BAR0, 0x14, 6 << 16 | 4 << 20 | 1)
        for _ in range(500):
            if self.read32(BAR0, 0x1c) & 1:
                break
            time.sleep(0.01)
        self.tail = 0

    def identify(self):
        command = struct.pack('<BBHIQQQQ6I', 6, 0, self.tail, 0, 0, 0, self.base + 0x3000, 0, 1, 0, 0, 0, 0, 0)
        self.memory[0x1000 + 64 * self.tail:0x1040 + 64 * self.tail] = command
        self.tail += 1
        self.write32(BAR0, 0x1000, self.tail, post=True)


def test_protocol(folder):
    emu = Emu(folder, args=['--family', 'g3'])
    c = Client(emu.paths[0])
    info = struct.unpack('<4I', c.call(INFO, struct.pack('<4I', 16, 0, 0, 0)))
    ok(info[2] >= 8 and info[3] == 5, 'device information', info)
    region = struct.unpack('<IIIIQQ', c.call(REGION_INFO, struct.pack('<IIIIQQ', 32, 0, BAR0, 0, 0, 0)))
    ok(region[4] & (region[4] - 1) == 0 and region[4] >= 0x2000 and not region[1] & 4, 'BAR 0 is a power of two and is not mapped', region)
    ok(c.read32(CONFIG, 0) == 0x0300474d, 'a G3 in configuration space', hex(c.read32(CONFIG, 0)))
    ok(not c.find(0x11) and not c.find(0x05), 'message interrupts are hidden before the first reset')
    c.call(RESET)
    ok(c.find(0x11) and c.find(0x05), 'and are there after it')
    ok(c.read(CONFIG, 0, 4096)[:4] == c.read(CONFIG, 0, 4), 'all of configuration space in one read')
    for body in (b'', b'\0' * 3, struct.pack('<QII', 1 << 40, BAR0, 4), struct.pack('<QII', 0, 77, 4), struct.pack('<QII', 0, BAR0, 1 << 30)):
        try:
            c.call(READ, body)
            refused = False
        except OSError:
            refused = True
        ok(refused, f'a bad read of {len(body)} bytes is refused')
    ok(c.read32(CONFIG, 0) == 0x0300474d, 'and the connection goes on')
    c.sock.close()
    ok(emu.end() == 0, 'SIGTERM ends it with status 0')
    ok(not os.path.exists(emu.paths[0]), 'its socket is gone')


def test_commands(folder):
    emu = Emu(folder)
    c = Client(emu.paths[0])
    c.share(0x100000, 1 << 20)
    c.enable()
    ok(c.read32(BAR0, 0x1c) & 1, 'the controller is ready')
    c.identify()
    ok(c.interrupts() == [(0xfee00000, 0x1234)], 'Identify ends with one message')
    status = struct.unpack_from('<IIHHHH', c.memory, 0x2000)
    ok(status[5] == 1 and status[2] == 1, 'its completion: phase 1, success', status)
    ok(c.memory[0x3000:0x3002] == b'MG' and b'Gigamax' in c.memory[0x3018:0x3040], 'and data', bytes(c.memory[0x3000:0x3040]))
    entry = c.read32(CONFIG, c.find(0x11) + 4)
    c.write32(BAR0, entry + 12, 1)
    c.identify()
    ok(not c.interrupts(0.3) and c.read32(BAR0, c.read32(CONFIG, c.find(0x11) + 8)) == 1, 'a masked vector is pending')
    c.write32(BAR0, entry + 12, 0)
    ok(len(c.interrupts()) == 1, 'until it is unmasked')
    c.write(CONFIG, 4, b'\x02\x04')
    c.identify()
    ok(not c.interrupts(0.3), 'nothing happens without bus mastering')
    c.write(CONFIG, c.find(0x10) + 8, b'\x10\xa8')
    ok(c.read32(BAR0, 0x14) == 0 and not c.read32(BAR0, 0x1c) & 1, 'FLR clears CC and CSTS.RDY')
    c.enable()
    c.call(DMA_UNMAP, struct.pack('<IIQQ', 24, 0, 0x100000, 1 << 20))
    c.identify()
    end = time.monotonic() + 5
    while not c.read32(BAR0, 0x1c) & 2 and time.monotonic() < end:
        time.sleep(0.05)
    ok(c.read32(BAR0, 0x1c) & 2, 'queues in memory that is not there: fatal status', hex(c.read32(BAR0, 0x1c)))
    c.sock.close()
    c = Client(emu.paths[0])
    c.share(0x200000, 1 << 20)
    c.enable()
    c.identify()
    ok(len(c.interrupts()) == 1, 'another client has a fresh controller')
    # a client in the middle of writing when the process goes must see the end of file, not a reset connection
    for _ in range(200):
        c.write32(BAR0, 0x1000, c.tail, post=True)
    emu.process.send_signal(signal.SIGTERM)
    try:
        while c.sock.recv(4096):
            pass
        ended = 'end of file'
    except OSError as e:
        ended = str(e)
    ok(ended == 'end of file' and emu.end() == 0, 'an orderly end leaves nothing unread', ended)


def test_clients(folder):
    emu = Emu(folder, sockets=2, config={'functions': 2})
    a, b = Client(emu.paths[0]), Client(emu.paths[1])
    ok(a.read32(CONFIG, 0) == b.read32(CONFIG, 0) == 0x0300474d, 'two functions, a socket each')
    stuck = socket.socket(socket.AF_UNIX)
    a.sock.close()
    stuck.connect(emu.paths[0])
    time.sleep(0.2)
    start = time.monotonic()
    ok(b.read32(CONFIG, 0) == 0x0300474d and time.monotonic() - start < 10, 'a client that connects and says nothing',
       time.monotonic() - start)
    stuck.close()
    a = Client(emu.paths[0])
    a.sock.sendall(HEADER.pack(1, READ, HEADER.size + 16, 0, 0))
    start = time.monotonic()
    ok(b.read32(CONFIG, 0) == 0x0300474d and time.monotonic() - start < 10, 'one that stops in the middle of a message',
       time.monotonic() - start)
    a.sock.close()
    a = Client(emu.paths[0], version=False)
    a.sock.sendall(os.urandom(4096))
    time.sleep(0.2)
    ok(b.read32(CONFIG, 0) == 0x0300474d, 'one that talks rubbish')
    a.sock.close()
    a = Client(emu.paths[0])
    a.sock.sendall(os.urandom(4096))
    time.sleep(0.2)
    ok(b.read32(CONFIG, 0) == 0x0300474d, 'one that does so later')
    a.sock.close()
    time.sleep(0.2)
    a = Client(emu.paths[0])
    ok(a.read32(CONFIG, 0) == 0x0300474d, 'the next one is served')
    second = socket.socket(socket.AF_UNIX)
    second.setblocking(False)
    try:
        second.connect(emu.paths[0])
    except OSError:
        pass
    ok(a.read32(CONFIG, 0) == 0x0300474d, 'another at the same socket does not disturb it')
    second.close()
    r = subprocess.run([EMU, '--state', folder + '/other', '--family', 'g2', '--socket', emu.paths[0]], capture_output=True, text=True, timeout=30)
    ok(r.returncode == 1 and 'another process serves' in r.stderr, 'a socket in use is not taken over', r.stderr)
    r = subprocess.run([EMU, '--state', folder + '/state', '--socket', folder + '/x.sock'], capture_output=True, text=True, timeout=30)
    ok(r.returncode == 1 and r.stderr, 'nor is a state folder in use', r.stderr)
    ok(emu.end() == 0, 'and an orderly end')


def test_arguments(folder):
    for words, status, text in (
            ([], 2, '--state'), (['--state', folder + '/n'], 2, '--socket'), (['--wrong'], 2, '--wrong'), (['--state'], 2, 'value'),
            (['--state', folder + '/n', '--socket', folder + '/s', 'more'], 2, 'more'),
            (['--state', folder + '/n', '--socket', folder + '/s', '--log-level', 'loud'], 2, 'loud'),
            (['--state', folder + '/n', '--socket', folder + '/s', '--family', 'g9'], 1, 'g9'),
            (['--state', folder + '/n', '--socket', folder + '/s'], 1, 'family'),
            (['--state', folder + '/n', '--socket', folder + '/s', '--family', 'g3', '--config', folder + '/none'], 1, 'No such'),
            (['--state', folder + '/n', '--socket', '/no/such/folder/s', '--family', 'g3'], 1, '/no/such'),
            (['--state', folder + '/n', '--socket', 'x' * 200, '--family', 'g3'], 1, 'too long'),
            (['--state', folder + '/n', '--socket', folder + '/s', '--socket', folder + '/t', '--family', 'g3'], 1, 'functions')):
        r = subprocess.run([EMU, *words], capture_output=True, text=True, timeout=30)
        ok(r.returncode == status and text in r.stderr, f'status {status}: gmx-emu {" ".join(words)[:60].replace(folder, "DIR")}',
           (r.returncode, r.stderr))
    for word in ('--help', '--version'):
        r = subprocess.run([EMU, word], capture_output=True, text=True)
        ok(r.returncode == 0 and 'gmx-emu' in r.stdout and not r.stderr, word)


def main():
    folder = tempfile.mkdtemp(prefix='emu-')
    try:
        test_protocol(folder)
        test_commands(folder)
        test_clients(folder)
        test_arguments(folder)
    finally:
        shutil.rmtree(folder)
    print(f'1..{count}')
    return failed != 0


sys.exit(main())
