using System.Text.Json.Nodes;

namespace Lowrank.Models;

/// <summary>Of how many layers one sees all, where a file says it; llama.cpp knows it of the family.</summary>
/// <param name="every">What llama.cpp knows.</param>
sealed class WindowEveryField(int every) : GgufField
{
    public override void Read(GgufKeys from, JsonObject config) =>
        config["sliding_window_pattern"] = from.Count("attention.sliding_window_pattern") ?? every;
}
