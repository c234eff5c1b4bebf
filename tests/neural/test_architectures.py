"""Every architecture under every position scheme reads what it should, whole or step by step."""

import pytest
import torch

from dlcompare.neural.architectures import build
from dlcompare.neural.batches import Batch, Pairs, pad
from dlcompare.neural.decoding import LengthCap, greedy
from dlcompare.neural.encoding import BEGIN, END, Encoding
from dlcompare.neural.inspection import hidden_states, input_gradients
from dlcompare.neural.kinds import SCHEMES, Architecture, Scheme
from dlcompare.neural.losses import token_losses
from dlcompare.neural.model import SequenceModel
from dlcompare.neural.place_value import PlaceValue
from dlcompare.neural.positions import RelativeBias, spread
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import INT, list_of

SIGNATURE = Signature("f", (("xs", list_of(INT)), ("k", INT)), list_of(INT))
ENCODING = Encoding(SIGNATURE)
ROWS = [
    {"xs": [7, -31, 4], "k": 2},
    {"xs": [], "k": 10},
    {"xs": list(range(0, 150, 7)), "k": -123_456},
]
LONGEST = 12

ATTENTIVE: list[str] = ["transformer", "decoder", "universal"]
PAIRS: list[tuple[str, Scheme]] = [
    *((kind, scheme) for kind in ATTENTIVE for scheme in SCHEMES),
    ("lstm", "none"),
    ("stack_rnn", "none"),
]


def model(kind: str, positions: Scheme) -> SequenceModel:
    torch.manual_seed(0)
    shape = Architecture(kind, 16, 2, 2, 2, positions=positions, places=8, indices=64)
    made = build(ENCODING, shape, LONGEST)
    for parameter in made.parameters():  # no zeros, so that every term counts
        parameter.data += 0.1 * torch.randn_like(parameter)
    return made.double().eval()


def batch() -> Batch:
    source = pad([ENCODING.encode_inputs(row) for row in ROWS])
    return Batch(source, pad([[BEGIN, *ENCODING.encode_output(row["xs"])] for row in ROWS]))


@pytest.mark.parametrize(("kind", "positions"), PAIRS)
def test_scores_of_one_token_after_another_equal_those_of_the_whole_sequence(
    kind: str, positions: Scheme
) -> None:
    network, given = model(kind, positions), batch()
    length = given.target.shape[1]
    with torch.inference_mode():
        whole = network(given.source, given.target)  # (B, T, V)
        state = network.start(given.source, length)
        steps = [network.step(given.target[:, at], state) for at in range(length)]
    for row, count in enumerate((given.target != 0).sum(1).tolist()):
        torch.testing.assert_close(torch.stack(steps, 1)[row, :count], whole[row, :count])


@pytest.mark.parametrize(("kind", "positions"), PAIRS)
def test_scores_are_the_same_with_and_without_a_gradient(kind: str, positions: Scheme) -> None:
    network, given = model(kind, positions), batch()
    with torch.inference_mode():
        without = network(given.source, given.target)
    torch.testing.assert_close(network(given.source, given.target).detach(), without)


def test_an_answer_that_never_ends_stops_soon_after_those_of_training_would() -> None:
    lists = [[], [4], [31, 7], list(range(20))]
    pairs = Pairs.of(
        [ENCODING.encode_inputs({"xs": xs, "k": 1}) for xs in lists],
        [[BEGIN, *ENCODING.encode_output(xs)] for xs in lists],
        torch.device("cpu"),
    )
    cap = LengthCap.above(pairs.source_lengths, pairs.target_lengths)
    for xs in [*lists, list(range(500))]:
        needed = len(ENCODING.encode_output(xs))
        given = len(ENCODING.encode_inputs({"xs": xs, "k": 1}))
        assert needed <= cap(given) <= needed + 20


def test_one_mislabelled_example_does_not_make_all_answers_long() -> None:
    given, wanted = torch.arange(10, 40), torch.arange(11, 41)
    wanted[0] = 200
    cap = LengthCap.above(given, wanted)
    assert all(w - 1 <= cap(g) for g, w in zip(given.tolist(), wanted.tolist(), strict=True))
    assert cap(1000) < 2000


@pytest.mark.parametrize(("kind", "positions"), PAIRS)
def test_greedy_decoding_follows_the_most_likely_token_and_says_how_likely(
    kind: str, positions: Scheme
) -> None:
    network = model(kind, positions)
    sources = [ENCODING.encode_inputs(row) for row in ROWS]
    cap = LengthCap(0.2, 12)
    for source, each in zip(sources, greedy(network, sources, cap), strict=True):
        tokens = each.tokens
        assert len(tokens) == cap(len(source)) or tokens[-1] == END
        assert END not in tokens[:-1]
        with torch.inference_mode():
            scores = network(torch.tensor([source]), torch.tensor([[BEGIN, *tokens[:-1]]]))
        assert scores.argmax(-1)[0].tolist() == tokens
        best = scores.softmax(-1).max(-1).values.prod()
        assert each.probability == pytest.approx(float(best), rel=1e-4)


@pytest.mark.parametrize(("kind", "positions"), PAIRS)
def test_padding_and_neighbours_in_the_batch_change_nothing(kind: str, positions: Scheme) -> None:
    network, given = model(kind, positions), batch()
    with torch.inference_mode():
        together = network(given.source, given.target)
        for row, each in enumerate(ROWS):
            source = torch.tensor([ENCODING.encode_inputs(each)])
            target = torch.tensor([[BEGIN, *ENCODING.encode_output(each["xs"])]])
            alone = network(source, target)
            torch.testing.assert_close(together[row, : target.shape[1]], alone[0])


