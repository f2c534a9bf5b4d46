#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""report.py FOLDER: what tests/bench/guest has counted."""
import bisect
import os
import statistics
import sys

MODULES = {'gmx': ['gmx'], 'nvme': ['nvme', 'nvme_core'], 'null': ['null_blk']}


class Symbols:
    def __init__(self, path):
        found = {}
        with open(path) as f:
            for line in f:
                addr, _, name, *module = line.split()
                found[int(addr, 16)] = (name, module[0].strip('[]') if module else '')
        self.addrs = sorted(found)
        self.names = [found[a] for a in self.addrs]

    def find(self, addr):
        """Name, module, where it begins"""
        i = bisect.bisect_right(self.addrs, addr) - 1
        return (*self.names[i], self.addrs[i]) if i >= 0 else ('?', '', addr)


def windows(path):
    out, cur = {}, None
    with open(path) as f:
        for line in f:
            w = line.split()
            if w[0] == 'window':
                if int(w[5]):
                    raise SystemExit(f'{path}: the plugin has too few counters')
                cur = {'user': int(w[3]), 'at': []}
                out[int(w[1])] = cur
            elif w[0] == 'end':
                cur = None
            else:
                cur['at'].append((int(w[0], 16), int(w[1]), int(w[2])))
    return out


def main():
    folder = sys.argv[1]
    counted = windows(os.path.join(folder, 'windows'))
    cache, groups = {}, {}
    with open(os.path.join(folder, 'runs')) as f:
        for line in f:
            number, driver, device, job, depth, n, rounds, sym = line.split()
            if sym not in cache:
                cache[sym] = Symbols(os.path.join(folder, 'symbols.' + sym))
            n = int(n)
            w = counted[int(number)]
            functions, kernel, stores = {}, 0, 0
            for addr, count, io in w['at']:
                name, module, _ = cache[sym].find(addr)
                kernel += count
                stores += io
                functions[module, name] = functions.get((module, name), 0) + count
            text = sum(c for (m, _), c in functions.items() if m in MODULES[driver])
            r = {'text': text / n, 'kernel': kernel / n, 'user': w['user'] / n, 'stores': stores / n, 'batch': n / int(rounds),
                 'functions': {f'{m}:{k}': c / n for (m, k), c in functions.items() if m in MODULES[driver] or os.environ.get('ALL')}}
            groups.setdefault((device, job, depth), {}).setdefault(driver, []).append(r)
    for (device, job, depth), drivers in groups.items():
        for driver, rs in drivers.items():
            line = f'{device:5} {job:10} {depth:>3} {driver:5}'
            for key in ('text', 'kernel', 'user', 'stores', 'batch'):
                v = [r[key] for r in rs]
                line += f'  {key} {statistics.median(v):9.2f} ({min(v):.2f}..{max(v):.2f})'
            print(line)
            if os.environ.get('GMX_HIST'):
                for name, c in sorted(rs[-1]['functions'].items(), key=lambda x: -x[1])[:int(os.environ['GMX_HIST'])]:
                    print(f'      {c:9.2f} {name}')
        if 'gmx' in drivers and 'nvme' in drivers:
            ratios = [a['text'] / b['text'] for a, b in zip(drivers['gmx'], drivers['nvme'])]
            print(f'      ratio {statistics.median(ratios):.3f} ({min(ratios):.3f}..{max(ratios):.3f})')
    return 0


sys.exit(main())
