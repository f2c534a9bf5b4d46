#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests/bench/guest has measured: as tables, as JSON, as a plot; against what is recorded."""
import argparse
import glob
import json
import os
import statistics
import sys

import counted
import plot

HERE = os.path.dirname(os.path.abspath(__file__))
# names of the last line, and of tests/bench/recorded
QUICK = {'d1': ('randread', '1'), 'd32': ('randread', '32'), 'seq': ('read', '32')}
TOLERANCE = 0.02
COUNTS = (('text', "driver's text"), ('kernel', 'whole kernel'), ('user', 'user space'), ('interrupts', 'interrupts'),
          ('doorbells', 'doorbells'), ('maps', 'DMA mappings'), ('pool', 'pool allocations'))
RATES = (('iops', 'I/Os a second'), ('p50', 'p50 us'), ('p99', 'p99 us'), ('p999', 'p99.9 us'))
COSTS = (('memory_kib', 'memory KiB'), ('queue_kib', 'of it a queue'), ('command_bytes', 'a command, bytes'), ('probe_ms', 'probe ms'),
         ('module_kib', 'module KiB'))


def lines(*path):
    with open(os.path.join(*path)) as f:
        return [line.split() for line in f]


def rate(folder):
    for number, driver, device, job, depth in lines(folder, 'runs'):
        with open(os.path.join(folder, 'fio.' + number)) as f:
            fio = json.load(f)['jobs'][0]
        if fio['error']:
            raise SystemExit(f'{folder}: fio failed')
        side = fio['read']
        p = side['clat_ns']['percentile']
        yield (device, job, depth), driver, {'iops': side['iops'], 'p50': p['50.000000'] / 1000, 'p99': p['99.000000'] / 1000,
                                             'p999': p['99.900000'] / 1000}


def cost(folder):
    for _, driver, device, kib, us, size, queue, command in lines(folder, 'runs'):
        yield (device, 'controller', '-'), driver, {'memory_kib': int(kib), 'queue_kib': int(queue), 'command_bytes': int(command),
                                                    'probe_ms': int(us) / 1000, 'module_kib': int(size) / 1024}


def spread(values):
    return {'median': statistics.median(values), 'least': min(values), 'most': max(values)}


def compare(measured):
    """Each driver's medians, and gmx over inbox of each pair of turns"""
    out = {}
    for what, drivers in measured.items():
        keys = [k for k, v in next(iter(drivers.values()))[0].items() if not isinstance(v, dict)]
        entry = {d: {k: spread([r[k] for r in rs]) for k in keys} for d, rs in drivers.items()}
        for d, rs in drivers.items():
            if 'functions' in rs[-1]:
                entry[d]['functions'] = rs[-1]['functions']
        if 'gmx' in drivers and 'nvme' in drivers:
            if len(drivers['gmx']) != len(drivers['nvme']):
                raise SystemExit(f'{what}: turns are missing')
            entry['ratio'] = {}
            for k in keys:
                pairs = [a[k] / b[k] for a, b in zip(drivers['gmx'], drivers['nvme']) if b[k]]
                if pairs:
                    entry['ratio'][k] = spread(pairs)
        out[what] = entry
    return out


def table(title, rows, columns, functions):
    print(f'\n{title}')
    print(f"{'device job depth':24}{'':18}{'gmx':>11}{'inbox':>11}{'floor':>11}   gmx/inbox (least..most)")
    for what, entry in rows.items():
        if 'gmx' not in entry:
            continue
        device, job, depth = what
        floor = rows.get(('null', job, depth), {}).get('null', {})
        name = f'{device} {job} {depth}'
        for key, text in columns:
            cells = [entry[d][key]['median'] for d in ('gmx', 'nvme')]
            if not any(cells) and key != 'text':
                continue
            line = f'{name:24}{text:18}{cells[0]:11.2f}{cells[1]:11.2f}'
            line += f"{floor[key]['median']:11.2f}" if key in floor and key in ('kernel', 'iops') else ' ' * 11
            r = entry['ratio'].get(key)
            print(line + (f"   {r['median']:.3f} ({r['least']:.3f}..{r['most']:.3f})" if r else ''))
            name = ''
        for d in ('gmx', 'nvme'):
            for f, n in sorted(entry[d].get('functions', {}).items(), key=lambda x: -x[1])[:functions]:
                print(f'    {n:9.2f}  {f}')


def recorded(kernel):
    for line in lines(HERE, 'recorded'):
        if line and line[0] == kernel:
            return dict(zip(line[1::2], map(float, line[2::2])))
    raise SystemExit(f'bench: tests/bench/recorded has no kernel {kernel}')


