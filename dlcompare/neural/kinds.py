"""The kinds of networks: the builder of each, its options and their defaults.

Every choice about a network before it sees an example is data in this file, and
nothing here imports torch. A new architecture is one file with a `SequenceModel` and one record in
`KINDS`: the learner's name, its line in ``dlcompare learners``, its options, and its prior card
follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from dlcompare.neural.encoding import DigitOrder

__all__ = [
    "KINDS",
    "SCHEMES",
    "VALUES",
    "YES_OR_NO",
    "Architecture",
    "Configuration",
    "NetworkKind",
    "Precision",
    "Schedule",
    "Scheme",
]

Scheme = Literal[
    "none", "sinusoidal", "learned", "relative", "rotary", "alibi", "randomized", "place_value"
]
"""The position schemes, which `positions` describes."""

SCHEMES: tuple[Scheme, ...] = get_args(Scheme)

Precision = Literal["float32", "bf16"]

Values = Literal["spelled", "symbols"]
VALUES: tuple[Values, ...] = get_args(Values)

YesOrNo = Literal["no", "yes"]
YES_OR_NO: tuple[YesOrNo, ...] = get_args(YesOrNo)


@dataclass(frozen=True)
class Architecture:
    """The shape of a network; a kind ignores fields that are not among its options.

    Attributes
    ----------
    kind : str
        A name in `KINDS`.
    width : int
        Size of the stream; a multiple of `heads`.
    heads : int
        Attention heads.
    encoder_layers, decoder_layers : int
        The number of blocks, or of applications of the shared block.
    inner : int
        Width of the feed-forward layers, in multiples of `width`.
    dropout : float
        Share of each block's output that is dropped in training.
    positions : Scheme
        Position scheme of the Transformers; recurrent networks have ``"none"``.
    buckets : int
        Buckets of the relative bias.
    places, indices : int
        Digit places that ``place_value`` knows; size of the range that ``place_value`` draws
        element indices from, and ``randomized`` positions.
    """

    kind: str = "transformer"
    width: int = 64
    heads: int = 4
    encoder_layers: int = 1
    decoder_layers: int = 2
    inner: int = 2
    dropout: float = 0.0
    positions: Scheme = "relative"
    buckets: int = 32
    places: int = 32
    indices: int = 1024


@dataclass(frozen=True)
class Schedule:
    """The training settings of a model.

    Attributes
    ----------
    learning_rate : float
        The peak rate, after the warm-up; from there it falls to zero on a cosine.
    warmup : int
        The number of updates of linear warm-up.
    batch : int
        The number of examples per update.
    weight_decay : float
        The weight decay of matrices, decoupled (AdamW, Loshchilov and Hutter 2019).
    smoothing : float
        AdamW's second-moment decay.
    clip : float
        The greatest norm of the gradient.
    check : int
        The number of updates between two checks of the stopping rule.
    patience : float
        The share of allowed updates that may pass without an improvement in validation.
    negligible : float
        The mean training loss per token that ends training.
    precision : {"float32", "bf16"}
        The precision of products in both passes of training, but not of weights and answers.
    compiled : {"no", "yes"}
        Whether these passes go through `torch.compile`; batches are then padded to a few shapes.
    """

    learning_rate: float = 8e-3
    warmup: int = 100
    batch: int = 32
    weight_decay: float = 0.1
    smoothing: float = 0.98
    clip: float = 1.0
    check: int = 50
    patience: float = 0.2
    negligible: float = 1e-3
    precision: Precision = "float32"
    compiled: YesOrNo = "no"


@dataclass(frozen=True)
class Configuration:
    """All choices about a network before it sees an example.

    Attributes
    ----------
    architecture : Architecture
        Kind, shape and position scheme.
    schedule : Schedule
        The training settings.
    digits : {"most_first", "least_first"}
        The digit of a number that comes first.
    values : {"spelled", "symbols"}
        Whether each number and string of the examples is one symbol, if they are few.
    scratchpad : {"no", "yes"}
        Whether it writes the intermediate states first, if the task gives them.
    """

    architecture: Architecture = field(default_factory=Architecture)
    schedule: Schedule = field(default_factory=Schedule)
    digits: DigitOrder = "most_first"
    values: Values = "spelled"
    scratchpad: YesOrNo = "no"


@dataclass(frozen=True)
class NetworkKind:
    """A kind of network.

    Attributes
    ----------
    builder : str
        ``module:class`` of a `SequenceModel`, called with the encoding, the architecture, the
        tokens of the longest training sequence, and the number of models in the stack.
    description : str
        The architecture on the prior card, as a noun phrase.
    options : tuple of str
        The fields of `Architecture` that a user may set, and ``"layers"`` for all kinds of layer.
    defaults : Configuration
        The defaults of the options.
    stacks : bool
        Whether several models train as one program. Such a network may also be trained in bf16
        and compiled.
    """

    builder: str
    description: str
    options: tuple[str, ...]
    defaults: Configuration
    stacks: bool = True


_LAYERS = ("width", "layers", "encoder_layers", "decoder_layers", "dropout")
_ATTENTION = ("heads", "inner", "positions", "buckets", "places", "indices")
_RECURRENT = Schedule(learning_rate=5e-3)

KINDS: Mapping[str, NetworkKind] = {
    "transformer": NetworkKind(
        "dlcompare.neural.transformer:Transformer",
        "encoder-decoder Transformer, pre-norm",
        (*_LAYERS, *_ATTENTION),
        Configuration(),
    ),
    "decoder": NetworkKind(
        "dlcompare.neural.decoder:DecoderOnly",
        "decoder-only Transformer, pre-norm",
        ("width", "layers", "dropout", *_ATTENTION),
        Configuration(Architecture("decoder", decoder_layers=3)),
    ),
    "universal": NetworkKind(
        "dlcompare.neural.transformer:Transformer",
        "encoder-decoder Transformer, pre-norm, one shared block a side, input injection",
        (*_LAYERS, *_ATTENTION),
        Configuration(Architecture("universal", encoder_layers=2, decoder_layers=3)),
    ),
    "lstm": NetworkKind(
        "dlcompare.neural.recurrent:Lstm",
        "LSTM encoder-decoder, attention, copy gate",
        _LAYERS,
        Configuration(
            Architecture("lstm", width=128, encoder_layers=1, decoder_layers=1, positions="none"),
            _RECURRENT,
        ),
        stacks=False,
    ),
    "stack_rnn": NetworkKind(
        "dlcompare.neural.recurrent:StackRnn",
        "gated recurrent unit with a stack",
        ("width", "dropout"),
        Configuration(Architecture("stack_rnn", positions="none"), _RECURRENT),
        stacks=False,
    ),
}
"""Every kind of network by the name of its learner."""
