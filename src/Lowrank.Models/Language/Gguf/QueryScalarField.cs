using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>By whose root Gemma's scores are divided: GGUF files do not say, and llama.cpp knows the one model that differs by its number
/// of layers.</summary>
/// <param name="layers">That model's layers.</param>
sealed class QueryScalarField(int layers) : GgufField
{
    public override void Read(GgufKeys from, JsonObject config)
    {
        if ((int?)config["num_hidden_layers"] != layers) return;   // others have the head's length
        config["query_pre_attn_scalar"] = (int?)config["hidden_size"] / (int?)config["num_attention_heads"];
    }

    public override void Write(GgufSource source)
    {
        if (source.Number("query_pre_attn_scalar") is not { } told) return;
        int count = source.Needed("num_hidden_layers");
        double known = count == layers
            ? source.Needed("hidden_size") / source.Needed("num_attention_heads")
            : source.Count("head_dim") ?? 256;   // transformers' default
        if (told != known)
            source.Notes.Add($"query_pre_attn_scalar is {PlainValue.Text(told)}, which GGUF files do not hold: llama.cpp takes " +
                $"{PlainValue.Text(known)} in a model of {count} layers.");
    }
}
