import pytest
from django.db import connection, models
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState

from mediaexchange.core.create_models import CreateModels

pytestmark = pytest.mark.django_db


def tables():
    return {name for name in connection.introspection.table_names() if name.startswith("together_")}


def test_models_that_refer_to_each_other_come_and_go_together():
    key = ("id", models.BigAutoField(primary_key=True))
    leaf = CreateModel(
        "Leaf", [key, ("tree", models.ForeignKey("together.Tree", models.CASCADE, related_name="leaves"))]
    )
    tree = CreateModel("Tree", [key, ("first", models.ForeignKey("together.Leaf", models.CASCADE, related_name="+"))])
    operation = CreateModels([leaf, tree])
    before, after = ProjectState(), ProjectState()
    assert not after.apps.is_installed("together")  # what was rendered before is rendered anew
    operation.state_forwards("together", after)
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("together", editor, before, after)
    assert tables() == {"together_leaf", "together_tree"}
    with connection.cursor() as cursor:
        keys = connection.introspection.get_relations(cursor, "together_tree")
    assert keys == {"first_id": ("id", "together_leaf")}
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("together", editor, after, before)
    assert tables() == set()
    assert operation.describe() == "Create models Leaf, Tree"
