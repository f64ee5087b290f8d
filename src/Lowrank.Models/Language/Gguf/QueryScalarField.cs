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
}
