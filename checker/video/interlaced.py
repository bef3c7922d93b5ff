"""Interlaced pictures made whole: camcorders weave two moments, half a picture each, into one.

Left as they are, everything that moves has a comb at its edges, and the outline of the body with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import av
from av.filter import Graph


def deinterlaced(frames: Iterable[av.VideoFrame]) -> Iterator[av.VideoFrame]:
    """The frames, each woven one replaced by a whole one of the same time.

    Pictures that are not woven pass untouched; until the first woven one comes, nothing is set up.

    Raises:
        av.FFmpegError: the filter cannot take such frames.
    """
    weaver: _Weaver | None = None
    for frame in frames:
        if weaver is not None and not weaver.takes(frame):
            yield from weaver.put(None)
            weaver = None
        if weaver is None and frame.interlaced_frame:
            weaver = _Weaver(frame)
        if weaver is None:
            yield frame
        else:
            yield from weaver.put(frame)
    if weaver is not None:
        yield from weaver.put(None)


class _Weaver:
    """libav's deinterlacer for frames of one shape; it holds one frame back."""

    def __init__(self, frame: av.VideoFrame) -> None:
        self._shape = frame.width, frame.height, frame.format.name, frame.time_base
        self._graph = Graph()
        source = self._graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base
        )
        filtered = self._graph.add("yadif", mode="send_frame", deint="interlaced")
        self._graph.link_nodes(source, filtered, self._graph.add("buffersink")).configure()

    def takes(self, frame: av.VideoFrame) -> bool:
        """Whether a frame has the shape that this was made for."""
        return self._shape == (frame.width, frame.height, frame.format.name, frame.time_base)

    def put(self, frame: av.VideoFrame | None) -> Iterator[av.VideoFrame]:
        """Hand in a frame, or None at the end; gives those that are ready."""
        self._graph.vpush(frame)
        while True:
            try:
                yield self._graph.vpull()
            except (BlockingIOError, EOFError):  # it waits for more, or is at its end
                return