@pytest.mark.parametrize(("kind", "positions"), PAIRS)
def test_the_order_of_the_input_can_be_told(kind: str, positions: Scheme) -> None:
    network = model(kind, positions)
    for one, other in (([12, 3], [21, 3]), ([1, 2, 3], [3, 2, 1])):
        source = pad([ENCODING.encode_inputs({"xs": xs, "k": 0}) for xs in (one, other)])
        with torch.inference_mode():
            scores = network(source, torch.full((2, 1), BEGIN))
        assert not torch.allclose(scores[0], scores[1])


@pytest.mark.parametrize(("kind", "positions"), PAIRS)
def test_a_token_of_the_result_is_predicted_from_those_before_it_alone(
    kind: str, positions: Scheme
) -> None:
    network, given = model(kind, positions), batch()
    changed = given.target.clone()
    changed[:, 3:] = BEGIN
    with torch.inference_mode():
        scores = network(given.source, given.target), network(given.source, changed)
    torch.testing.assert_close(scores[0][:, :3], scores[1][:, :3])


@pytest.mark.parametrize(("kind", "positions"), PAIRS)
def test_input_gradients_are_the_slope_of_the_loss(kind: str, positions: Scheme) -> None:
    network, given = model(kind, positions), batch()
    gradient = input_gradients(network, given)
    step = 1e-6 * torch.randn(gradient.shape, dtype=torch.float64)
    with torch.inference_mode():
        losses = [
            torch.nn.functional.cross_entropy(
                network(given.source, given.target[:, :-1], None, nudge).transpose(1, 2),
                given.target[:, 1:],
                ignore_index=0,
                reduction="sum",
            )
            for nudge in (step, -step)
        ]
    slope = float(losses[0] - losses[1]) / 2
    assert slope == pytest.approx(float((gradient * step).sum()), rel=1e-4)


@pytest.mark.parametrize(("kind", "positions"), [(k, s) for k, s in PAIRS if s == "none"])
def test_hidden_states_are_those_of_every_layer(kind: str, positions: Scheme) -> None:
    network, given = model(kind, positions), batch()
    states = hidden_states(network, given)
    sides = {name.split()[0] for name in states}
    assert sides == ({"decoder"} if kind == "decoder" else {"encoder", "decoder"})
    for name, each in states.items():
        length = given.source.shape[1] if "encoder" in name else given.target.shape[1] - 1
        length += given.source.shape[1] if kind == "decoder" else 0
        assert each.shape == (len(ROWS), length, 16)
    assert network.notes is None


@pytest.mark.parametrize(("kind", "positions"), [("transformer", "randomized")])
def test_random_positions_are_another_draw_another_loss(kind: str, positions: Scheme) -> None:
    network, given = model(kind, positions), batch()
    losses = []
    for seed in (0, 0, 1):
        noise = torch.rand(len(ROWS), network.noise, generator=torch.Generator().manual_seed(seed))
        drawn = Batch(given.source, given.target, noise)
        losses.append(float(token_losses(network, drawn)[1].detach().sum()))
    assert losses[0] == losses[1] != losses[2]


def test_a_spread_subset_is_sorted_distinct_and_reaches_the_whole_range() -> None:
    noise = torch.rand(500, 9, generator=torch.Generator().manual_seed(0))
    counts = torch.randint(1, 10, (500,), generator=torch.Generator().manual_seed(1))
    chosen = spread(noise, counts, 64)
    for row, count in zip(chosen, counts.tolist(), strict=True):
        assert (row[:count].diff() > 0).all()
        assert (row[count:] == row[count - 1]).all()
    assert set(chosen.flatten().tolist()) == set(range(64))


@pytest.mark.parametrize("side", ["encoder", "decoder"])
def test_relative_bias_is_constant_beyond_the_distances_of_training(side: str) -> None:
    bias = RelativeBias(heads=2, buckets=16, farthest=20, sides=("encoder", "decoder"))
    for table in bias.tables.values():
        torch.nn.init.normal_(table)
    where = torch.arange(3_000)[None, :, None]
    whole = bias.bias(where, where[:, :1], side, 1)[0, ..., 0]  # (nh, T), to the first token
    assert (whole[:, 100:] == whole[:, 20:21]).all()


def test_place_value_knows_the_place_the_element_and_the_argument_of_each_token() -> None:
    scheme = PlaceValue(ENCODING, 4, 2, 8, 64, LONGEST, ("encoder", "decoder", "cross"))
    tokens = pad([ENCODING.encode_inputs(ROWS[0])])  # 7 , - 3 1 , 4 , | 2 end
    element, place, argument = scheme.structure(tokens)
    assert element[0].tolist() == [0, 0, 1, 1, 1, 1, 2, 2, 3, 0, 0]
    assert place[0].tolist() == [1, 0, 0, 1, 2, 0, 1, 0, 0, 1, 0]
    assert argument[0].tolist() == [0] * 9 + [1] * 2


def test_element_indices_of_training_reach_those_of_long_lists() -> None:
    scheme = PlaceValue(ENCODING, 4, 2, 8, 64, LONGEST, ("encoder", "decoder", "cross"))
    short = pad([ENCODING.encode_inputs({"xs": [1, 2], "k": 0})] * 200)
    noise = torch.rand(200, scheme.noise, generator=torch.Generator().manual_seed(0))
    _, slots = scheme.hints(short, None, noise)
    assert (slots[:, :4].diff(dim=1) > 0).all()
    assert set(slots[:, :4].flatten().tolist()) == set(range(64))
    _, even = scheme.hints(pad([ENCODING.encode_inputs({"xs": [1] * 40, "k": 0})]), None, None)
    assert (even[:, :41].diff(dim=1) > 0).all()
    assert int(even[0, 40]) < 64
