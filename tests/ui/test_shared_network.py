"""What is said of scoring and measuring, which share the network."""

from resmem_gui.scoring.framings import SMALL_SHIFTS
from resmem_gui.scoring.sensitivity import FramingRequest
from resmem_gui.ui.running.run import RunState
from resmem_gui.ui.running.shared_network import SharedNetwork


def scoring(images: int = 4) -> SharedNetwork:
    network = SharedNetwork()
    network.scoring.add(range(images))
    network.begin(network.scoring, RunState.IDLE)
    return network


def add_measuring(network: SharedNetwork, images: int = 3) -> None:
    before = network.state
    network.measuring.add_requests(
        FramingRequest(number, f"/photos/{number}.png", str(number), 0.5, SMALL_SHIFTS.id)
        for number in range(images)
    )
    network.begin(network.measuring, before)


def test_loading_for_sensitivities_says_what_it_is_for() -> None:
    network = SharedNetwork()
    add_measuring(network)
    network.set_loading(loading=True)
    assert network.progress().headline == "Measuring sensitivity: loading ResMem 0 of 3"
    assert network.progress().busy
    network.set_loading(loading=False)
    assert network.progress().headline == "Measuring sensitivity 0 of 3"
    assert not network.progress().busy


def test_scoring_is_told_while_measuring_waits() -> None:
    network = scoring()
    add_measuring(network)
    network.set_loading(loading=True)
    assert network.progress().headline == "Loading ResMem 0 of 4"
    network.set_loading(loading=False)
    network.scoring.take(network.scoring.number, [0])
    assert network.progress().headline == "Scoring 1 of 4"
    network.scoring.take(network.scoring.number, [1, 2, 3])
    assert network.progress().headline == "Measuring sensitivity 0 of 3"


def test_looking_up_is_told_as_that() -> None:
    network = scoring()
    network.is_looking_up = True
    assert network.progress().headline == "Looking up scores 0 of 4"
    network.set_loading(loading=True)
    assert network.progress().headline == "Loading ResMem 0 of 4"


def test_a_pause_holds_both_and_tells_no_speed() -> None:
    network = scoring()
    add_measuring(network)
    for image_id in (0, 1):
        network.scoring.take(network.scoring.number, [image_id])
    assert network.progress().rate
    assert network.progress().seconds_left
    network.set_paused(paused=True)
    paused = network.progress()
    assert (paused.headline, paused.rate, paused.seconds_left) == ("Paused 2 of 4", None, None)
    network.scoring.take(network.scoring.number, [2, 3])  # the batch that was in the network
    assert network.progress().headline == "Measuring sensitivity, paused 0 of 3"
    network.set_paused(paused=False)
    assert network.progress().state == "Measuring sensitivity"


def test_what_begins_while_the_other_is_held_is_held_too() -> None:
    network = scoring()
    network.set_paused(paused=True)
    add_measuring(network)
    assert network.measuring.state is RunState.PAUSED


def test_withdrawing_and_stopping_go_for_both() -> None:
    network = scoring()
    add_measuring(network)
    assert network.withdraw([0, 1, 7]) == {0, 1}
    assert (network.scoring.total, network.measuring.total) == (2, 1)
    network.stop()
    assert network.state is RunState.IDLE
