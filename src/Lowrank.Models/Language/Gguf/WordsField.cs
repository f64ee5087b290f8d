using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>The number of tokens, which the table of tokens tells too.</summary>
sealed class WordsField : GgufField
{
    public override void Read(GgufKeys from, JsonObject config) { }

    public override void Write(GgufSource source) => source.Add("vocab_size", source.Needed("vocab_size"));
}
