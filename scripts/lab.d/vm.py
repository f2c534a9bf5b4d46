#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Boots a guest and runs one command in it. Runs inside the lab, in the run's folder /vm; scripts/vm is its face."""
import argparse
import ctypes
import fcntl
import hashlib
import json
import mmap
import os
import re
import select
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

import emu

BROKEN, CUT = 125, 99
CMDLINE = ('console=ttyS0 loglevel=5 panic=-1 nokaslr mitigations=off tsc=reliable log_buf_len=4M '
           'rcupdate.rcu_cpu_stall_timeout=120 watchdog_thresh=60')
START, END = 'gmx-vm: command starts', 'gmx-vm: command ended'
REPORT = re.compile(
    r'WARNING: |BUG: |BUG kmalloc|KASAN|KCSAN|UBSAN|KFENCE|Oops|Kernel panic|general protection|Call Trace:'
    r'|INFO: (possible|suspicious|task |rcu|trying|inconsistent|NMI|HARDIRQ|SOFTIRQ)|possible recursive|inconsistent lock state'
    r'|circular locking|DMA-API: |ODEBUG|refcount_t: |list_(add|del) corruption|unreferenced object|hung_task|soft lockup'
    r'|sleeping function called|scheduling while atomic|bad page|cut here|stack-protector|slab.*(corrupt|[Oo]verwritten)'
    r'|cannot create duplicate|kobject_add_internal failed|unbalanced|nobody cared|Internal error', re.I)
# lines that carry the words above and report nothing
INNOCENT = re.compile(r'kasan: KernelAddressSanitizer initialized|DMA-API: (preallocated|debugging enabled|mapping [^ ]*$)'
                      r'|RCU .*CPU stall warnings|Lock dependency validator|lockdep_|kmemleak: Kernel memory leak detector', re.I)


class Broken(Exception):
    pass


class Monitor:
    """The host's own QMP session."""

    def __init__(self, path, alive):
        self.sock = connect(path, alive)
        self.file = self.sock.makefile('rwb')
        self.file.readline()
        self.run('qmp_capabilities')

    def run(self, command, **arguments):
        self.file.write(json.dumps({'execute': command, 'arguments': arguments}).encode() + b'\n')
        self.file.flush()
        while True:
            line = self.file.readline()
            if not line:
                raise Broken('QEMU closed its monitor')
            answer = json.loads(line)
            if 'error' in answer:
                raise Broken(f"{command}: {answer['error']['desc']}")
            if 'return' in answer:
                return answer['return']


