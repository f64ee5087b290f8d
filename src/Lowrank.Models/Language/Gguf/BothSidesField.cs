using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>What GGUF files say of models that see whole rows, and config.json does not.</summary>
sealed class BothSidesField : GgufField
{
    public override void Write(GgufSource source) => source.Add("attention.causal", false);

    public override void Read(GgufKeys from, JsonObject config) => from.Require(
        from.Flag("attention.causal") == false, $"{from.Architecture}.attention.causal must be false for a model that sees whole rows");
}
