"""An SVG of throughput and latency over the number of connections."""

import math
import xml.sax.saxutils

WIDTH, HEIGHT = 1000, 460
#: Left edge, top edge, width and height of each panel.
PANELS = [(70, 60, 380, 320), (540, 60, 380, 320)]
COLOURS = ["#0b6e99", "#c4522b", "#5a7d1c", "#7b4fa3", "#8a8a8a", "#b9a04a", "#333333"]


def nice_ceiling(value):
    """The least of 1, 2, 2.5, 5 times a power of ten that is not below the value."""
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value)


def svg(title, series):
    """Draws two panels side by side.

    Parameters:
      series: name → list of (connections, requests per second, 99th percentile in microseconds, is a floor)
    """
    points = [point for line in series.values() for point in line]
    counts = sorted({point[0] for point in points})
    top = nice_ceiling(max(point[1] for point in points))
    latencies = [max(point[2], 1) / 1000 for point in points]
    low, high = math.floor(math.log10(min(latencies))), math.ceil(math.log10(max(latencies)))
    high = max(high, low + 1)
    spread = max(1, math.log2(counts[-1]) - math.log2(counts[0]))

    def x(panel, count):
        left, _, width, _ = PANELS[panel]
        return left + (math.log2(count) - math.log2(counts[0])) / spread * width

    def y(panel, share):
        _, upper, _, height = PANELS[panel]
        return upper + (1 - share) * height

    def text(left, upper, words, anchor="middle", size=12, weight="normal"):
        return (f'<text x="{left:.1f}" y="{upper:.1f}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}">'
                f"{xml.sax.saxutils.escape(words)}</text>")

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT + 20 * len(series)}" '
        'font-family="system-ui, sans-serif" fill="#222">',
        '<rect width="100%" height="100%" fill="#fff"/>', text(70, 26, title, "start", 16, "bold"),
    ]
    for panel, name in enumerate(["requests per second", "99th percentile, ms"]):
        left, upper, width, height = PANELS[panel]
        parts.append(text(left, upper - 12, name, "start", 13))
        if panel == 0:
            ticks = [(step / 5, f"{top * step / 5:,.0f}".replace(",", " ")) for step in range(6)]
        else:
            ticks = [((power - low) / (high - low), f"{10.0 ** power:g}") for power in range(low, high + 1)]
        for share, label in ticks:
            height_here = y(panel, share)
            parts.append(f'<line x1="{left}" x2="{left + width}" y1="{height_here:.1f}" y2="{height_here:.1f}" stroke="#ddd"/>')
            parts.append(text(left - 6, height_here + 4, label, "end", 11))
        for count in counts:
            parts.append(text(x(panel, count), upper + height + 18, str(count), size=11))
        parts.append(text(left + width / 2, upper + height + 38, "connections"))
    for number, (name, line) in enumerate(series.items()):
        colour, dash = COLOURS[number % len(COLOURS)], ' stroke-dasharray="5 4"' if line[0][3] else ""
        for panel in (0, 1):
            def share(point):
                if panel == 0:
                    return point[1] / top
                return (math.log10(max(point[2], 1) / 1000) - low) / (high - low)
            path = " ".join(f"{x(panel, point[0]):.1f},{y(panel, share(point)):.1f}" for point in line)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        upper = HEIGHT - 5 + 20 * number
        parts.append(f'<line x1="70" x2="100" y1="{upper}" y2="{upper}" stroke="{colour}" stroke-width="2"{dash}/>')
        parts.append(text(108, upper + 4, name, "start"))
    return "\n".join([*parts, "</svg>"]) + "\n"