def quick(kernel, counts):
    """As TAP"""
    want, failed = recorded(kernel), False
    print(f'1..{len(QUICK)}')
    for n, (name, (job, depth)) in enumerate(QUICK.items(), 1):
        # the least of each: what a busy machine adds are interrupts
        gmx, inbox = (counts['g3', job, depth][d]['text']['least'] for d in ('gmx', 'nvme'))
        bad = gmx / inbox > want[name] + TOLERANCE
        failed |= bad
        print(f"{'not ' if bad else ''}ok {n} - {job} depth {depth} on {kernel}: {gmx:.1f} instructions, {gmx / inbox:.3f} of inbox's "
              f'{inbox:.1f}, recorded {want[name]:.3f}')
        if bad:
            for d in ('gmx', 'nvme'):
                for f, c in sorted(counts['g3', job, depth][d]['functions'].items(), key=lambda x: -x[1])[:12]:
                    print(f'#   {c:9.2f}  {f}')
    return failed


def scale(kernel, rows):
    """As TAP: each kind against its first"""
    first, failed = {}, False
    print(f'1..{len(rows)}')
    for n, ((kind, many, depth), drivers) in enumerate(rows.items(), 1):
        text = min(r['text'] for r in drivers['gmx'])
        base = first.setdefault(kind, (many, text))
        bad = text > base[1] * (1 + TOLERANCE)
        failed |= bad
        print(f"{'not ' if bad else ''}ok {n} - {kind} {many} on {kernel}: {text:.1f} instructions an I/O, {base[1]:.1f} with {base[0]}")
    return failed


def last_line(result):
    """Of the first kernel, on a G3; what interrupt moderation does, on one that is slow"""
    kernel = next(iter(result['kernels'].values()))

    def ratio(part, key, *what, device='g3'):
        try:
            return f"{kernel[part][(device, *what)]['ratio'][key]['median']:.3f}"
        except KeyError:
            return '-'
    rates = [p for p in kernel if p.startswith('rate')]
    rate_part = rates[0] if rates else 'rate1'
    words = [f"{name}={ratio('count', 'text', *what)}" for name, what in QUICK.items()]
    words += [f"{name}={ratio('count', key, 'adaptive', '32', device='slow')}" for name, key in (('irq', 'interrupts'), ('db', 'doorbells'))]
    words += [f"iops{d}={ratio(rate_part, 'iops', 'uring', d)}" for d in ('32', '256')]
    words += [f"p99={ratio(rate_part, 'p99', 'uring', '1')}"]
    return 'BENCH ' + ' '.join(words)


def options():
    p = argparse.ArgumentParser()
    p.add_argument('--quick', action='store_true')
    p.add_argument('--functions', type=int, default=0)
    p.add_argument('--command', default='')
    p.add_argument('folder')
    p.add_argument('out')
    return p.parse_args()


def main():
    opt = options()
    result, scaled = {'command': opt.command, 'kernels': {}}, None
    # as they were measured
    for runs in sorted(glob.glob(opt.folder + '/*/runs'), key=os.path.getmtime):
        folder = os.path.dirname(runs)
        kernel, part = os.path.basename(folder).rsplit('.', 1)
        read = {'count': counted.read, 'scale': counted.read, 'rate': rate, 'cost': cost}[part.rstrip('0123456789')]
        measured = {}
        for what, driver, r in read(folder):
            measured.setdefault(what, {}).setdefault(driver, []).append(r)
        if part == 'scale':
            scaled = scale(kernel, measured) or bool(scaled)
            continue
        probe = measured.pop(('self', 'loop', '1'), None)
        # a loop of two instructions, which came through with what stands around it
        if probe and not 2 <= probe['self'][0]['user'] < 2.001:
            raise SystemExit(f"{folder}: the plugin counts {probe['self'][0]['user']} instructions instead of 2")
        result['kernels'].setdefault(kernel, {})[part] = compare(measured)
    if scaled is not None and not result['kernels']:
        return 1 if scaled else 0
    if not result['kernels']:
        raise SystemExit('bench: nothing was measured')
    if opt.quick:
        kernel, parts = next(iter(result['kernels'].items()))
        return 1 if quick(kernel, parts['count']) else 0
    for kernel, parts in result['kernels'].items():
        for part, rows in parts.items():
            kind = part.rstrip('0123456789')
            title = {'count': f'{kernel}: an I/O, 1 processor', 'rate': f'{kernel}: fio, processors and jobs: {part[4:]}',
                     'cost': f'{kernel}: a controller'}[kind]
            table(title, rows, {'count': COUNTS, 'rate': RATES, 'cost': COSTS}[kind], opt.functions)
    print(f'\nmade by: {opt.command}')
    named = {k: {p: {' '.join(w): e for w, e in rows.items()} for p, rows in parts.items()} for k, parts in result['kernels'].items()}
    with open(os.path.join(opt.out, 'inbox.json'), 'w') as f:
        json.dump(result | {'kernels': named}, f, indent=1)
    with open(os.path.join(opt.out, 'inbox.svg'), 'w') as f:
        f.write(plot.svg(named, opt.command))
    print(last_line(result))
    return 1 if scaled else 0


sys.exit(main())
