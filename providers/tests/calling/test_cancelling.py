import asyncio

from providers.calling.cancelling import cancelled


async def _works_on(times_swallowed):
    for _ in range(times_swallowed):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            continue
    await asyncio.sleep(60)


async def _ended(*tasks):
    running = [asyncio.create_task(task) for task in tasks]
    await asyncio.sleep(0)
    async with asyncio.timeout(20):
        await cancelled(running)
    return [task.cancelled() for task in running]


def test_tasks_end_even_where_one_swallows_a_cancellation():
    assert asyncio.run(_ended(_works_on(0), _works_on(1), _works_on(2))) == [True, True, True]


def test_nothing_to_cancel_takes_no_wait():
    assert asyncio.run(_ended()) == []
