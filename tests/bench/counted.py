# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin has counted by address, as instructions of drivers and functions."""
import bisect
import os

MODULES = {'gmx': ('gmx',), 'nvme': ('nvme', 'nvme_core'), 'null': ('null_blk',), 'self': ()}
HANDLERS = ('gmx_cq_irq', 'nvme_irq')
# where a page or a list is mapped; the newer kernel's first calls its second
MAPS = (('dma_map_phys', 'dma_map_sgtable'), ('dma_map_page_attrs', 'dma_map_sgtable'))


class Symbols:
    def __init__(self, path):
        found = {}
        with open(path) as f:
            for line in f:
                addr, _, name, *module = line.split()
                found[int(addr, 16)] = (module[0].strip('[]') if module else '', name)
        self.addrs = sorted(found)
        self.names = [found[a] for a in self.addrs]

    def find(self, addr):
        """(module, name), where it begins"""
        i = bisect.bisect_right(self.addrs, addr) - 1
        return (self.names[i], self.addrs[i]) if i >= 0 else (('', '?'), addr)


def windows(path):
    """(number, user, [(address, instructions, stores to devices)]): one after the other, a long bench has many"""
    number, user, at = 0, 0, []
    with open(path) as f:
        for line in f:
            word = line.split()
            if word[0] == 'window':
                if int(word[5]):
                    raise SystemExit(f'{path}: the plugin has too few counters')
                number, user, at = word[1], int(word[3]), []
            elif word[0] == 'end':
                yield number, user, at
            else:
                at.append((int(word[0], 16), int(word[1]), int(word[2])))


def read(folder):
    """(device, job, depth), driver, figures an I/O"""
    symbols = {}
    counted = windows(os.path.join(folder, 'windows'))
    with open(os.path.join(folder, 'runs')) as f:
        for line in f:
            number, driver, device, job, depth, n, rounds, name = line.split()
            window, user, at = next(counted)
            if window != number:
                raise SystemExit(f'{folder}: window {window} instead of {number}')
            if name not in symbols:
                symbols = {name: Symbols(os.path.join(folder, 'symbols.' + name))}
            yield (device, job, depth), driver, figures(symbols[name], driver, int(n), int(rounds), user, at)


def figures(symbols, driver, n, rounds, user, at):
    functions, calls, kernel, stores = {}, {}, 0, 0
    for addr, count, io in at:
        what, begin = symbols.find(addr)
        functions[what] = functions.get(what, 0) + count
        # a caller may skip the first instruction, which marks a branch's target
        if addr - begin <= 4:
            calls[what[1]] = max(calls.get(what[1], 0), count)
        kernel += count
        if what[0] in MODULES[driver]:
            stores += io
    text = {f: c for f, c in functions.items() if f[0] in MODULES[driver]}
    maps = MAPS[0] if MAPS[0][0] in calls else MAPS[1]
    return {'text': sum(text.values()) / n, 'kernel': kernel / n, 'user': user / n,
            'interrupts': sum(calls.get(h, 0) for h in HANDLERS) / n, 'doorbells': stores / n,
            'maps': sum(calls.get(m, 0) for m in maps) / n, 'pool': calls.get('dma_pool_alloc', 0) / n, 'batch': n / rounds,
            'functions': {name: c / n for (_, name), c in text.items() if c >= n / 100}}