def connect(path, alive, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(path)
            return s
        except OSError:
            s.close()
            time.sleep(0.02)
    raise Broken('QEMU did not start')


def cpio_entry(name, data, mode, ino):
    head = '070701' + ''.join('%08x' % v for v in (ino, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0))
    out = head.encode() + name.encode() + b'\0'
    out += b'\0' * (-len(out) % 4) + data
    return out + b'\0' * (-len(out) % 4)


def initramfs(opt):
    """Early modules of the kernel's part, and what of ours may change without making a part anew."""
    def read(path):
        with open(path, 'rb') as f:
            return f.read()
    out = read(opt.kernel_dir + '/boot.cpio')
    out += b'\0' * (-len(out) % 4)
    guest = '/repo/scripts/guest/'
    files = [('init', guest + 'init'), ('late', guest + 'late'), ('agent', opt.guest_dir + '/bin/agent'),
             ('monitor', opt.guest_dir + '/bin/monitor'), ('bin/busybox', opt.guest_dir + '/bin/busybox')]
    out += cpio_entry('bin', b'', 0o40755, 1)
    out += cpio_entry('bin/sh', b'busybox', 0o120777, 2)
    for ino, (name, path) in enumerate(files, 3):
        out += cpio_entry(name, read(path), 0o100755, ino)
    return out + cpio_entry('TRAILER!!!', b'', 0, 99)


def kvm_works(opt):
    """A device node says little: a kernel must get as far as looking for its root."""
    if not os.access('/dev/kvm', os.R_OK | os.W_OK):
        return False
    memo = '/lab/kvm-' + os.uname().release.replace('/', '_')
    with open(memo, 'a+') as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        f.seek(0)
        said = f.read().strip()
        if not said:
            log = f'/vm/kvm-probe.log'
            qemu = ['qemu-system-x86_64', '-accel', 'kvm', '-machine', 'q35', '-cpu', 'host', '-m', '512', '-nodefaults',
                    '-display', 'none', '-no-reboot', '-serial', 'file:' + log, '-kernel', opt.kernel_dir + '/vmlinuz',
                    '-append', 'console=ttyS0 panic=-1']
            try:
                subprocess.run(qemu, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20)
            except subprocess.TimeoutExpired:
                pass
            said = 'no'
            if os.path.exists(log):
                with open(log, errors='replace') as text:
                    said = 'yes' if 'Unable to mount root' in text.read() else 'no'
                os.unlink(log)
            f.write(said)
        return said == 'yes'


def tsc_khz():
    """What an emulated CPU counts in, told to the guest: on a busy host its own calibration is wrong by factors.
    In steps of 10 MHz, measured once a boot of the host, so that a snapshot's key is the same each time."""
    with open('/proc/sys/kernel/random/boot_id') as f:
        memo = '/lab/tsc-' + f.read().strip()
    if os.path.exists(memo):
        with open(memo) as f:
            return int(f.read())
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(bytes.fromhex('0f31' '48c1e220' '4809d0' 'c3'))  # rdtsc; shl rdx,32; or rax,rdx; ret
    rdtsc = ctypes.CFUNCTYPE(ctypes.c_uint64)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    t0, c0 = time.monotonic_ns(), rdtsc()
    time.sleep(0.1)
    t1, c1 = time.monotonic_ns(), rdtsc()
    khz = round((c1 - c0) * 100 / (t1 - t0)) * 10000
    with open(f'{memo}.{os.getpid()}', 'w') as f:
        f.write(str(khz))
    os.rename(f.name, memo)
    return khz


def machine(opt, kvm):
    """QEMU's arguments, without those that differ between a snapshot's making and its use."""
    accel, cpu = ('kvm', 'host') if kvm else ('tcg,thread=multi,tb-size=512', 'max,la57=off')
    vmlinux = opt.kernel_dir + '/vmlinux'
    image, initrd = vmlinux if os.path.exists(vmlinux) else opt.kernel_dir + '/vmlinuz', '/vm/initramfs'
    if opt.system:
        image, initrd = opt.system + '/vmlinuz', opt.system + '/initrd'
    a = ['qemu-system-x86_64', '-accel', accel, '-machine', 'q35' + (',memory-backend=mem' if opt.emu is not None else ''),
         '-cpu', cpu, '-smp', str(opt.cpus), '-m', str(opt.mib),
         '-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-serial', 'file:/vm/console.log',
         # the guest's own slots, with power and attention, not ACPI's
         '-global', 'ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off',
         '-kernel', image, '-initrd', initrd, '-append', ' '.join([CMDLINE] + ([] if kvm else [f'tsc_early_khz={tsc_khz()}']) + opt.append),
         '-qmp', 'unix:/vm/host.sock,server=on,wait=off',
         '-device', 'virtio-serial-pci,id=vs,max_ports=8,addr=0x10']
    # a system has a root of its own
    disks = (('gmxroot', opt.guest_dir + '/root.img'), ('modules', opt.kernel_dir + '/modules.img'))
    for addr, (serial, path) in enumerate(() if opt.system else disks, 0x11):
        a += ['-blockdev', f'driver=raw,node-name={serial},read-only=on,file.driver=file,file.filename={path},file.locking=off',
              '-device', f'virtio-blk-pci,drive={serial},serial={serial},addr={addr:#x}']
    a += ['-chardev', 'socket,id=result,path=/vm/result.sock,server=on,wait=off',
          '-device', 'virtserialport,bus=vs.0,nr=1,chardev=result,name=result',
          '-chardev', 'socket,id=mon,path=/vm/guest.sock,server=on,wait=off', '-mon', 'chardev=mon,mode=control',
          '-chardev', 'socket,id=monc,path=/vm/guest.sock', '-device', 'virtserialport,bus=vs.0,nr=2,chardev=monc,name=qmp']
    tty = 'stdio,id=tty,signal=off' if opt.interactive else 'null,id=tty'
    a += ['-chardev', tty, '-device', 'virtconsole,bus=vs.0,nr=3,chardev=tty']
    for addr, (tag, path, ro) in enumerate((('repo', '/repo', ',readonly=on'), ('gmx', opt.build, ',readonly=on'), ('vm', '/vm', '')), 0x14):
        a += ['-fsdev', f'local,id={tag},path={path},security_model=none,multidevs=remap{ro}',
              '-device', f'virtio-9p-pci,fsdev={tag},mount_tag={tag},addr={addr:#x}']
    if opt.emu is not None:
        # an emulator does its DMA in the guest's own pages
        a += ['-object', f'memory-backend-memfd,id=mem,size={opt.mib}M,share=on',
              '-chardev', 'socket,id=emu,path=/vm/emu.sock,server=on,wait=off',
              '-device', 'virtserialport,bus=vs.0,nr=4,chardev=emu,name=emu']
    for i in range(4):
        a += ['-device', f'pcie-root-port,id=rp{i},chassis={i + 1},slot={i + 1},addr={i + 2:#x}']
    for i in range(6):
        a += ['-blockdev', f'driver=raw,node-name=d{i},discard=unmap,detect-zeroes=off,file.driver=file,file.discard=unmap,file.filename=d{i}.img']
    for q in opt.qemu:
        a += shlex.split(q)
    return a


LIBC = ctypes.CDLL(None)


def die_with_parent():
    LIBC.prctl(1, signal.SIGKILL)


class Guest:
    def __init__(self, opt, args, emulators=None):
        self.opt = opt
        self.log = open('/vm/qemu.log', 'ab')
        self.qemu = subprocess.Popen(args, cwd='/vm', preexec_fn=die_with_parent, stdout=None if opt.interactive else self.log,
                                     stderr=self.log, stdin=None if opt.interactive else subprocess.DEVNULL)
        self.monitor = Monitor('/vm/host.sock', self.alive)
        self.channel = connect('/vm/result.sock', self.alive)
        self.emu = None
        if emulators:
            emulators.monitor, emulators.qemu = self.monitor, self.qemu.pid
            self.emu = emu.Channel(connect('/vm/emu.sock', self.alive), emulators)
        self.kmsg = open('/vm/kmsg.log', 'ab')
        self.buffer = b''
        self.readies = 0
        self.spoke = False

    def alive(self):
        return self.qemu.poll() is None

    def frames(self, deadline):
        """Yields (type, data) until the guest is gone."""
        while True:
            while len(self.buffer) >= 5:
                length = struct.unpack_from('<I', self.buffer, 1)[0]
                if len(self.buffer) < 5 + length:
                    break
                kind, data = self.buffer[:1], self.buffer[5:5 + length]
                self.buffer = self.buffer[5 + length:]
                yield kind, data
            left = deadline - time.monotonic()
            if left <= 0:
                raise Broken(f'no end within {self.opt.seconds} s')
            cut = self.emu.emulators.until_cut() if self.emu else None
            ready = select.select([self.channel] + ([self.emu.sock] if self.emu else []), [], [], min(left, 1 if cut is None else cut))[0]
            if self.emu and self.emu.sock in ready and not self.emu.receive():
                self.emu = None
            if self.channel not in ready:
                if not ready and not self.alive():
                    raise Broken('the guest is gone')
                continue
            data = self.channel.recv(1 << 20)
            if not data:
                raise Broken('the guest is gone')
            self.buffer += data

    def wait_ready(self, deadline):
        for kind, data in self.frames(deadline):
            if kind == b'R':
                return
            if kind == b'x':
                raise Broken(data.decode(errors='replace'))

    def command(self, boot):
        opt = self.opt
        env = [f'{k}={v}' for k, v in os.environ.items() if k.startswith('GMX_') and k not in ('GMX_INSIDE', 'GMX_TREE')]
        env += [f'GMX_KERNEL={opt.kernel}', f'GMX_CPUS={opt.cpus}', f'GMX_BOOT={boot}', f'GMX_EPOCH={int(time.time())}',
                'TERM=' + os.environ.get('TERM', 'dumb')]
        env += [f'{k}={os.environ[k]}' for k in ('KEEP', 'NO_COLOR') if k in os.environ]
        if not opt.warnings and not opt.interactive and 'debug' in opt.kernel:
            env.append('GMX_KMEMLEAK=1')
        if opt.interactive:
            size = shutil.get_terminal_size()
            env += [f'LINES={size.lines}', f'COLUMNS={size.columns}']
        words = ['i' if opt.interactive else 'b', str(len(env))] + env + opt.command
        block = b''.join(os.fsencode(w) + b'\0' for w in words)
        self.channel.sendall(struct.pack('<I', len(block)) + block)

    def run(self, deadline):
        self.command(1)
        boots = 1
        for kind, data in self.frames(deadline):
            if kind == b'o':
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()
            elif kind == b'e':
                sys.stderr.buffer.write(data)
                sys.stderr.buffer.flush()
            elif kind == b'k':
                self.kmsg.write(data)
                self.kmsg.flush()
            elif kind == b's':
                return int(data)
            elif kind == b'x':
                raise Broken(data.decode(errors='replace'))
            elif kind == b'R':
                # a crash kernel comes up with the same initramfs; the same command goes on in it
                boots += 1
                self.command(boots)

    def stop(self):
        if self.alive():
            try:
                self.monitor.run('quit')
            except (Broken, OSError):
                pass
            try:
                self.qemu.wait(10)
            except subprocess.TimeoutExpired:
                self.qemu.kill()
                self.qemu.wait()
        self.log.close()


def snapshot(opt, args, image):
    """A folder with the state of a guest that waits for its command."""
    key = hashlib.sha256()
    key.update(json.dumps(args).encode() + image)
    with open('/var/lib/dpkg/status', 'rb') as f:
        key.update(re.search(rb'Package: qemu-system-x86\n(?:.+\n)*?(Version: .*)', f.read()).group(1))
    path = f'/lab/snap/{opt.kernel}-{key.hexdigest()[:12]}'
    with open(path + '.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(path):
            start = time.monotonic()
            guest = Guest(opt, args)
            try:
                guest.wait_ready(start + opt.seconds)
                guest.monitor.run('stop')
                guest.monitor.run('migrate', uri=f'file:{path}.part')
                while True:
                    state = guest.monitor.run('query-migrate')
                    if state['status'] == 'completed':
                        break
                    if state['status'] in ('failed', 'cancelled'):
                        raise Broken('no snapshot: ' + state.get('error-desc', '?'))
                    time.sleep(0.05)
            except Broken:
                if os.path.exists(path + '.part'):
                    os.unlink(path + '.part')
                raise
            finally:
                guest.stop()
            os.rename(path + '.part', path)
            for name in ('console.log', 'kmsg.log'):
                if os.path.exists('/vm/' + name):
                    os.rename('/vm/' + name, '/vm/snapshot-' + name)
            forget_snapshots()
    os.utime(path)
    return path


def forget_snapshots(keep=8):
    states = [os.path.join('/lab/snap', n) for n in os.listdir('/lab/snap') if not n.endswith(('.lock', '.part'))]
    for path in sorted(states, key=os.path.getmtime)[:-keep]:
        os.unlink(path)


def reports(opt):
    """Lines of kernel reports since the command began, from the guest's own log and from its console."""
    found = []
    for name in ('kmsg.log', 'console.log'):
        try:
            with open('/vm/' + name, errors='replace') as f:
                text = f.read()
        except FileNotFoundError:
            continue
        text = text.split(START, 1)[1] if START in text else ''
        for line in text.split('\n'):
            line = line.split(';', 1)[1] if name == 'kmsg.log' and re.match(r'\d+,\d+,', line) else line
            if REPORT.search(line) and not INNOCENT.search(line):
                found.append(line.strip())
        if found:
            break
    return found


def tail(path, lines=25):
    try:
        with open(path, errors='replace') as f:
            # our way of giving a guest its monitor outlives the warning about it
            return ''.join([x for x in f if "'-mon' is deprecated" not in x][-lines:])
    except FileNotFoundError:
        return ''


def options():
    p = argparse.ArgumentParser()
    p.add_argument('--kernel', required=True)
    p.add_argument('--kernel-dir', required=True)
    p.add_argument('--guest-dir', required=True)
    p.add_argument('--build', required=True)
    p.add_argument('--system')
    p.add_argument('--log')
    p.add_argument('--keep')
    p.add_argument('-c', dest='cpus', type=int, default=1)
    p.add_argument('-m', dest='mib', type=int, default=1024)
    p.add_argument('-t', dest='seconds', type=float, default=600)
    p.add_argument('-a', dest='append', action='append', default=[])
    p.add_argument('--emulator', dest='emu', action='append')
    p.add_argument('--emu-binary', dest='emu_binary')
    p.add_argument('-q', dest='qemu', action='append', default=[])
    p.add_argument('-S', dest='snapshot', action='store_true')
    p.add_argument('-i', dest='interactive', action='store_true')
    p.add_argument('-w', dest='warnings', action='store_true')
    p.add_argument('command', nargs='+')
    # a kernel argument may begin with a dash, a command always stands behind "--"
    at = sys.argv.index('--')
    opt = p.parse_args(sys.argv[1:at] + ['--'] + sys.argv[at + 1:])
    return opt


def emulators_start(opt):
    # a copy: the guest may start it again, and it may be built anew meanwhile
    shutil.copy(opt.emu_binary, '/vm/gmx-emu')
    return emu.Emulators('/vm/gmx-emu', opt.emu, die_with_parent)


def prepare(opt):
    os.makedirs(opt.build, exist_ok=True)
    for name in ('console.log', 'kmsg.log', 'qemu.log'):
        if os.path.exists('/vm/' + name):
            os.unlink('/vm/' + name)
    for i in range(6):
        with open(f'/vm/d{i}.img', 'wb') as f:
            f.truncate(256 << 20)
    if opt.system:
        return None  # and no crash kernel
    image = initramfs(opt)
    with open('/vm/initramfs', 'wb') as f:
        f.write(image)
    shutil.copyfile(opt.kernel_dir + '/vmlinuz', '/vm/vmlinuz')
    return image


def clean(names):
    for name in names:
        try:
            os.unlink('/vm/' + name)
        except FileNotFoundError:
            pass


def main():
    opt = options()
    place = opt.keep or opt.log
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(BROKEN))
    image = prepare(opt)
    # a plugin sees translated code only
    args = machine(opt, kvm_works(opt) and not any('-plugin' in q for q in opt.qemu))
    with open('/vm/command', 'w') as f:
        f.write(shlex.join(args) + '\n' + shlex.join(opt.command) + '\n')
    deadline = time.monotonic() + opt.seconds
    guest, emulators, trouble, status = None, None, None, BROKEN
    try:
        if opt.emu is not None:
            emulators = emulators_start(opt)
        if opt.snapshot:
            state = snapshot(opt, args, image)
            guest = Guest(opt, args + ['-incoming', 'file:' + state], emulators)
            while guest.monitor.run('query-status')['status'] in ('inmigrate', 'finish-migrate', 'restore-vm'):
                time.sleep(0.01)
            guest.monitor.run('cont')
            if emulators:
                emulators.hot_plug()
        else:
            guest = Guest(opt, args + (emulators.cold_plugged() if emulators else []), emulators)
            guest.wait_ready(deadline)
        status = guest.run(deadline)
    except emu.Blackout:
        emulators.kill(guest.qemu)
        status = CUT
    except (Broken, OSError, emu.EmuError) as e:
        trouble = str(e)
    except KeyboardInterrupt:
        trouble = 'interrupted'
    finally:
        if guest:
            guest.stop()
        if emulators:
            trouble = emulators.close() or trouble
    if emulators and any('timed out waiting for reply' in line for line in open('/vm/qemu.log', errors='replace')):
        trouble = 'an emulator did not answer QEMU in time: the connection is out of step (qemu.log)'
    clean(['host.sock', 'guest.sock', 'result.sock', 'emu.sock', 'gmx-emu', 'initramfs', 'vmlinuz'] + [f'd{i}.img' for i in range(6)])

    sys.stdout.flush()
    if trouble:
        print(f'vm: {opt.kernel}: {trouble}', file=sys.stderr)
        print(tail('/vm/qemu.log', 5) + tail('/vm/console.log'), end='', file=sys.stderr)
        status = BROKEN
    found = reports(opt)
    if found and not opt.warnings:
        print(f'vm: {opt.kernel}: the kernel reported:', file=sys.stderr)
        for line in found[:20]:
            print('    ' + line, file=sys.stderr)
        status = BROKEN
    if status == BROKEN:
        print(f'vm: logs: {place}', file=sys.stderr)
    elif not opt.keep:
        for name in emulators.all if emulators else []:
            shutil.rmtree(f'/vm/{name}.state', ignore_errors=True)
            clean([f'{name}.log'])
        clean(['console.log', 'kmsg.log', 'qemu.log', 'command', 'snapshot-console.log', 'snapshot-kmsg.log'])
    return status


sys.exit(main())
