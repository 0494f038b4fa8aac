"""What can be measured in the shortcut family, by name, and what draws its trials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any

from theory.cluster_scenes import ClusterScene, DescentScene, KernelScene, NetworkScene
from theory.scene import Scene

from .observable import Observable
from .shortcut_trials import (
    ClusterTrial,
    KernelTrial,
    NetworkTrial,
    cluster_trial,
    descent_trial,
    kernel_trial,
    network_trial,
)

_GROUPS = ("aligned", "conflicting")


_OF_CLUSTERS = (
    *(
        Observable(
            name=f"{word} eigenvalue of the sample",
            meaning=f"{word} eigenvalue of the kernel <x, x'> on the samples, over N",
            function=partial(ClusterTrial.eigenvalue, place=place),
            of=ClusterScene,
            least=0.0,
        )
        for place, word in enumerate(("largest", "second"))
    ),
    Observable(
        name="shortcut share of the top mode",
        meaning="square of the weight that the top eigenfunction, of norm one, has on the shortcut",
        function=attrgetter("shortcut_share"),
        of=ClusterScene,
        least=0.0,
        most=1.0,
    ),
    *(
        Observable(
            name=f"output at {group} means",
            meaning=f"y f at the mean of the {group} cluster, f the least-squares fit",
            function=partial(ClusterTrial.output, group=place),
            of=ClusterScene,
        )
        for place, group in enumerate(_GROUPS)
    ),
    *(
        Observable(
            name=f"accuracy on {group} clusters",
            meaning=f"share of fresh samples of the {group} clusters that the least-squares fit gets right",
            function=partial(ClusterTrial.accuracy, group=place),
            of=ClusterScene,
            on_demand=True,
            least=0.0,
            most=1.0,
            scale=0.5,
        )
        for place, group in enumerate(_GROUPS)
    ),
)
_OF_DESCENTS = tuple(
    Observable(
        name=f"stopped output at {group} means",
        meaning=f"y f at the mean of the {group} cluster after some steps of descent",
        function=itemgetter(place),
        of=DescentScene,
    )
    for place, group in enumerate(_GROUPS)
)
_OF_KERNELS = (
    Observable(
        name="log speed of the aligned mode",
        meaning="log of the eigenvalue that has most of y + a over that which has most of y - a",
        function=KernelTrial.log_speed,
        of=KernelScene,
        on_demand=True,
    ),
    *(
        Observable(name=name, meaning=meaning, function=function, of=KernelScene, on_demand=True, tolerance=1e-6)
        for name, meaning, function in (
            (
                "margin error",
                "largest |y_i f(x_i) - m| relative to m, 1/(1 + e^m) = penalty m",
                KernelTrial.margin_error,
            ),
            (
                "margin error of the hard margin",
                "the same with 1 in place of m",
                partial(KernelTrial.margin_error, margin=1.0),
            ),
            (
                "composition error",
                "largest |f - m K(., X) K^-1 y| on fresh rows, relative to |f|",
                KernelTrial.composition_error,
            ),
            (
                "composition error of a ridge",
                "the same with the best multiple of K(., X) (K + penalty)^-1 y",
                partial(KernelTrial.composition_error, ridge=True),
            ),
        )
    ),
)
_OF_NETWORKS = (
    Observable(
        name="tangent kernel ratio",
        meaning="tangent kernel of a linear network at its start over <x, x'>, in the mean over directions",
        function=NetworkTrial.kernel_ratio,
        of=NetworkScene,
        on_demand=True,
        least=0.0,
    ),
    *(
        Observable(name=name, meaning=meaning, function=function, of=NetworkScene, on_demand=True, least=0.0)
        for name, meaning, function in (
            (
                "distance from the kernel flow",
                "largest distance over time and samples from the flow of 2 <x, x'>, relative to its largest output",
                NetworkTrial.flow_distance,
            ),
            (
                "distance from the flow of one layer",
                "the same for the flow of <x, x'>",
                partial(NetworkTrial.flow_distance, layers=1.0),
            ),
        )
    ),
)

OBSERVABLES: tuple[Observable, ...] = (*_OF_CLUSTERS, *_OF_DESCENTS, *_OF_KERNELS, *_OF_NETWORKS)
DRAWS: Mapping[type[Scene], Callable[[Any, int, int], Any]] = {
    ClusterScene: cluster_trial,
    DescentScene: descent_trial,
    KernelScene: kernel_trial,
    NetworkScene: network_trial,
}
