# SPDX-License-Identifier: GPL-2.0-or-later
"""Ratios of gmx to inbox as bars with their spread."""
from xml.sax.saxutils import escape

BAR, GAP, LEFT, WIDTH, TOP = 14, 6, 250, 420, 30
PLOTTED = {'count': (('text', '#3465a4'), ('kernel', '#a0b8d8')), 'rate': (('iops', '#4e9a06'), ('p99', '#c4a000')),
           'cost': (('memory_kib', '#75507b'),)}


def bars(kernels):
    for kernel, parts in kernels.items():
        for part, rows in parts.items():
            for what, entry in rows.items():
                for key, colour in PLOTTED[part.rstrip('0123456789')]:
                    r = entry.get('ratio', {}).get(key)
                    if r:
                        yield f'{kernel} {part} {what}', key, colour, r


def svg(kernels, command):
    rows = list(bars(kernels))
    top = max([1.2] + [r['most'] for *_, r in rows])
    height = TOP + len(rows) * (BAR + GAP) + 40

    def x(v):
        return LEFT + WIDTH * v / top

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 140}" height="{height}" font-family="sans-serif" font-size="11">',
           f'<text x="8" y="18">gmx / inbox nvme, median of pairs and their spread: {escape(command)}</text>']
    for i, (name, key, colour, r) in enumerate(rows):
        y = TOP + i * (BAR + GAP)
        mid = y + BAR / 2
        out += [f'<text x="{LEFT - 6}" y="{mid + 4}" text-anchor="end">{escape(name)}</text>',
                f'<rect x="{LEFT}" y="{y}" width="{max(x(r["median"]) - LEFT, 0):.1f}" height="{BAR}" fill="{colour}"/>',
                f'<line x1="{x(r["least"]):.1f}" x2="{x(r["most"]):.1f}" y1="{mid}" y2="{mid}" stroke="black"/>',
                f'<text x="{x(max(r["most"], 0)) + 6:.1f}" y="{mid + 4}">{r["median"]:.3f} {key}</text>']
    for v, dash in ((0.6, '2,4'), (1.0, '')):
        out += [f'<line x1="{x(v):.1f}" x2="{x(v):.1f}" y1="{TOP - 6}" y2="{height - 34}" stroke="#cc0000" stroke-dasharray="{dash}"/>',
                f'<text x="{x(v):.1f}" y="{height - 20}" text-anchor="middle">{v}</text>']
    return '\n'.join(out + ['</svg>']) + '\n'
