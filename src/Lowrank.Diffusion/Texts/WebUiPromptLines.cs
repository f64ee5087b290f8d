using System.Globalization;
using System.Text.Json.Nodes;

namespace Lowrank.Diffusion;

/// <summary>A request to AUTOMATIC1111 for each line of a text, by its script "Prompts from file or textbox".</summary>
/// <param name="Text">Lines; empty ones are none.</param>
/// <param name="IteratesSeed">Whether the seed goes on by the pictures of the request with each line.</param>
/// <param name="Behind">Whether the lines' prompts stand behind the request's.</param>
public sealed record WebUiPromptLines(string Text, bool IteratesSeed = false, bool Behind = false)
{
    // Python's splitlines.
    static readonly string[] ends = ["\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"];

    /// <summary>The lines, read.</summary>
    /// <param name="modelNamed">A base model's file by what it is called in a line; null for none.</param>
    public IReadOnlyList<WebUiPromptLine> Read(Func<string, string?> modelNamed) =>
    [
        .. Text.Split(ends, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => WebUiPromptLine.Read(line, modelNamed)),
    ];

    /// <summary>The requests, in order. A request without a seed of its own, −1, must have got one where the seed is to go on.</summary>
    /// <param name="request">What the lines change.</param>
    /// <param name="modelNamed">A base model's file by what it is called in a line; null for none.</param>
    public IEnumerable<JsonObject> Over(JsonObject request, Func<string, string?> modelNamed)
    {
        request = (JsonObject)request.DeepClone();
        foreach (var line in Read(modelNamed))
        {
            yield return line.Over(request, Behind);
            if (IteratesSeed) request["seed"] = Whole(request["seed"]) + Whole(request["batch_size"]) * Whole(request["n_iter"]);
        }
    }

    static long Whole(JsonNode? value) => value is null ? 1 : long.Parse(value.ToString(), CultureInfo.InvariantCulture);
}
