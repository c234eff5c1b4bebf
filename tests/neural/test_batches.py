"""Padding, of whatever shape, changes no loss."""

import pytest
import torch

from dlcompare.neural.architectures import build
from dlcompare.neural.batches import Batch, Pairs, StackedPairs
from dlcompare.neural.encoding import PAD, Encoding
from dlcompare.neural.kinds import SCHEMES, Architecture, Scheme
from dlcompare.neural.losses import token_losses
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, list_of

ENCODING = Encoding(Signature("f", (("xs", list_of(INT)),), list_of(INT)))
WIDTHS = 4


def pairs(count: int, most: int) -> Pairs:
    """Lists to be written backwards, of up to `most` numbers."""
    lists = tuple([(i * k) % 30 for k in range(1 + i % most)] for i in range(count))
    examples = Examples({"xs": lists}, tuple(xs[::-1] for xs in lists))
    return Pairs.encode(examples, ENCODING, torch.device("cpu"))


PARTS = (pairs(9, 4), pairs(30, 7))


def one(batches: StackedPairs, chosen: list[torch.Tensor], noise: list[torch.Tensor]) -> Batch:
    (batch,) = batches.batches([chosen], [noise], rows=8, widths=WIDTHS)
    return batch


@pytest.mark.parametrize("positions", SCHEMES)
@pytest.mark.parametrize("kind", ["transformer", "decoder", "universal"])
def test_padding_to_a_common_shape_changes_no_loss(kind: str, positions: Scheme) -> None:
    torch.manual_seed(0)
    shape = Architecture(kind, 8, 2, 1, 1, 1, positions=positions, buckets=8, indices=32)
    model = build(ENCODING, shape, 30).double()
    every = PARTS[1]
    chosen = torch.tensor([14, 1, 22])  # far shorter than the longest
    noise = torch.rand(3, model.noise, dtype=torch.float64)
    (short,) = every.batches([chosen], [noise])
    wide = one(StackedPairs([every]), [chosen], [noise])
    assert wide.source.shape[1] > short.source.shape[1]
    if not model.noise:
        short, wide = (Batch(batch.source, batch.target) for batch in (short, wide))
    (_, losses), (_, padded) = token_losses(model, short), token_losses(model, wide)
    rows, length = losses.shape
    torch.testing.assert_close(padded[:rows, :length], losses, rtol=0, atol=1e-12)
    assert padded[rows:].eq(0).all()
    assert padded[:, length:].eq(0).all()


def test_a_batch_of_a_stack_has_the_rows_of_each_model_and_padding() -> None:
    chosen = [torch.tensor([3, 0]), torch.tensor([29, 5, 8])]
    noise = [torch.rand(len(part), 2) for part in chosen]
    batch = one(StackedPairs(PARTS), chosen, noise)
    assert batch.noise is not None
    parts = zip(
        PARTS, chosen, noise, batch.source.split(8), batch.target.split(8), batch.noise.split(8),
        strict=True,
    )  # fmt: skip
    for part, its, numbers, source, target, drawn in parts:
        for got, wanted in ((source, part.source[its]), (target, part.target[its])):
            there = got[: len(its), : wanted.shape[1]]
            assert torch.equal(there, wanted[:, : there.shape[1]])
            assert int((got != PAD).sum()) == int((wanted != PAD).sum())
        assert torch.equal(drawn[: len(its)], numbers)


def test_batches_of_few_widths_have_few_shapes_and_lose_no_token() -> None:
    every = PARTS[1]
    chosen = [torch.tensor([i, (i + 7) % 30]) for i in range(30)]
    shapes = set()
    plain, padded = every.batches(chosen), every.batches(chosen, widths=WIDTHS)
    for short, wide in zip(plain, padded, strict=True):
        shapes.add((wide.source.shape, wide.target.shape))
        assert int((short.source != PAD).sum()) == int((wide.source != PAD).sum())
        assert int((short.target != PAD).sum()) == int((wide.target != PAD).sum())
    assert 1 < len(shapes) <= WIDTHS
