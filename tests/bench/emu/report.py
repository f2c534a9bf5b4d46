#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""report.py FOLDER JSON LEAST: what tests/bench/emu/guest has measured as a table and as JSON; status 1: a ratio below LEAST."""
import glob
import json
import os
import re
import statistics
import sys

EMU, QEMU = 'emu', 'qemu'


def text(*path):
    with open(os.path.join(*path)) as f:
        return f.read()


def interrupts(folder, when):
    """All vectors of the controller on all processors"""
    return sum(int(n) for line in text(folder, f'interrupts.{when}').splitlines() for n in re.findall(r'\s(\d+)(?=\s)', line.split(':', 1)[1]))


def ios(folder, when):
    field = text(folder, f'stat.{when}').split()
    return int(field[0]) + int(field[4])


def run(folder):
    where, name, rw, kind = text(folder, 'what').split()
    fio = json.loads(text(folder, 'fio.json'))['jobs']
    if len(fio) != 1 or fio[0]['error']:
        raise SystemExit(f'{folder}: fio failed')
    side = fio[0]['read' if rw == 'randread' else 'write']
    r = {'where': where, 'name': name, 'rw': rw, 'kind': kind, 'iops': side['iops']}
    before, after = (json.loads(text(folder, f'usage.{when}')) for when in ('from', 'to'))
    n = ios(folder, 'to') - ios(folder, 'from')
    seconds = (after['ns'] - before['ns']) / 1e9
    if n <= 0:
        raise SystemExit(f'{folder}: no I/O while it was measured')

    def spent(process, what):
        return (after[process][what] - before[process][what]) / n

    r['window_iops'] = n / seconds
    r['interrupts'] = (interrupts(folder, 'to') - interrupts(folder, 'from')) / n
    # QEMU's own part: its main loop and I/O threads; its processors' time is the guest's, emulated registers included
    r['cpu_qemu_us'] = spent('qemu', 'cpu_us') - spent('qemu', 'guest_us')
    r['cpu_guest_us'] = spent('qemu', 'guest_us')
    r['qemu_sleeps'] = spent('qemu', 'sleeps')
    if where == EMU:
        ctrl = [json.loads(text(folder, f'status.{when}'))['controllers'][0] for when in ('from', 'to')]
        r['cpu_emu_us'] = spent('e0', 'cpu_us')
        r['cpu_emu_kernel_us'] = spent('e0', 'kernel_us')
        r['emu_sleeps'] = spent('e0', 'sleeps')
        r['doorbells'] = (ctrl[1]['doorbells'] - ctrl[0]['doorbells']) / n
        r['messages'] = (ctrl[1]['interrupts'] - ctrl[0]['interrupts']) / n
        r['memory'] = json.loads(text(folder, 'memory'))
    r['cpu_all_us'] = r['cpu_guest_us'] + r['cpu_qemu_us'] + r.get('cpu_emu_us', 0.0)
    return r


def median(runs, key):
    return statistics.median(r[key] for r in runs)


def compare(runs, rw, doorbells):
    pairs = [r for r in runs if r['rw'] == rw and r['kind'] == 'pair']
    a, b = ([r for r in pairs if r['where'] == w] for w in (EMU, QEMU))
    if len(a) != len(b) or not a:
        raise SystemExit(f'{rw}: {len(a)} and {len(b)} measurements are no pairs')
    ratios = [x['iops'] / y['iops'] for x, y in zip(a, b)]
    sides = {}
    for where, side in ((EMU, a), (QEMU, b)):
        numbers = [k for k, v in side[0].items() if isinstance(v, float)]
        sides[where] = {k: median(side, k) for k in numbers}
        sides[where]['iops_all'] = [r['iops'] for r in side]
    sides[QEMU]['name'] = b[0]['name']
    sides[QEMU]['doorbells'] = doorbells[rw]
    return {'ratio': statistics.median(ratios), 'least': min(ratios), 'most': max(ratios), 'ratios': ratios, **sides}


def table(result):
    for rw, c in result['compare'].items():
        e, q = c[EMU], c[QEMU]
        print(f"\n{rw}: gmx-emu {result['family']}, and QEMU's nvme as {q['name']}; medians of {len(c['ratios'])} pairs")
        print(f"{'':34}{'gmx-emu':>12}{'QEMU':>12}")
        print(f"{'I/Os a second':34}{e['iops']:12.0f}{q['iops']:12.0f}")
        print(f"{'ratio (least .. most)':34}{c['ratio']:12.3f}   ({c['least']:.3f} .. {c['most']:.3f})")
        for what, key in (('interrupts an I/O', 'interrupts'), ('doorbell registers written an I/O', 'doorbells'),
                          ("guest's processors, us an I/O", 'cpu_guest_us'), ('rest of QEMU, us an I/O', 'cpu_qemu_us'),
                          ('gmx-emu, us an I/O', 'cpu_emu_us'), ('  of it in the kernel', 'cpu_emu_kernel_us'),
                          ('  times it slept, an I/O', 'emu_sleeps'), ('all processes, us an I/O', 'cpu_all_us')):
            other = f'{q[key]:12.3f}' if key in q else f"{'-':>12}"
            print(f'{what:34}{e[key]:12.3f}{other}')
    print('\ntrials of QEMU (I/Os a second, two each):')
    for name, rws in result['trials'].items():
        print(f'  {name:22}' + ''.join(f"  {rw} {' '.join('%.0f' % i for i in iops)}" for rw, iops in rws.items()))
    m = result['memory']
    print(f"memory of gmx-emu: {m['own_kib']} KiB of its own, {m['rss_kib'] >> 10} MiB resident with the guest's memory and the drive,"
          f" {m['pss_kib'] >> 10} MiB as its share")


def main():
    folder, out, least = sys.argv[1], sys.argv[2], float(sys.argv[3])
    runs = [run(d) for d in sorted(glob.glob(folder + '/[0-9]*'))]
    doorbells = {}
    for line in text(folder, 'qemu-doorbells').splitlines():
        rw, written, n = line.split()
        doorbells[rw] = int(written) / int(n)
    emu = [r for r in runs if r['where'] == EMU]
    trials = {}
    for r in runs:
        if r['kind'] == 'trial':
            trials.setdefault(r['name'], {}).setdefault(r['rw'], []).append(r['iops'])
    result = {'family': emu[0]['name'], 'least': least, 'trials': trials, 'memory': emu[-1]['memory']['e0'],
              'compare': {rw: compare(runs, rw, doorbells) for rw in ('randread', 'randwrite')}, 'runs': runs}
    table(result)
    with open(out, 'w') as f:
        json.dump(result, f, indent=1)
    c = result['compare']
    cpu = statistics.mean(c[rw][EMU]['cpu_emu_us'] for rw in c)
    slow = [rw for rw in c if c[rw]['ratio'] < least]
    if slow:
        print(f"slower than {least} times QEMU's nvme: {', '.join(slow)}")
    print(f"BENCH-EMU {' '.join('%s=%.3f' % (rw, c[rw]['ratio']) for rw in c)} mem_mib={result['memory']['own_kib'] / 1024:.1f}"
          f' cpu_us_per_io={cpu:.2f}')
    return 1 if slow else 0


sys.exit(main())
