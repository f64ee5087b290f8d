using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>What is to be made of the states of a whole row, which is told and left to the caller.</summary>
sealed class PoolingField : GgufField
{
    static readonly string[] kinds = ["none", "mean", "cls", "last", "rank"];

    public override void Read(GgufKeys from, JsonObject config)
    {
        if (from.Count("pooling_type") is not { } number || number == 0) return;
        string kind = number > 0 && number < kinds.Length ? kinds[number] : $"{number}";
        from.Notes.Add($"the file asks for pooling \"{kind}\" of a row's states; the model gives the states.");
    }
}
