"""The model reads what it should, and decoding with kept keys and values changes nothing."""

import pytest
import torch

from dlcompare.neural.batches import pad
from dlcompare.neural.decoding import Cache, LengthCap, greedy, step
from dlcompare.neural.encoding import BEGIN, END, Encoding
from dlcompare.neural.positions import SCHEMES, PlaceValue, RelativeBias, Scheme
from dlcompare.neural.transformer import Architecture, Transformer
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import INT, list_of

SIGNATURE = Signature("f", (("xs", list_of(INT)), ("k", INT)), list_of(INT))
ENCODING = Encoding(SIGNATURE)
ROWS = [
    {"xs": [7, -31, 4], "k": 2},
    {"xs": [], "k": 10},
    {"xs": list(range(0, 400, 7)), "k": -123_456},
]


def model(positions: Scheme) -> Transformer:
    torch.manual_seed(0)
    made = Transformer(ENCODING, Architecture(width=32, heads=2, positions=positions), 12)
    for parameter in made.parameters():  # no zeros, so that every term counts
        parameter.data += 0.1 * torch.randn_like(parameter)
    return made.double().eval()


@pytest.mark.parametrize("positions", SCHEMES)
def test_cached_scores_equal_those_of_the_whole_sequence(positions: Scheme) -> None:
    network = model(positions)
    source = pad([ENCODING.encode_inputs(row) for row in ROWS])
    target = pad([[BEGIN, *ENCODING.encode_output(row["xs"])] for row in ROWS])
    with torch.inference_mode():
        whole = network(source, target)  # (B, T, V)
        cache = Cache(network, network.encode(source), target.shape[1])
        steps = [step(network, target[:, at], cache) for at in range(target.shape[1])]
    for row, length in enumerate((target != 0).sum(1).tolist()):
        torch.testing.assert_close(torch.stack(steps, 1)[row, :length], whole[row, :length])


@pytest.mark.parametrize("positions", SCHEMES)
def test_greedy_decoding_follows_the_most_likely_token(positions: Scheme) -> None:
    network = model(positions)
    sources = [ENCODING.encode_inputs(row) for row in ROWS]
    for source, tokens in zip(sources, greedy(network, sources, LengthCap(0.5)), strict=True):
        assert len(tokens) == LengthCap(0.5)(len(source)) or tokens[-1] == END
        assert END not in tokens[:-1]
        with torch.inference_mode():
            scores = network(torch.tensor([source]), torch.tensor([[BEGIN, *tokens[:-1]]]))
        assert scores.argmax(-1)[0].tolist() == tokens


@pytest.mark.parametrize("positions", SCHEMES)
def test_padding_and_neighbours_in_the_batch_change_nothing(positions: Scheme) -> None:
    network = model(positions)
    sources = [ENCODING.encode_inputs(row) for row in ROWS]
    with torch.inference_mode():
        together = network(pad(sources), torch.full((len(ROWS), 1), BEGIN))
        for row, source in enumerate(sources):
            alone = network(torch.tensor([source]), torch.tensor([[BEGIN]]))
            torch.testing.assert_close(together[row], alone[0])


@pytest.mark.parametrize("positions", SCHEMES)
def test_the_order_of_the_input_can_be_told(positions: Scheme) -> None:
    network = model(positions)
    source = pad([ENCODING.encode_inputs({"xs": xs, "k": 0}) for xs in ([12, 3], [21, 3])])
    with torch.inference_mode():
        scores = network(source, torch.full((2, 1), BEGIN))
    assert not torch.allclose(scores[0], scores[1])


@pytest.mark.parametrize("causal", [True, False])
def test_relative_bias_is_constant_beyond_the_distances_of_training(causal: bool) -> None:
    bias = RelativeBias(heads=2, causal=causal, buckets=16, farthest=20)
    torch.nn.init.normal_(bias.table)
    whole = bias(3_000)
    assert (whole[:, 100:, 0] == whole[:, 20:21, 0]).all()
    at = 1_000
    torch.testing.assert_close(bias.by_distance(at + 1), whole[:, at, : at + 1])


def test_place_value_knows_the_place_and_the_element_of_each_token() -> None:
    scheme = PlaceValue(ENCODING, width=4, places=8, indices=64)
    tokens = pad([ENCODING.encode_inputs(ROWS[0])])  # 7 , - 3 1 , 4 , | 2 end
    element, place = scheme.structure(tokens)
    assert element[0].tolist() == [0, 0, 1, 1, 1, 1, 2, 2, 3, 0, 0]
    assert place[0].tolist() == [1, 0, 0, 1, 2, 0, 1, 0, 0, 1, 0]


def test_element_indices_of_training_reach_those_of_long_lists() -> None:
    scheme = PlaceValue(ENCODING, width=4, places=8, indices=64)
    short = pad([ENCODING.encode_inputs({"xs": [1, 2], "k": 0})] * 200)
    slots = scheme.hints(short, torch.Generator().manual_seed(0)).slots
    assert (slots.diff(dim=1) > 0).all()
    assert set(slots.flatten().tolist()) == set(range(64))
    even = scheme.hints(pad([ENCODING.encode_inputs({"xs": [1] * 40, "k": 0})]), None).slots
    assert (even[:, :41].diff(dim=1) > 0).all()
    assert int(even[0, 40]) < 64
