"""Jobs that read nothing, and that ask."""

import time
from dataclasses import dataclass
from typing import ClassVar

from dlcompare.compare.execution.channel import Channel
from dlcompare.tasks.cost import Cost


@dataclass(frozen=True)
class Deaf:
    """Asks, and never reads the answer."""

    says: ClassVar[tuple[type, ...]] = (Cost,)

    def run(self, channel: Channel) -> None:
        channel.send(Cost())
        time.sleep(1000)


@dataclass(frozen=True)
class Asking:
    """Asks, and sends the answer back."""

    says: ClassVar[tuple[type, ...]] = (Cost,)

    def run(self, channel: Channel) -> None:
        channel.send(Cost(1))
        channel.send(Cost(channel.receive()))
