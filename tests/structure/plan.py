"""Which folder may include which: the plan of the house.

docs/architecture.md says what is in the rooms. An arrow that is not in this plan is a mistake, or a change of the plan.
"""

# A folder may include what stands here, what these may include, and its own headers.
PLAN = {
    "engine/base": [],
    "engine/kernel": ["engine/base"],
    "engine/kernel/x86": ["engine/kernel"],
    "engine/picture": ["engine/base"],
    "engine/loader": ["engine/picture"],
    "engine/network": ["engine/kernel", "engine/picture"],
    "engine/style": ["engine/gradient"],
    "engine/space": ["engine/style"],
    "engine/sound": ["engine/base"],
    "engine/classify": ["engine/style"],
    "engine/paint": ["engine/refine"],
    "engine/public": ["engine/paint"],
    "engine/domain": ["engine/paint", "engine/classify"],
    "engine/service": ["engine/paint"],
    "engine/video": ["engine/paint"],
    "engine/gradient": ["engine/network"],
    "engine/refine": ["engine/style"],
    "engine/finetune": ["engine/paint"],
    "engine/dataset": ["engine/domain", "engine/finetune"],
    "engine/pretrain": ["engine/finetune", "engine/space"],
    "app/common": ["engine/dataset", "engine/space", "engine/sound", "engine/video"],
    "app/cli": ["app/common"],
    "app/desktop": ["app/common", "engine/service"],
    "app/gegl": ["engine/public"],
    "ui": ["app/desktop"],
    "app": ["ui"],
    "data/samples": [],
}

# Sources that include more than their folder may.
SOURCES = {
    "app/cli/pretrain.c": ["engine/pretrain"],
}

# Of these folders, some may include but a few headers of what the plan would let them have.
FEW = {
    ("ui", "engine/"): [
        "engine/paint/mask.h",
        "engine/service/raster.h",
    ],
    ("app", "engine/"): [
        "engine/service/engine_service.h",
    ],
}

# A header *_private.h is for its part alone. The tests of the engine may look into it.
PARTS = ["engine", "app/cli", "app/common", "app/desktop", "app", "ui", "tests"]
OPEN_TO_TESTS = ["engine"]
