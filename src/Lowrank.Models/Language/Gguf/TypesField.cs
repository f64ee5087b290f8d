using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>The number of types of tokens, which the table of types tells.</summary>
sealed class TypesField : GgufField
{
    const string Table = "token_types.weight";

    public override void Read(GgufKeys from, JsonObject config)
    {
        var shape = from.ShapeOf(Table);
        from.Require(shape is not null, $"{Table} is missing");
        config["type_vocab_size"] = shape?[0] ?? 1;
    }
}
